import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { localTokenFile } from '../people/local-token.ts'
import { resolveValue, type Environment } from './resolve.ts'
import type { Config } from './schema.ts'

export { loadConfigFile } from './load.ts'

/** How programs on this machine reach the Linchpin of a configuration. */
export function doorOf(
  { http, dataDir }: Config,
  environment: Environment,
  folder: string,
): { readonly url: string; readonly token?: string } {
  const host = ['0.0.0.0', '::'].includes(http.host) ? '127.0.0.1' : http.host
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${http.port}`
  const token = tokenOf({ http }, environment) ?? localToken(resolve(folder, dataDir))
  return token === null ? { url } : { url, token }
}

/** Null: it is not there yet, or not for this account. */
function localToken(dataDir: string): string | null {
  try {
    return readFileSync(localTokenFile(dataDir), 'utf8').trim() || null
  } catch {
    return null
  }
}

/** What whoever uses the API must show; null: nothing. Throws when it is nowhere to be found. */
export function tokenOf({ http }: Pick<Config, 'http'>, environment: Environment): string | null {
  return http.token ? resolveValue('http.token', http.token, environment) : null
}
