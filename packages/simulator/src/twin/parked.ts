import type { ParkedDelivery, Status, Which } from '@linchpin/store'
import { write } from './journal.ts'
import { addLinks, newsOf, wakeWaiting } from './links.ts'
import { notify } from './notices.ts'
import { ordersThatTake, stockHints } from './stock.ts'
import { by, keyOf, setState, sum, type DeliveryRow, type Tables } from './tables.ts'
import { deliveryState } from './trace.ts'

export function parked(tables: Tables, filter: { flow?: string; limit: number }): readonly ParkedDelivery[] {
  return parkedRows(tables, filter)
    .slice(0, filter.limit)
    .map(row => ({
      ...deliveryState(row),
      parkedAt: row.parkedAt ?? 0,
      worth:
        row.worth === null || row.currency === null ? null : { amount: row.worth, currency: row.currency },
      label: label(tables, row),
      unknown: row.intent !== null,
    }))
}

function parkedRows(tables: Tables, which: Which): readonly DeliveryRow[] {
  return [...tables.deliveries.values()]
    .filter(row => row.state === 'parked' && (which.flow === undefined || row.flow === which.flow))
    .filter(row => which.ids === undefined || which.ids.includes(row.id))
    .toSorted(
      by(
        row => row.parkedAt ?? 0,
        row => row.flow,
        row => row.id,
      ),
    )
}

function label(tables: Tables, row: DeliveryRow): string | null {
  const references = tables.records.get(keyOf(row.from, row.entity, row.id))?.references ?? []
  const [first] = references.toSorted(
    by(
      ({ kind }) => (kind === 'number' ? 0 : 1),
      ({ kind }) => kind,
      ({ value }) => value,
    ),
  )
  return first?.value ?? null
}

export function retryParked(tables: Tables, which: Which, who: string, now: number): number {
  const rows = parkedRows(tables, which).filter(row => row.intent === null)
  for (const row of rows) {
    setState(tables, row, 'ready')
    Object.assign(row, { runAt: now, tries: 0, parkedAt: null, force: true, seq: (tables.deliverySeq += 1) })
  }
  const count = tell(tables, rows, { who, what: 'retried', words: 'Retried by hand.' }, now)
  const sources = rows.map(({ from, entity, id }) => ({
    connection: from,
    entity,
    id,
    cause: 'person' as const,
  }))
  notify(tables, sources, now)
  return count
}

export function skipParked(tables: Tables, which: Which, who: string, reason: string, now: number): number {
  const rows = parkedRows(tables, which)
  for (const row of rows) {
    setState(tables, row, 'skipped')
    Object.assign(row, { runAt: now, parkedAt: null, intent: null, intentKey: null, settledAt: now })
  }
  return tell(tables, rows, { who, what: 'skipped', words: reason }, now)
}

function tell(
  tables: Tables,
  rows: readonly DeliveryRow[],
  said: { who: string; what: string; words: string },
  now: number,
): number {
  const entries = rows
    .toSorted(by(row => row.flow + row.id))
    .map(({ from, entity, id, flow }) => ({ connection: from, entity, id, flow, ...said }))
  write(tables, entries, now)
  const orders = rows.filter(row => row.entity === 'SalesOrder')
  notify(tables, stockHints(tables, orders, now), now)
  for (const row of rows) tables.rings.add(`deliveries ${row.to}`)
  return rows.length
}

export function answerUnknown(
  tables: Tables,
  which: { flow: string; id: string },
  arrived: string | null,
  who: string,
  now: number,
): boolean {
  const row = tables.deliveries.get(keyOf(which.flow, which.id))
  if (row?.state !== 'parked' || row.intent === null) return false
  const key = { connection: row.from, entity: row.entity, id: row.id }
  const made = { ...key, to: row.to, how: `said ${who}`, flow: row.flow, alias: false }
  const links = arrived === null ? [] : [{ ...made, targetId: arrived }]
  if (addLinks(tables, links, now).length > 0)
    throw new Error(`${arrived} of ${row.to} is linked to another record already.`)
  // It goes before those that wait for it.
  setState(tables, row, 'ready')
  const forgotten = { intent: null, intentKey: null, sendBy: null, settledBy: null, parkedAt: null }
  Object.assign(row, { ...forgotten, runAt: now, tries: 0, force: true, seq: (tables.deliverySeq += 1) })
  wakeWaiting(tables, links, now)
  const isOrder = links.length > 0 && row.entity === 'SalesOrder'
  const stock = stockHints(tables, isOrder ? [row] : ordersThatTake(tables, links), now)
  notify(tables, [...links.flatMap(newsOf), ...stock], now)
  const words = arrived === null ? 'It did not arrive; sent again.' : `It arrived as ${arrived}.`
  write(tables, [{ ...key, flow: row.flow, who, what: 'answered', words }], now)
  tables.rings.add(`deliveries ${row.to}`)
  return true
}

export function status(tables: Tables): Status {
  const groups = grouped([...tables.deliveries.values()], row => keyOf(row.flow, row.state))
  const notices = grouped([...tables.notices.values()], row => row.connection)
  const records = grouped(
    [...tables.records.values()].filter(row => row.goneAt === null),
    row => keyOf(row.connection, row.entity),
  )
  return {
    deliveries: inOrder(groups).map(rows => ({
      flow: rows[0]?.flow ?? '',
      state: rows[0]?.state ?? '',
      count: rows.length,
      oldest: Math.min(...rows.map(row => row.owedAt)),
      worth: worthOf(rows),
    })),
    notices: inOrder(notices).map(rows => ({
      connection: rows[0]?.connection ?? '',
      count: rows.length,
      oldest: Math.min(...rows.map(row => row.runAt)),
    })),
    records: inOrder(records).flatMap(([first, ...rest]) =>
      first ? [{ connection: first.connection, entity: first.entity, count: rest.length + 1 }] : [],
    ),
  }
}

function grouped<Row>(rows: readonly Row[], nameOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) groups.set(nameOf(row), [...(groups.get(nameOf(row)) ?? []), row])
  return groups
}

const inOrder = <Row>(groups: ReadonlyMap<string, readonly Row[]>): readonly (readonly Row[])[] =>
  [...groups].toSorted(by(([key]) => key)).map(([, rows]) => rows)

function worthOf(rows: readonly DeliveryRow[]) {
  const byCurrency = new Map<string, string[]>()
  for (const { worth, currency } of rows)
    if (worth !== null && currency !== null)
      byCurrency.set(currency, [...(byCurrency.get(currency) ?? []), worth])
  return [...byCurrency]
    .toSorted(by(([currency]) => currency))
    .map(([currency, amounts]) => ({ amount: sum(amounts), currency }))
}
