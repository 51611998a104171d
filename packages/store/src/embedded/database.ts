import { type EmbeddedOptions, openEmbedded } from './embedded.ts'
import { inspectServer } from './server.ts'

export interface DatabaseOptions extends EmbeddedOptions {
  /** A PostgreSQL of the operator's own, 15 or newer. Without it ours is used. */
  databaseUrl?: string | undefined
  /** For tests only: also take a server that can lose what it has confirmed. */
  allowUnsafe?: boolean
}

export interface Database {
  url: string
  kind: 'embedded' | 'server'
  version: string
  stop: () => Promise<void>
}

/** Opens the operator's PostgreSQL if its URL is given, else our own. Throws DatabaseTrouble: why, and what to do. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { databaseUrl } = options
  if (databaseUrl === undefined || databaseUrl === '') {
    const { url, version, stop } = await openEmbedded(options)
    return { url, kind: 'embedded', version, stop }
  }
  const version = await inspectServer(databaseUrl, options.allowUnsafe ?? false)
  return { url: databaseUrl, kind: 'server', version, stop: async () => {} }
}
