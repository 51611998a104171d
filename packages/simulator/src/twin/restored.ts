import type { Hint, LinkQuery, LostRecord, Recovered, Recovery, Witness } from '@linchpin/store'
import { write } from './journal.ts'
import { removeLinks } from './links.ts'
import { notify } from './notices.ts'
import { by, keyOf, setState, type DeliveryRow, type LinkRow, type Tables } from './tables.ts'

export function newestLinks(
  tables: Tables,
  { connection, entity, limit, after, which }: LinkQuery,
): readonly Witness[] {
  const rows = tables.links
    .filter(row => row.entity === entity && (row.left === connection || row.right === connection))
    .toSorted((one, other) => -inOrder(one, other))
  const first = after === null ? 0 : rows.findIndex(row => isLink(row, connection, after)) + 1
  const found: Witness[] = []
  for (const row of rows.slice(first)) {
    if (found.length >= limit) break
    if (which === 'seen' && row.missingIn === connection) continue
    const each = witness(tables, row, connection)
    if (isAsked(tables, connection, each, which)) found.push(each)
  }
  return found
}

export function markLinks(
  tables: Tables,
  connection: string,
  are: 'missing' | 'there',
  links: readonly Witness[],
): void {
  for (const row of tables.links)
    if (links.some(each => isLink(row, connection, each))) {
      if (are === 'missing') row.missingIn = connection
      else if (row.missingIn === connection) row.missingIn = null
    }
}

const inOrder = by<LinkRow>(
  row => row.at,
  row => row.left,
  row => row.right,
  row => row.leftId,
  row => row.rightId,
)

function witness(tables: Tables, row: LinkRow, connection: string): Witness {
  const isLeft = row.left === connection
  const [id, to, targetId] = isLeft
    ? [row.leftId, row.right, row.rightId]
    : [row.rightId, row.left, row.leftId]
  const record = tables.records.get(keyOf(connection, row.entity, id))
  const { entity, at, alias, how, flow } = row
  const read = { canonical: record?.canonical ?? null, goneAt: record?.goneAt ?? null }
  return { entity, id, to, targetId, alias, at, how, flow, ...read }
}

function isAsked(
  tables: Tables,
  connection: string,
  { entity, id }: Witness,
  which: LinkQuery['which'],
): boolean {
  const record = tables.records.get(keyOf(connection, entity, id))
  if (which === 'all' || record === undefined) return true
  return record.goneAt === null && (which === 'not gone' || record.missedAt === null)
}

function isLink(
  row: LinkRow,
  connection: string,
  { entity, id, to, targetId }: Pick<Witness, 'entity' | 'id' | 'to' | 'targetId'>,
): boolean {
  if (row.entity !== entity) return false
  return row.left === connection
    ? row.right === to && row.leftId === id && row.rightId === targetId
    : row.right === connection && row.left === to && row.rightId === id && row.leftId === targetId
}

export function recover(tables: Tables, recovery: Recovery, now: number): Recovered {
  const { connection, lost, since } = recovery
  const gone = tables.links.filter(row => lost.some(each => isLink(row, connection, each)))
  removeLinks(tables, gone, now)
  const rows = [...tables.deliveries.values()].toSorted(
    by(
      row => row.flow,
      row => row.id,
    ),
  )
  const created = createAgain(tables, recovery, rows, now)
  beginEras(tables, recovery, rows, now)
  const again = rows.filter(
    row => row.to === connection && row.state !== 'skipped' && (row.settledAt ?? -Infinity) >= since,
  )
  for (const row of again) writeAgain(tables, row, now)
  for (const poll of tables.polls.values()) {
    if (poll.connection !== connection) continue
    Object.assign(poll, { cursor: null, nextAt: now, leaseUntil: null, fence: poll.fence + 1 })
  }
  notify(tables, hintsOf(recovery), now)
  write(tables, wordsOf(recovery), now)
  tables.rings.add('*')
  return { created, again: again.length }
}

/** Answers how many. */
function createAgain(
  tables: Tables,
  { connection, lost }: Recovery,
  rows: readonly DeliveryRow[],
  now: number,
): number {
  const due = rows.flatMap(row => {
    if (row.to !== connection) return []
    const mine = lost.filter(
      each => each.entity === row.entity && each.to === row.from && each.targetId === row.id,
    )
    const isOpen = row.state === 'parked' && (row.intent === 'create' || row.problemKind === 'taken')
    if (mine.length === 0 && !isOpen) return []
    return [{ row, look: mine.length === 0 || mine.some(each => each.look) }]
  })
  for (const { row, look } of due) {
    if (row.state !== 'running') setState(tables, row, 'ready')
    const era = row.era === 0 ? '' : `~${row.era}`
    const open = {
      intent: 'create' as const,
      intentKey: `${row.from}/${row.entity}/${row.id}${era}`,
      sendBy: now,
      settledBy: now,
    }
    clean(row)
    Object.assign(row, { runAt: now, seq: (tables.deliverySeq += 1) }, look ? open : CLOSED)
  }
  return due.length
}

function beginEras(
  tables: Tables,
  { connection, lost }: Recovery,
  rows: readonly DeliveryRow[],
  now: number,
): void {
  for (const row of rows) {
    if (row.from !== connection || !lost.some(each => each.entity === row.entity && each.id === row.id))
      continue
    if (row.state === 'parked') {
      setState(tables, row, 'skipped')
      row.settledAt = now
    }
    row.era += 1
    clean(row)
    Object.assign(row, CLOSED)
  }
}

const CLOSED = { intent: null, intentKey: null, sendBy: null, settledBy: null }

function clean(row: DeliveryRow): void {
  row.gen += 1
  Object.assign(row, { sentHash: null, force: true, tries: 0, problemKind: null, problem: null })
  Object.assign(row, { parkedAt: null, expect: null, unansweredBy: null, doubtHash: '' })
}

function writeAgain(tables: Tables, row: DeliveryRow, now: number): void {
  if (row.state === 'done') {
    setState(tables, row, 'ready')
    row.runAt = now
  }
  row.gen += 1
  Object.assign(row, { force: true, sentHash: null, seq: (tables.deliverySeq += 1) })
}

const hintsOf = ({ connection, lost }: Recovery): readonly Hint[] =>
  lost.map(({ entity, id, isOther }) => ({ connection, entity, id, cause: 'vanished', force: isOther }))

function wordsOf({ connection, lost, who }: Recovery) {
  const each = lost.map(({ entity, id, to, targetId, isOther }: LostRecord) => ({
    connection,
    entity,
    id,
    who,
    what: 'lost',
    words: `${connection} was restored from a backup, and ${isOther ? 'this is another record now' : 'it is not there any more'}: no longer linked to ${targetId} of ${to}.`,
  }))
  const words = `Recovered after it was restored from a backup: ${lost.length} records were lost.`
  return [...each, { connection, who, what: 'recovered', words }]
}
