import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  migrate,
  openDb,
  openEmbedded,
  openKeyring,
  pgStore,
  type Embedded,
  type Publishing,
} from '@linchpin/store'
import type { OpenedStore } from '@linchpin/server'
import { afterAll, beforeAll } from 'vitest'

let folder: string
let server: Embedded
let schemas = 0

/** One real PostgreSQL for all stories of a file. Call it once, at the top of the file. */
export function useDatabase(): void {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stories-'))
    server = await openEmbedded({ dataDir: join(folder, 'data'), log: () => {} })
    const admin = openDb(server.url, { connections: 1 })
    // A story that ends with a power cut is told elsewhere; here nobody waits for the disk.
    await admin.query('', 'alter role current_user set synchronous_commit = off')
    await admin.close()
  })
  afterAll(async () => {
    await server.stop()
    await rm(folder, { recursive: true })
  })
}

/** An empty store of its own for one story: a schema in the file's database. */
export async function openSchema(now: number, publishing: Publishing | null = null): Promise<OpenedStore> {
  const schema = `story_${(schemas += 1)}`
  const admin = openDb(server.url, { connections: 1 })
  await admin.query('', `create schema ${schema}`)
  await admin.close()
  const db = openDb(server.url, { connections: 4, schema })
  await migrate(db, now)
  const keyring = await openKeyring({ keyFile: join(folder, 'key') })
  return { store: pgStore(db, publishing), db, keyring, offset: () => 0, close: () => db.close() }
}
