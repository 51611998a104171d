import type {
  Hint,
  Delivery,
  JournalEntry,
  LinkKey,
  NewLink,
  Settlement,
  SettleResult,
  Trouble,
} from '@linchpin/store'
import { held, owe } from './deliveries.ts'
import { write } from './journal.ts'
import { addLinks, findLinks, newsOf, wakeWaiting } from './links.ts'
import { notify } from './notices.ts'
import { countSettled } from './runs.ts'
import { ordersThatTake, stockHints } from './stock.ts'
import {
  keyOf,
  setState,
  type DeliveryRow,
  type DeliveryStateName,
  type Tables,
  type WrittenRow,
} from './tables.ts'

export function settle(
  tables: Tables,
  settlements: readonly Settlement[],
  now: number,
): readonly SettleResult[] {
  const ours = settlements.flatMap(settlement => {
    const row = held(tables, settlement.delivery)
    return row ? [{ settlement, row }] : []
  })
  const links = ours.flatMap(({ settlement }) => newLink(settlement))
  const refused = new Set(addLinks(tables, links, now).map(link => keyOf(link.flow ?? '', link.id)))
  const isTaken = ({ delivery }: Settlement) => refused.has(keyOf(delivery.flow, delivery.id))
  const plain = ours.map(({ settlement, row }) => ({
    row,
    settlement: isTaken(settlement) ? parkedAsTaken(settlement) : settlement,
  }))
  for (const { row } of plain) forgetWaiting(tables, row)
  for (const { settlement } of plain) saveWaiting(tables, settlement)
  for (const { settlement, row } of plain) applyState(tables, settlement, row, now)
  for (const { settlement, row } of plain) endAttempt(tables, settlement, row, now)
  const writes = plain.flatMap(({ settlement }) => written(tables, settlement, now))
  for (const [key, row] of writes) tables.written.set(key, row)
  write(
    tables,
    plain.flatMap(({ settlement }) => entriesOf(settlement)),
    now,
  )
  wakeWaiting(
    tables,
    links.filter(link => !refused.has(keyOf(link.flow ?? '', link.id))),
    now,
  )
  goOn(
    tables,
    plain.map(({ settlement }) => settlement),
    now,
  )
  countSettled(
    tables,
    plain.map(({ settlement }) => settlement),
  )
  const owned = new Set(ours.map(({ settlement }) => settlement))
  return settlements.map(settlement => {
    if (!owned.has(settlement)) return 'lost'
    return isTaken(settlement) ? 'taken' : 'settled'
  })
}

function newLink(settlement: Settlement): readonly NewLink[] {
  if (settlement.is !== 'applied' && settlement.is !== 'linked') return []
  const { entity, from, id, to, flow } = settlement.delivery
  const how = settlement.is === 'linked' ? settlement.how : 'written'
  const alias = settlement.is === 'linked' && settlement.alias
  return [{ entity, connection: from, id, to, flow, targetId: settlement.targetId, how, alias }]
}

function parkedAsTaken(settlement: Settlement): Settlement {
  const { delivery } = settlement
  const { entity, id, from, to } = delivery
  const target = 'targetId' in settlement ? settlement.targetId : ''
  const begin = `${entity} ${id} of ${from} would be ${target} of ${to}, but that is linked to another record already.`
  const trouble = (rest: string) => ({ kind: 'taken', words: `${begin} ${rest}` })
  if (settlement.is !== 'applied')
    return { delivery, is: 'parked', trouble: trouble('Unlink one of the two, then retry.'), intent: 'clear' }
  // It is there: forgotten, it would be created once more.
  const rest = `Was ${to} restored from a backup? Then: linchpin recover ${to}. Else unlink the other one, and answer that this one arrived as ${target}.`
  return { delivery, is: 'parked', trouble: trouble(rest), intent: 'keep' }
}

function forgetWaiting(tables: Tables, { flow, id }: DeliveryRow): void {
  for (const [key, row] of tables.waiting) if (row.flow === flow && row.id === id) tables.waiting.delete(key)
}

function linksOf(settlement: Settlement): readonly LinkKey[] {
  return settlement.is === 'waiting' || settlement.is === 'skipped' ? (settlement.links ?? []) : []
}

function saveWaiting(tables: Tables, settlement: Settlement): void {
  const { flow, id } = settlement.delivery
  for (const { entity, connection: from, id: fromId, to } of linksOf(settlement))
    tables.waiting.set(keyOf(flow, id, entity, from, fromId, to), { flow, id, entity, from, fromId, to })
}

/** Where the delivery stands after this. */
interface Next {
  readonly state: DeliveryStateName
  readonly runAt?: number
  /** How many failed tries it has now; zero when left out. */
  readonly tries?: number
  readonly keepIntent?: boolean
  readonly sentHash?: string | null
  readonly clearForce?: boolean
  readonly settled?: boolean
}

function applyState(tables: Tables, settlement: Settlement, row: DeliveryRow, now: number): void {
  // Owed anew while it was under way: it goes again at once.
  const outdated = row.gen !== row.claimedGen
  const missing = linksOf(settlement)
  const linked = missing.length > 0 && findLinks(tables, missing).every(target => target !== null)
  const next = nextState(settlement, outdated, linked)
  const trouble = troubleOf(settlement)
  setState(tables, row, next.state)
  row.runAt = next.runAt ?? now
  row.tries = next.tries ?? 0
  row.sentHash = next.sentHash === undefined ? settlement.delivery.sentHash : next.sentHash
  row.force &&= !next.clearForce
  row.problemKind = trouble?.kind ?? null
  row.problem = trouble?.words ?? null
  row.leaseUntil = null
  row.node = null
  row.parkedAt = next.state === 'parked' ? now : null
  if (next.settled) {
    row.settledAt = now
    row.expect = null
  }
  if (next.state === 'ready') row.seq = tables.deliverySeq += 1
  if (!next.keepIntent) Object.assign(row, { intent: null, intentKey: null, sendBy: null, settledBy: null })
}

function nextState(settlement: Settlement, outdated: boolean, linked: boolean): Next {
  const { tries } = settlement.delivery
  switch (settlement.is) {
    case 'applied':
      return afterApplied(settlement, outdated, tries)
    case 'linked':
      return { state: 'ready' }
    case 'unchanged':
      return { state: outdated ? 'ready' : 'done', clearForce: !outdated, settled: true }
    case 'skipped': {
      const keepIntent = settlement.intent === 'keep'
      return {
        state: outdated || linked ? 'ready' : 'skipped',
        clearForce: !outdated,
        settled: true,
        keepIntent,
      }
    }
    case 'parked': {
      const keepIntent = settlement.intent === 'keep'
      return { state: outdated && !keepIntent ? 'ready' : 'parked', tries: tries + 1, keepIntent }
    }
    case 'later': {
      const keepIntent = settlement.intent === 'keep'
      return { state: 'later', runAt: settlement.at, tries: tries + (settlement.counts ? 1 : 0), keepIntent }
    }
    case 'waiting':
      if (outdated || linked) return { state: 'ready', tries: Math.max(tries, 1), keepIntent: true }
      return { state: 'waiting', runAt: settlement.at, tries: Math.max(tries, 1), keepIntent: true }
  }
}

function afterApplied(
  { rest, again, sentHash }: Extract<Settlement, { is: 'applied' }>,
  outdated: boolean,
  tries: number,
): Next {
  if (rest) {
    const after = { tries: tries + 1, sentHash: null, settled: true }
    if (outdated) return { ...after, state: 'ready' }
    return rest.at === null ? { ...after, state: 'parked' } : { ...after, state: 'later', runAt: rest.at }
  }
  const after = { clearForce: !outdated, sentHash: again === null ? sentHash : null, settled: true }
  if (outdated) return { ...after, state: 'ready' }
  return again === null ? { ...after, state: 'done' } : { ...after, state: 'later', runAt: again }
}

function troubleOf(settlement: Settlement): Trouble | null {
  switch (settlement.is) {
    case 'parked':
    case 'later':
      return settlement.trouble
    case 'applied':
      return settlement.rest
    case 'skipped':
      return { kind: 'skipped', words: settlement.words }
    case 'waiting':
      return { kind: 'waiting', words: settlement.words }
    case 'linked':
    case 'unchanged':
      return null
  }
}

function endAttempt(tables: Tables, settlement: Settlement, row: DeliveryRow, now: number): void {
  const attempt = tables.attempts.get(keyOf(row.flow, row.id, row.attempt))
  if (!attempt || attempt.endedAt !== null) return
  const trouble = settlement.is === 'waiting' ? null : troubleOf(settlement)
  attempt.endedAt = now
  attempt.outcome = outcomeOf(settlement)
  attempt.targetId = 'targetId' in settlement ? settlement.targetId : null
  attempt.problemKind = trouble?.kind ?? null
  attempt.problem = trouble?.words ?? null
}

function outcomeOf(settlement: Settlement): string {
  if (settlement.is === 'applied' || settlement.is === 'linked') return 'applied'
  const keeps = settlement.is === 'waiting' || ('intent' in settlement && settlement.intent === 'keep')
  return keeps ? 'unknown' : 'refused'
}

function written(
  tables: Tables,
  settlement: Settlement,
  now: number,
): readonly (readonly [string, WrittenRow])[] {
  if (settlement.is !== 'applied') return []
  const { delivery, targetId, version } = settlement
  const source = keyOf(delivery.from, delivery.entity, delivery.id)
  const echo = tables.written.get(source)
  const isEcho =
    echo?.from === delivery.to &&
    echo.version !== null &&
    echo.version === tables.records.get(source)?.version
  const sourceHash = delivery.record?.hash ?? null
  const row = { version, from: delivery.from, sourceHash, bounces: isEcho ? echo.bounces + 1 : 0, at: now }
  return [[keyOf(delivery.to, delivery.entity, targetId), row]]
}

/** Waiting a second time for the same thing is not news. */
function entriesOf(settlement: Settlement): readonly JournalEntry[] {
  const { delivery } = settlement
  const say = (what: string, words: string, detail?: unknown): JournalEntry => ({
    ...place(delivery),
    what,
    words,
    ...(detail === undefined ? {} : { detail }),
  })
  switch (settlement.is) {
    case 'applied': {
      const { targetId, number, rest, words } = settlement
      const applied = say('applied', words, { targetId, number })
      return rest ? [applied, say('incomplete', rest.words)] : [applied]
    }
    case 'linked':
      return [say('linked', `It is ${settlement.targetId} of ${delivery.to}: ${settlement.how}.`)]
    case 'unchanged':
      return []
    case 'skipped':
      return [say('skipped', settlement.words)]
    case 'parked':
      return [say('parked', settlement.trouble.words, { kind: settlement.trouble.kind })]
    case 'later':
      return settlement.trouble && delivery.tries === 0 ? [say('delayed', settlement.trouble.words)] : []
    case 'waiting':
      return delivery.tries === 0 ? [say('waiting', settlement.words)] : []
  }
}

const place = ({ from, entity, id, flow }: Delivery) => ({
  connection: from,
  entity,
  id,
  flow,
  who: 'linchpin',
})

function goOn(tables: Tables, settlements: readonly Settlement[], now: number): void {
  const hints = settlements.flatMap(each =>
    each.is === 'waiting' || each.is === 'applied' ? each.hints : foundNews(each),
  )
  const counted = [
    ...settlements.filter(countsOtherwise).map(({ delivery }) => delivery),
    ...ordersThatTake(tables, settlements.filter(isNew).flatMap(newLink)),
  ]
  notify(tables, [...hints, ...stockHints(tables, counted, now)], now)
  owe(
    tables,
    settlements.flatMap(each => (each.is === 'waiting' ? each.duties : [])),
    now,
  )
}

/** An order that reached its target as it is now, or never will, takes no more from stock that was read before. */
function countsOtherwise({ is, delivery }: Settlement): boolean {
  if (delivery.entity !== 'SalesOrder') return false
  return is === 'linked' || is === 'skipped' || is === 'applied'
}

const isNew = ({ delivery }: Settlement) => delivery.targetId === null

function foundNews(settlement: Settlement): readonly Hint[] {
  if (settlement.is !== 'linked') return []
  const { delivery, targetId } = settlement
  return newsOf({ entity: delivery.entity, to: delivery.to, targetId })
}
