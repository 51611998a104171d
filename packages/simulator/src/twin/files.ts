import type { RecordKey, StoredFile } from '@linchpin/store'
import { keyOf, type Tables } from './tables.ts'

export function file(tables: Tables, key: RecordKey): StoredFile | null {
  return tables.files.get(keyOf(key.connection, key.entity, key.id)) ?? null
}

export function saveFile(
  tables: Tables,
  key: RecordKey,
  saved: Omit<StoredFile, 'fetchedAt'>,
  now: number,
): void {
  const { name, mediaType, sha256, bytes } = saved
  tables.files.set(keyOf(key.connection, key.entity, key.id), {
    name,
    mediaType,
    sha256,
    bytes,
    fetchedAt: now,
  })
}
