import type { Delivery, DeliveryClaim, Duty, Intent } from '@linchpin/store'
import { findLinks, isLinked } from './links.ts'
import { storedRecord } from './records.ts'
import { by, json, keyOf, setState, type DeliveryRow, type NoticeRow, type Tables } from './tables.ts'

type DutyRow = Duty & { readonly id: string }

export function owe(tables: Tables, duties: readonly DutyRow[], now: number): number {
  const merged = new Map<string, DutyRow>()
  for (const duty of duties) {
    const key = keyOf(duty.flow, duty.id)
    const earlier = merged.get(key)
    const force = earlier?.force === true || duty.force === true
    const onlyIfSettled = (earlier?.onlyIfSettled ?? true) && duty.onlyIfSettled === true
    merged.set(key, { ...duty, force, onlyIfSettled })
  }
  const due = [...merged.values()]
    .filter(duty => !duty.onlyIfSettled || isSettled(tables, duty))
    .filter(
      duty => duty.force || !duty.onlyIfLinked || isLinked(tables, ends(duty)) || !isSettled(tables, duty),
    )
    .toSorted(
      by(
        duty => duty.flow,
        duty => duty.id,
      ),
    )
  for (const duty of due) {
    oweOne(tables, duty, now)
    tables.rings.add(`deliveries ${duty.to}`)
  }
  return due.length
}

function isSettled(tables: Tables, { flow, id }: DutyRow): boolean {
  const state = tables.deliveries.get(keyOf(flow, id))?.state ?? 'done'
  return state === 'done' || state === 'skipped'
}

const ends = (row: Pick<DeliveryRow, 'entity' | 'from' | 'id' | 'to'>) => ({
  entity: row.entity,
  connection: row.from,
  id: row.id,
  to: row.to,
})

function oweOne(tables: Tables, duty: DutyRow, now: number): void {
  const row = tables.deliveries.get(keyOf(duty.flow, duty.id))
  tables.deliverySeq += 1
  if (!row) {
    tables.deliveries.set(keyOf(duty.flow, duty.id), newDelivery(duty, tables.deliverySeq, now))
    return
  }
  row.gen += 1
  row.expect = duty.expect ?? null
  row.force ||= duty.force ?? false
  row.worth = duty.worth?.amount ?? row.worth
  row.currency = duty.worth?.currency ?? row.currency
  if (row.state !== 'ready') row.owedAt = now
  row.tries = 0
  if (row.state === 'running') return
  row.lane = duty.lane
  if (row.state !== 'ready') row.seq = tables.deliverySeq
  if (row.state === 'later') return
  row.runAt = now
  if (row.state !== 'parked' || row.intent === null) setState(tables, row, 'ready')
}

function newDelivery(duty: DutyRow, seq: number, now: number): DeliveryRow {
  const { flow, id, entity, from, to, lane, force = false, worth } = duty
  return {
    flow,
    id,
    entity,
    from,
    to,
    lane,
    state: 'ready',
    seq,
    force,
    gen: 1,
    claimedGen: 0,
    owedAt: now,
    runAt: now,
    leaseUntil: null,
    node: null,
    fence: 0,
    tries: 0,
    attempt: 0,
    intent: null,
    intentKey: null,
    sendBy: null,
    settledBy: null,
    unansweredBy: null,
    doubtHash: null,
    sentHash: null,
    expect: duty.expect ?? null,
    era: 0,
    problemKind: null,
    problem: null,
    parkedAt: null,
    worth: worth?.amount ?? null,
    currency: worth?.currency ?? null,
    settledAt: null,
    readAfter: null,
    sureSince: (duty.madeAt ?? now - HEARD_OF_WITHIN_MS) - CLOCKS_MS,
  }
}

/** As the store has them. */
const HEARD_OF_WITHIN_MS = 7 * 86_400_000
const CLOCKS_MS = 3_600_000
const FORGOTTEN_CLAIMS = 1_000

export function claimDeliveries(tables: Tables, claim: DeliveryClaim): readonly Delivery[] {
  const picked = readyFor(tables, claim).slice(0, claim.limit)
  const lanes = new Map<string, DeliveryRow>()
  for (const row of picked) {
    const lane = keyOf(row.to, row.lane)
    if (!lanes.has(lane)) lanes.set(lane, row)
  }
  const claimed = [...lanes.values()].toSorted(by(row => row.seq))
  for (const row of claimed) {
    setState(tables, row, 'running')
    row.node = claim.node
    row.leaseUntil = claim.now + claim.leaseMs
    row.claimedGen = row.gen
    if (tables.lostAt !== null && tables.lostAt > (row.sureSince ?? -Infinity))
      doubt(tables, row, tables.lostAt)
    else row.fence += 1
  }
  const { runs = {}, rowsOf = [] } = claim
  return claimed.map(row => ({
    ...delivery(tables, row, rowsOf.includes(row.flow)),
    ...(row.flow in runs ? { inRun: true } : {}),
  }))
}

/** An older state was brought back since this record was last looked at: it may have been written meanwhile. */
function doubt(tables: Tables, row: DeliveryRow, lostAt: number): void {
  const { inFlightMs = 0, unseenMs = null } = tables.flows.get(row.flow) ?? {}
  const arrivedAt = lostAt + inFlightMs
  row.fence += FORGOTTEN_CLAIMS
  row.sureSince = lostAt
  row.readAfter = Math.max(row.readAfter ?? lostAt, lostAt)
  row.unansweredBy = Math.max(row.unansweredBy ?? arrivedAt, arrivedAt)
  row.doubtHash = ''
  row.sentHash = null
  if (unseenMs === null) return
  row.intent ??= 'create'
  row.sendBy = Math.max(row.sendBy ?? arrivedAt, arrivedAt)
  row.settledBy = Math.max(row.settledBy ?? 0, arrivedAt + unseenMs)
}

/** Of one flow after the other, each in the order of its turns. */
function readyFor(tables: Tables, { flows, now, runs }: DeliveryClaim): readonly DeliveryRow[] {
  const ready = new Map<string, DeliveryRow[]>(flows.map(flow => [flow, []]))
  for (const row of tables.deliveries.values()) {
    if (row.state !== 'ready' || row.runAt > now) continue
    const isLet = row.force || row.tries > 0 || row.owedAt <= (runs?.[row.flow] ?? Infinity)
    if (isLet && !tables.lanes.has(keyOf(row.to, row.lane))) ready.get(row.flow)?.push(row)
  }
  return [...ready.values()].flatMap(rows => rows.toSorted(by(row => row.seq)))
}

function delivery(tables: Tables, row: DeliveryRow, whole: boolean): Delivery {
  const { flow, entity, id, from, to, lane, force, gen, fence, tries, attempt, sentHash, expect, era } = row
  const record = tables.records.get(keyOf(from, entity, id))
  const [targetId = null] = findLinks(tables, [ends(row)])
  return {
    flow,
    entity,
    id,
    from,
    to,
    lane,
    force,
    gen,
    fence,
    tries,
    attempt,
    intent:
      row.intent === null
        ? null
        : {
            operation: row.intent,
            sendBy: row.sendBy ?? 0,
            settledBy: row.settledBy ?? 0,
            isSupposed: row.intentKey === null,
          },
    unansweredBy: row.unansweredBy,
    doubtHash: row.doubtHash,
    sentHash,
    expect,
    era,
    ...(row.readAfter === null ? {} : { readAfter: row.readAfter }),
    record: record ? { ...storedRecord(record), ...(whole ? { row: record.row } : {}) } : null,
    targetId,
  }
}

/** The delivery that this one was claimed as, if it is still claimed so. */
export function held(tables: Tables, claimed: Delivery): DeliveryRow | null {
  const row = tables.deliveries.get(keyOf(claimed.flow, claimed.id))
  return row?.state === 'running' && row.fence === claimed.fence ? row : null
}

export function intend(tables: Tables, intents: readonly Intent[], now: number): readonly string[] {
  return intents.flatMap(
    ({ delivery: claimed, node, operation, key, sendBy, settledBy, request, ...sent }) => {
      const row = held(tables, claimed)
      if (!row) return []
      if (row.intent !== null) row.unansweredBy = row.sendBy
      row.doubtHash = sent.isAlone || row.doubtHash === sent.hash ? sent.hash : ''
      Object.assign(row, { intent: operation, intentKey: key, sendBy, settledBy, attempt: row.attempt + 1 })
      row.leaseUntil = Math.max(row.leaseUntil ?? 0, settledBy)
      const { flow, id, attempt } = row
      const open = { endedAt: null, outcome: null, targetId: null, problemKind: null, problem: null }
      const asked = { node, operation, key, request: json(request) }
      tables.attempts.set(keyOf(flow, id, attempt), { flow, id, attempt, at: now, ...asked, ...open })
      return [id]
    },
  )
}

/** What is due becomes ready, and what is held beyond its lease is freed. Answers the time until the next, in ms. */
export function wake(tables: Tables, now: number): number | null {
  const deliveries = [...tables.deliveries.values()].filter(row => dueAt(row) <= now)
  for (const row of deliveries
    .toSorted(
      by<DeliveryRow>(
        at,
        row => row.flow,
        row => row.id,
      ),
    )
    .slice(0, MOST)) {
    setState(tables, row, 'ready')
    row.seq = tables.deliverySeq += 1
    row.leaseUntil = null
    tables.rings.add(`deliveries ${row.to}`)
  }
  const notices = [...tables.notices.values()].filter(row => noticeDueAt(row) <= now)
  for (const row of notices
    .toSorted(by<NoticeRow>(at, row => keyOf(row.connection, row.entity, row.id)))
    .slice(0, MOST)) {
    row.state = 'ready'
    row.seq = tables.noticeSeq += 1
    row.leaseUntil = null
    tables.rings.add(`notices ${row.connection}`)
  }
  return untilNext(tables, now)
}

const MOST = 1000
const at = (row: { runAt: number }) => row.runAt

function dueAt(row: DeliveryRow): number {
  if (row.state === 'later' || row.state === 'waiting') return row.runAt
  return row.state === 'running' ? (row.leaseUntil ?? Infinity) : Infinity
}

function noticeDueAt(row: NoticeRow): number {
  if (row.state === 'later') return row.runAt
  return row.state === 'running' ? (row.leaseUntil ?? Infinity) : Infinity
}

function untilNext(tables: Tables, now: number): number | null {
  let next = Infinity
  for (const row of tables.deliveries.values()) next = Math.min(next, dueAt(row))
  for (const row of tables.notices.values()) next = Math.min(next, noticeDueAt(row))
  return next === Infinity ? null : Math.max(0, next - now)
}
