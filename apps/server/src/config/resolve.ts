import { readFileSync } from 'node:fs'
import type { Keyring, Store } from '@linchpin/store'
import { reference, type Config, type Reference } from './schema.ts'
import { ConfigTrouble } from './trouble.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Where the values of references come from; the only place that reads environment variables. */
export interface Values {
  readonly environment: Environment
  /** Secrets that were entered with `linchpin secret set`, sealed in the store. Null while there is no store. */
  readonly sealed: { readonly store: Pick<Store, 'secret'>; readonly keyring: Keyring } | null
}

/** The settings of one connection with every reference replaced by its value. Throws ConfigTrouble naming what is missing. */
export async function resolveSettings(
  connection: string,
  settings: Config['connections'][string]['settings'],
  values: Values,
): Promise<Record<string, unknown>> {
  const missing: string[] = []
  const valueOf = async (given: unknown, path: readonly string[]): Promise<unknown> => {
    const asked = reference.safeParse(given)
    if (asked.success) {
      const found = await referred(connection, path.join('.'), asked.data, values)
      if (found === null)
        missing.push(missingWords(['connections', connection, 'settings', ...path], asked.data))
      return found
    }
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return given
    const resolved: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(given)) resolved[name] = await valueOf(value, [...path, name])
    return resolved
  }
  const resolved = await valueOf(settings, [])
  if (missing.length > 0) throw new ConfigTrouble('The configuration', missing)
  return resolved as Record<string, unknown>
}

/**
 * The hosts ('erp.local:8069') that the configuration and its environment themselves name in the settings of
 * connections. What somebody entered into the database is not among them: whoever may do that need not be its owner.
 */
export function hostsNamed(config: Config, environment: Environment): ReadonlySet<string> {
  const hosts = new Set<string>()
  const look = (given: unknown): void => {
    const asked = reference.safeParse(given)
    if (asked.success)
      return look(fromEnvironment('env' in asked.data ? asked.data.env : asked.data.secret, environment))
    if (typeof given === 'object' && given !== null) return Object.values(given).forEach(look)
    if (typeof given === 'string' && /^https?:/i.test(given) && URL.canParse(given))
      hosts.add(new URL(given).host)
  }
  for (const { settings } of Object.values(config.connections)) look(settings)
  return hosts
}

/** The settings of these connections, or of all. Throws ConfigTrouble naming everything that is missing. */
export async function resolveAll(
  config: Config,
  values: Values,
  names: readonly string[] = Object.keys(config.connections),
): Promise<Record<string, Record<string, unknown>>> {
  const settings: Record<string, Record<string, unknown>> = {}
  const faults: string[] = []
  for (const [name, connection] of Object.entries(config.connections).filter(([each]) =>
    names.includes(each),
  ))
    try {
      settings[name] = await resolveSettings(name, connection.settings, values)
    } catch (error) {
      if (!(error instanceof ConfigTrouble)) throw error
      faults.push(...error.faults)
    }
  if (faults.length > 0) throw new ConfigTrouble('The configuration', faults)
  return settings
}

/** A value outside of any connection's settings, such as `database`. Throws ConfigTrouble when it is not set. */
export function resolveValue(path: string, value: string | Reference, environment: Environment): string {
  if (typeof value === 'string') return value
  const name = 'env' in value ? value.env : value.secret
  const found = fromEnvironment(name, environment)
  if (found !== null) return found
  throw new ConfigTrouble('The configuration', [
    `${path} comes from the environment variable ${name} (or the file that ${name}_FILE names), which is not set.`,
  ])
}

async function referred(
  connection: string,
  name: string,
  asked: Reference,
  { environment, sealed }: Values,
): Promise<string | null> {
  if ('env' in asked) return fromEnvironment(asked.env, environment)
  const given = fromEnvironment(asked.secret, environment)
  if (given !== null || sealed === null) return given
  const kept = await sealed.store.secret(connection, name)
  return kept === null ? null : sealed.keyring.open({ connection, name }, kept)
}

/** NAME itself, or the content of the file that NAME_FILE points at, as containers hand secrets in. */
function fromEnvironment(name: string, environment: Environment): string | null {
  const value = environment[name]
  if (value !== undefined && value !== '') return value
  const file = environment[`${name}_FILE`]
  if (file === undefined || file === '') return null
  try {
    return readFileSync(file, 'utf8').trim() || null
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : 'cannot be read'
    throw new ConfigTrouble('The environment', [`${name}_FILE names ${file}, which ${why}.`])
  }
}

function missingWords(path: readonly string[], asked: Reference): string {
  return 'env' in asked
    ? `${path.join('.')} comes from the environment variable ${asked.env}, which is not set.`
    : `${path.join('.')} is a secret that is nowhere to be found. Set ${asked.secret} or ${asked.secret}_FILE, or enter it: linchpin secret set ${path[1]} ${path.slice(3).join('.')}`
}
