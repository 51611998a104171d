import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDb, openEmbedded } from '@linchpin/store'

export interface Postgres {
  readonly host: string
  readonly username: string
  readonly database: string
  stop(): Promise<void>
}

/** A PostgreSQL of its own, from the package that Linchpin brings: so this needs neither root nor Debian's package. */
export async function startPostgres(log: (line: string) => void): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-live-'))
  const server = await openEmbedded({ dataDir: join(folder, 'data'), log })
  const admin = openDb(server.url, { connections: 1 })
  // What a power cut would take is gone anyway once the shop is stopped.
  await admin.query('', 'alter role current_user set synchronous_commit = off')
  const [at] = await admin.query<{ username: string; database: string }>(
    '',
    'select current_user as username, current_database() as database',
  )
  await admin.close()
  if (!at) throw new Error('PostgreSQL does not say who is signed in.')
  return {
    ...at,
    host: decodeURIComponent(server.url.slice(server.url.indexOf('host=') + 5)),
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
