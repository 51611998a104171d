import { isDeepStrictEqual } from 'node:util'
import type {
  Compared,
  ComparedPage,
  ComparedPair,
  ComparedQuery,
  Comparison,
  ComparisonState,
  DiscrepancyQuery,
  FoundDiscrepancy,
  Side,
} from '@linchpin/store'
import { by, json, keyOf, type ComparedRow, type DiscrepancyRow, type Tables } from './tables.ts'

export function claimComparison(
  tables: Tables,
  { flow, leaseMs, now }: { flow: string; leaseMs: number; now: number },
): Comparison | null {
  const row = tables.comparisons.get(flow) ?? { flow, state: null, leaseUntil: null, fence: 0 }
  if (row.leaseUntil !== null && row.leaseUntil > now) return null
  row.leaseUntil = now + leaseMs
  row.fence += 1
  tables.comparisons.set(flow, row)
  return { flow, fence: row.fence, state: row.state }
}

export function saveComparison(
  tables: Tables,
  { flow, fence }: Comparison,
  page: ComparedPage,
  now: number,
): boolean {
  const comparison = tables.comparisons.get(flow)
  if (comparison?.fence !== fence) return false
  comparison.state = json(page.state)
  comparison.leaseUntil = page.leaseUntil
  for (const row of page.rows ?? []) {
    const facts = json(row.facts) as Compared['facts']
    tables.compared.set(keyOf(flow, row.side, row.id), { ...row, facts, flow, at: now })
  }
  for (const { side, id } of page.removed ?? []) tables.compared.delete(keyOf(flow, side, id))
  for (const found of page.found ?? []) saveFound(tables, flow, found, now)
  for (const { side, id } of page.right ?? []) tables.discrepancies.delete(keyOf(flow, side, id))
  return true
}

function saveFound(tables: Tables, flow: string, found: FoundDiscrepancy, now: number): void {
  const key = keyOf(flow, found.side, found.id)
  const known = tables.discrepancies.get(key)
  const since = known?.kind === found.kind ? known.since : now
  tables.discrepancies.set(key, { ...found, detail: json(found.detail), flow, since, at: now })
}

export function comparedPairs(tables: Tables, query: ComparedQuery): readonly ComparedPair[] {
  const { flow, after = null, limit, ids } = query
  return rowsOf(tables, flow, 'source')
    .filter(({ id }) => (ids ? ids.includes(id) : after === null || id > after))
    .slice(0, limit)
    .map(source => {
      const target = tables.compared.get(keyOf(flow, 'target', source.other ?? ''))
      return { source: plain(source), target: target && source.other !== null ? plain(target) : null }
    })
}

export function unequalPairs(
  tables: Tables,
  { flow, after, window, limit }: { flow: string; after: string | null; window: number; limit: number },
): { readonly pairs: readonly ComparedPair[]; readonly last: string | null } {
  const all = comparedPairs(tables, { flow, after, limit: window })
  const pairs = all
    .filter(
      pair => isUnequal(pair) || tables.discrepancies.has(keyOf(flow, pair.source.side, pair.source.id)),
    )
    .slice(0, limit)
  const seen = pairs.length === limit ? pairs : all
  return { pairs, last: seen.at(-1)?.source.id ?? null }
}

function isUnequal({ source, target }: ComparedPair): boolean {
  if (source.state !== null) return source.state === 'faulty'
  if (target === null) return true
  if (target.state !== null || source.facts === null || target.facts === null) return false
  return Object.values(source.facts).includes('?') || !isDeepStrictEqual(source.facts, target.facts)
}

export function comparedRows(
  tables: Tables,
  query: {
    flow: string
    side: Side
    only: 'unlinked' | 'faulty' | { before: number }
    after: string | null
    limit: number
    ids?: readonly string[]
  },
): readonly Compared[] {
  const { flow, side, only, after, limit, ids } = query
  return rowsOf(tables, flow, side)
    .filter(row => {
      if (only === 'unlinked') return row.other === null
      return only === 'faulty' ? row.state === 'faulty' : row.at < only.before
    })
    .filter(({ id }) => (after === null || id > after) && (ids === undefined || ids.includes(id)))
    .slice(0, limit)
    .map(plain)
}

const OWED = new Set(['ready', 'later', 'running', 'waiting'])

export function owed(tables: Tables, flow: string, ids: readonly string[]): readonly string[] {
  return [...new Set(ids)]
    .filter(id => OWED.has(tables.deliveries.get(keyOf(flow, id))?.state ?? ''))
    .toSorted()
}

export function unanswered(tables: Tables, flow: string, ids: readonly string[]): readonly string[] {
  return [...new Set(ids)]
    .filter(id => {
      const row = tables.deliveries.get(keyOf(flow, id))
      return row?.state === 'parked' && row.intent !== null
    })
    .toSorted()
}

export function discrepancies(
  tables: Tables,
  { flow, limit, of }: DiscrepancyQuery,
): readonly Omit<DiscrepancyRow, 'flow'>[] {
  return [...tables.discrepancies.values()]
    .filter(row => row.flow === flow)
    .filter(row => of === undefined || (row.side === of.side && row.id === of.id))
    .toSorted(
      by<DiscrepancyRow>(
        row => row.since,
        row => row.side,
        row => row.id,
      ),
    )
    .slice(0, limit)
    .map(({ side, id, kind, detail, since, at }) => ({ side, id, kind, detail, since, at }))
}

export function comparisonState(tables: Tables, flow: string): ComparisonState | null {
  const comparison = tables.comparisons.get(flow)
  if (!comparison) return null
  const rows = counted(rowsOf(tables, flow), row => [row.side, row.state ?? ''])
  const found = [...tables.discrepancies.values()].filter(row => row.flow === flow)
  return {
    state: comparison.state,
    rows: rows.map(([row, of]) => ({ side: row.side, state: row.state, count: of.length })),
    found: counted(found, row => [row.kind, row.side]).map(([row, of]) => ({
      kind: row.kind,
      side: row.side,
      count: of.length,
      oldest: Math.min(...of.map(({ since }) => since)),
    })),
  }
}

/** Grouped by a key, in its order; each group with its first. */
function counted<Row>(
  rows: readonly Row[],
  key: (row: Row) => readonly string[],
): readonly [Row, readonly Row[]][] {
  const groups = new Map<string, [Row, Row[]]>()
  for (const row of rows) {
    const group = groups.get(keyOf(...key(row)))
    if (group) group[1].push(row)
    else groups.set(keyOf(...key(row)), [row, [row]])
  }
  return [...groups].toSorted(by(([name]) => name)).map(([, group]) => group)
}

function rowsOf(tables: Tables, flow: string, side?: Side): readonly ComparedRow[] {
  return [...tables.compared.values()]
    .filter(row => row.flow === flow && (side === undefined || row.side === side))
    .toSorted(by(row => row.id))
}

const plain = ({ side, id, other, state, facts }: ComparedRow): Compared => ({
  side,
  id,
  other,
  state,
  facts,
})
