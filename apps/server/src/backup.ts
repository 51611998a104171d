import type { Readable, Writable } from 'node:stream'
import { applyMigrations, backup, forget, migrations, queryOn, restore } from '@linchpin/store'
import { openStore, type StoreOptions } from './linchpin.ts'

/** A backup of the configured database into a stream. `onPart` is told how much is done, from 0 to 1. */
export async function backupDatabase(
  options: StoreOptions,
  output: Writable,
  onPart: (part: number) => void,
): Promise<{ tables: number; rows: number }> {
  const { db, close } = await openStore(options)
  try {
    const createdAt = new Date().toISOString()
    return await backup(db.pool, output, { createdAt, onProgress: ({ part }) => onPart(part) })
  } finally {
    await close()
  }
}

/** Puts a backup into the configured database, wholly or not at all. Throws BackupTrouble with what to do. */
export async function restoreDatabase(
  options: StoreOptions,
  input: Readable,
  force: boolean,
  onPart: (part: number) => void,
): Promise<{ tables: number; rows: number; createdAt: string }> {
  const { db, close } = await openStore(options)
  try {
    return await restore(db.pool, input, {
      migrations: migrations(),
      migrate: async (client, upTo) => {
        await applyMigrations(queryOn(client), Date.now(), upTo)
        if (upTo === null) await forget(queryOn(client))
      },
      force,
      onProgress: ({ part }) => onPart(part),
    })
  } finally {
    await close()
  }
}

/** An older copy of the database was put back by other means: what may have been written since is looked for first. */
export async function forgetDatabase(options: StoreOptions): Promise<void> {
  const { db, close } = await openStore(options)
  try {
    await forget(db.query)
  } finally {
    await close()
  }
}
