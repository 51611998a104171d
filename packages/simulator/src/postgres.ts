import { mkdtemp, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, openDb, openEmbedded } from '@linchpin/store'
import { START } from './kernel.ts'

/** A PostgreSQL of its own in memory, with a schema for each worker; `stop` removes it. */
export interface Database {
  readonly url: string
  readonly version: string
  readonly stop: () => Promise<void>
}

export const schemaOf = (worker: number) => `worker${worker}`

export async function openDatabase(workers: number): Promise<Database> {
  const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'linchpin-simulator-'))
  const server = await openEmbedded({ dataDir: join(folder, 'data'), log: () => {} })
  const { url } = server
  const db = openDb(url, { connections: 1 })
  for (let worker = 1; worker <= workers; worker += 1) {
    await db.query('', `create schema ${schemaOf(worker)}`)
    const own = openDb(url, { connections: 1, schema: schemaOf(worker) })
    await migrate(own, START)
    await own.close()
  }
  await db.close()
  return {
    url,
    version: server.version,
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
