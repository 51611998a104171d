import { Problem, type Snapshot } from '@linchpin/connector'
import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import type { Row } from './client.ts'
import type { Session } from './session.ts'

/** Ids and figures come as texts, and in places as JSON numbers. */
export const figure = z.union([z.string(), z.number()])
export const text = z.string().optional()
/** Extra fields, by names that begin with `options_`. */
export const arrayOptions = z.record(z.string(), z.unknown()).optional()

/** A draft's ref is '(PROV12)', until it is validated and gets its number. */
export function numberIn(row: Row): string | null {
  const ref = textIn(row['ref'])
  return ref.startsWith('(PROV') ? null : ref
}

/** In a mapping: what people call it. */
export const numberOrDraft = { first: ['number', { template: 'Draft {id}' }] } as const

/** So many ids fit into one address. */
const AT_ONCE = 100

/** These records in one list; what is not there, or no id at all, is left out. */
export async function rowsOf(
  session: Session,
  path: string,
  ids: readonly string[],
  query: Readonly<Record<string, string | number>> = {},
): Promise<readonly Row[]> {
  const known = [...new Set(ids.filter(isId))]
  const rows: Row[] = []
  for (let at = 0; at < known.length; at += AT_ONCE) {
    const some = known.slice(at, at + AT_ONCE)
    rows.push(
      ...(await session.client.list(path, {
        ...query,
        limit: some.length,
        sqlfilters: `(t.rowid:in:${some.join(',')})`,
      })),
    )
  }
  return rows
}

export const isId = (id: string) => /^[1-9]\d{0,14}$/.test(id)

export function needId(id: string, what: string): number {
  if (!isId(id)) throw new Problem('refused', `${what} "${id}" is no id of Dolibarr.`)
  return Number(id)
}

/**
 * Rows whose `field` says exactly this. A filter cannot hold brackets, and takes other signs for its own; they become
 * `_`, which is any sign to LIKE, and MariaDB's letters have no case: so what comes is compared again here.
 */
export async function rowsSaying(
  session: Session,
  path: string,
  field: string,
  wanted: string,
  same: (row: Row) => boolean,
): Promise<readonly Row[]> {
  if (wanted === '') return []
  const pattern = wanted.replace(/[^\p{L}\p{N}@.+/ -]/gu, '_')
  const sqlfilters = `(t.${field}:like:'${pattern}')`
  const found: Row[] = []
  for (let page = 0; ; page += 1) {
    const rows = await session.client.list(path, {
      sortfield: 't.rowid',
      sortorder: 'ASC',
      limit: AT_ONCE,
      page,
      sqlfilters,
    })
    found.push(...rows.filter(same))
    if (rows.length < AT_ONCE) return found
  }
}

/** Answers in the order of the questions, never more than one of them under way. */
export async function oneByOne<Key, Found>(
  keys: readonly Key[],
  ask: (key: Key) => Promise<Found>,
): Promise<readonly Found[]> {
  const found: Found[] = []
  for (const key of keys) found.push(await ask(key))
  return found
}

export const idOf = (row: Row) => String(row['id'])
export const textIn = (value: unknown) =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
export const rowsIn = (value: unknown): readonly Row[] => (Array.isArray(value) ? (value as Row[]) : [])

export function snapshotOf<R extends Row>(row: R): Snapshot<R> {
  return { id: idOf(row), version: versionOf(row), row }
}

/** One second cannot tell two changes apart, so the content is the version; the stamps themselves are no content. */
export function versionOf(row: Row): string {
  return contentHash(Object.fromEntries(Object.entries(row).filter(([name]) => !STAMPS.has(name))))
}
const STAMPS = new Set(['date_modification', 'datem', 'tms', 'user_modification', 'user_modification_id'])
