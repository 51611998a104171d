import { resolveValue, type Environment } from './resolve.ts'
import type { Config } from './schema.ts'

export { loadConfigFile } from './load.ts'

/** How programs on this machine reach the Linchpin of a configuration. */
export function doorOf(
  { http }: Config,
  environment: Environment,
): { readonly url: string; readonly token?: string } {
  const host = ['0.0.0.0', '::'].includes(http.host) ? '127.0.0.1' : http.host
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${http.port}`
  return http.token ? { url, token: resolveValue('http.token', http.token, environment) } : { url }
}
