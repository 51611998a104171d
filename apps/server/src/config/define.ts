import type { ConfigInput, OrderToCash, Reference } from './schema.ts'

/** For linchpin.config.ts: the configuration, with the editor's help. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config
}

/** The value of an environment variable. */
export function env(name: string): Reference {
  return { env: name }
}

/** A secret: from the environment variable of that name, the file that NAME_FILE points at, or `linchpin secret set`. */
export function secret(name: string): Reference {
  return { secret: name }
}

/** The standard flows between a shop and an ERP. */
export function orderToCash(options: Omit<OrderToCash, 'preset'>): OrderToCash {
  return { preset: 'orderToCash', ...options }
}
