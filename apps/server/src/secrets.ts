import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { addKey, dropOlderKeys, openDesk, openKeyring, resealSecrets, type Credential } from '@linchpin/store'
import { hint } from './config/faults.ts'
import { reference, type Config } from './config/schema.ts'
import { ConfigTrouble } from './config/trouble.ts'
import { keyFileOf, openStore, type StoreOptions } from './linchpin.ts'
import { unknownConnection } from './unknown-connection.ts'

/**
 * Seals every secret with the newest key: a new one in the key file, or the first in LINCHPIN_KEY, which only its owner
 * can change. `drop` takes older keys out of the file afterwards; backups of before then no longer open.
 */
export async function rotateKey(
  options: StoreOptions,
  { drop }: { readonly drop: boolean },
): Promise<{ sealed: number; key: 'file' | 'LINCHPIN_KEY' }> {
  const { config, environment, folder } = options
  const key = environment['LINCHPIN_KEY']
  const keyFile = keyFileOf(resolve(folder, config.dataDir))
  const opened = await openStore(options)
  try {
    // The file of a fresh database was made just now; adding to it all the same does no harm.
    if (!key) await addKey(keyFile)
    const keyring = await openKeyring({ key, keyFile })
    const sealed = await resealSecrets(
      opened.db,
      (whose, old) => keyring.seal(whose, keyring.open(whose, old)),
      Date.now() + opened.offset(),
    )
    if (drop && existsSync(keyFile)) await dropOlderKeys(keyFile)
    return { sealed, key: key ? 'LINCHPIN_KEY' : 'file' }
  } finally {
    await opened.close()
  }
}

/**
 * A secret as its owner enters it, sealed, and until when the other system takes it; it is read at the next start. False
 * when nothing was entered.
 */
export async function keepSecret(
  options: StoreOptions,
  {
    connection,
    name,
    expiresAt,
  }: { readonly connection: string; readonly name: string; readonly expiresAt: number | null },
  enter: () => Promise<string>,
): Promise<boolean> {
  checkAsked(options.config, connection, name)
  const secret = await enter()
  if (secret === '') return false
  const opened = await openStore(options)
  try {
    const sealed = opened.keyring.seal({ connection, name }, secret)
    const kept = { connection, name, sealed, expiresAt }
    await openDesk(opened.db).keepCredential(kept, Date.now() + opened.offset())
    return true
  } finally {
    await opened.close()
  }
}

/** A secret that nobody asks for would be entered in vain. */
export function checkAsked(config: Config, connection: string, name: string): void {
  const configured = config.connections[connection]
  if (!configured) throw unknownConnection(connection, config)
  const asked = secretsOf(configured.settings)
  if (asked.includes(name)) return
  const list = asked.length > 0 ? `It asks for ${asked.join(', ')}.` : 'It asks for none.'
  throw new ConfigTrouble('The configuration', [
    `connections.${connection}.settings does not ask for a secret "${name}".${hint(name, asked)} ${list} Write ${name}: secret('NAME') there.`,
  ])
}

/** Whether the configuration asks for a credential that is kept here. One that it does not is left of an earlier one. */
export const isAsked = (config: Config, { connection, name }: Pick<Credential, 'connection' | 'name'>) =>
  secretsOf(config.connections[connection]?.settings ?? {}).includes(name)

/** The names of the settings that are references to secrets: 'apiKey', 'access.token'. */
function secretsOf(settings: object, under: readonly string[] = []): readonly string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    const asked = reference.safeParse(value)
    if (asked.success) return 'secret' in asked.data ? [[...under, name].join('.')] : []
    return typeof value === 'object' && value !== null ? secretsOf(value as object, [...under, name]) : []
  })
}
