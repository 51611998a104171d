import type { EntityName } from '@linchpin/model'
import { at, ringing, type Db, type Query } from './db.ts'
import { sides } from './links.ts'
import { prefixed, RECORD_COLUMNS, storedRecord, type RecordRow } from './records.ts'
import type { Delivery, DeliveryClaim, Duty, Intent } from './store.ts'

/** The standing duties: one row per flow and record; a newer change overwrites the older, two are never in flight. */
export type DutyRow = Duty & { readonly id: string }

export async function owe(db: Db, duties: readonly DutyRow[], now: number): Promise<number> {
  return duties.length === 0 ? 0 : db.transaction(query => addDuties(query, duties, now))
}

/**
 * Owes deliveries. One that is under way is marked as outdated and goes again when it ends; one that waits for its
 * time keeps it, so that fifty changes of one record during an outage are one write; one that a person must decide
 * about ("Did it arrive?") stays parked. One that is ready keeps its place, and the time since when it is owed: what
 * changes all the time must not be left behind for ever.
 */
export async function addDuties(query: Query, duties: readonly DutyRow[], now: number): Promise<number> {
  if (duties.length === 0) return 0
  const rows = unique(duties).map(duty => {
    const { left, right, forward } = sides({ connection: duty.from, to: duty.to })
    const worth = duty.worth ?? null
    const sure = at((duty.madeAt ?? now - HEARD_OF_WITHIN_MS) - CLOCKS_MS)
    const [amount, currency] = [worth?.amount ?? null, worth?.currency ?? null]
    return { ...duty, left, right, forward, amount, currency, sure }
  })
  const [owed] = await query<{ count: number }>(
    'owe',
    `with due as (insert into delivery (flow, id, entity, from_connection, to_connection, lane, state, force, owed_at, run_at,
       worth, currency, expect, sure_since)
     select d.flow, d.id, d.entity, d."from", d."to", d.lane, 'ready', coalesce(d.force, false), $2, $2,
       d.amount, d.currency, d.expect, d.sure
     from jsonb_to_recordset($1::jsonb) d(flow text, id text, entity text, "from" text, "to" text, lane text,
       force boolean, "onlyIfLinked" boolean, "onlyIfSettled" boolean, amount numeric, currency text, expect text,
       "left" text, "right" text, forward boolean, sure timestamptz)
     where (not coalesce(d."onlyIfSettled", false) or not exists (select 1 from delivery o
         where o.flow = d.flow and o.id = d.id and o.state not in ('done', 'skipped')))
       and (d.force or not coalesce(d."onlyIfLinked", false) or exists (select 1 from delivery o
         where o.flow = d.flow and o.id = d.id and o.state not in ('done', 'skipped'))
         or (d.forward and exists (select 1 from link l where l.entity = d.entity and l.left_connection = d."left"
         and l.right_connection = d."right" and l.left_id = d.id))
         or (not d.forward and exists (select 1 from link l where l.entity = d.entity
         and l.left_connection = d."left" and l.right_connection = d."right" and l.right_id = d.id)))
     order by d.flow, d.id
     on conflict (flow, id) do update set
       gen = delivery.gen + 1,
       lane = case when delivery.state = 'running' then delivery.lane else excluded.lane end,
       force = delivery.force or excluded.force,
       worth = coalesce(excluded.worth, delivery.worth), currency = coalesce(excluded.currency, delivery.currency), tries = 0,
       owed_at = case when delivery.state = 'ready' then delivery.owed_at else excluded.owed_at end,
       expect = excluded.expect,
       seq = case when delivery.state in ('ready', 'running') then delivery.seq else nextval('delivery_seq') end,
       run_at = case when delivery.state in ('later', 'running') then delivery.run_at else excluded.run_at end,
       state = case
         when delivery.state in ('running', 'later') then delivery.state
         when delivery.state = 'parked' and delivery.intent is not null then 'parked'
         else 'ready' end
     returning to_connection),
     rung as (${ringing("select distinct 'deliveries ' || to_connection from due")})
     select (select count(*) from due)::int "count", (select count(*) from rung) rung`,
    [JSON.stringify(rows), at(now)],
  )
  return owed?.count ?? 0
}

/** What bears no date of its own is heard of within this time after it came to be. */
const HEARD_OF_WITHIN_MS = 7 * 86_400_000
/** A source's clock may be so far ahead of ours. */
const CLOCKS_MS = 3_600_000

const UNIQUE_VIOLATION = '23505'

export async function claimDeliveries(db: Db, claim: DeliveryClaim): Promise<readonly Delivery[]> {
  try {
    const { runs = {} } = claim
    const rows = await db.query<DeliveryRow>('claim-deliveries', CLAIM, [
      claim.flows,
      claim.limit,
      claim.node,
      at(claim.now + claim.leaseMs),
      at(claim.now),
      claim.flows.map(flow => (runs[flow] == null ? null : at(runs[flow]))),
    ])
    const deliveries = await withRecords(db, rows, claim.rowsOf ?? [])
    return deliveries.map(each => (each.flow in runs ? { ...each, inRun: true } : each))
  } catch (error) {
    // Two nodes reached for two deliveries of one lane at the same moment: the index let one pass. The other comes back.
    if ((error as { code?: string }).code === UNIQUE_VIOLATION) return []
    throw error
  }
}

/** More than a node can have claimed of one record within what is forgotten. */
const FORGOTTEN_CLAIMS = 1_000

/**
 * Where an older state of this database was brought back (memory.ts), what is claimed for the first time since may have
 * been written before, and that is forgotten: its record is read anew, what was last sent counts for nothing, and a create
 * is as open as one whose answer was lost. Claims of before that were forgotten, too, hold nothing any more.
 */
const CLAIM = `
  with picked as materialized (
    select d.flow, d.id, d.to_connection, d.lane, f.ord, d.seq, d.sure_since
    from unnest($1::text[], $6::timestamptz[]) with ordinality f(flow, until, ord)
    cross join lateral (
      select d.flow, d.id, d.to_connection, d.lane, d.seq, d.sure_since from delivery d
      where d.flow = f.flow and d.state = 'ready' and d.run_at <= $5
        and (f.until is null or d.force or d.tries > 0 or d.owed_at <= f.until) and not exists (
        select 1 from delivery r where r.state = 'running' and r.to_connection = d.to_connection and r.lane = d.lane)
      order by d.seq limit $2 for update of d skip locked) d
    limit $2),
  one_a_lane as (
    select distinct on (p.to_connection, p.lane) p.flow, p.id, f.unseen_ms, m.lost_at,
      m.lost_at + f.in_flight_ms * interval '1 millisecond' arrived_at
    from picked p left join flow f on f.name = p.flow
    left join lateral (select greatest(f.lost_at, (select lost_at from memory)) lost_at) m
      on m.lost_at > coalesce(p.sure_since, '-infinity')
    order by p.to_connection, p.lane, p.ord, p.seq)
  update delivery d set state = 'running', node = $3, lease_until = $4, claimed_gen = d.gen,
    fence = d.fence + case when o.lost_at is null then 1 else ${FORGOTTEN_CLAIMS} end,
    sure_since = coalesce(o.lost_at, d.sure_since),
    read_after = greatest(d.read_after, o.lost_at),
    unanswered_by = greatest(d.unanswered_by, o.arrived_at),
    doubt_hash = case when o.lost_at is null then d.doubt_hash else '' end,
    sent_hash = case when o.lost_at is null then d.sent_hash end,
    intent = case when o.lost_at is not null and o.unseen_ms is not null then coalesce(d.intent, 'create')
      else d.intent end,
    send_by = case when o.unseen_ms is null then d.send_by else greatest(d.send_by, o.arrived_at) end,
    settled_by = case when o.unseen_ms is null then d.settled_by
      else greatest(d.settled_by, o.arrived_at + o.unseen_ms * interval '1 millisecond') end
  from one_a_lane o where d.flow = o.flow and d.id = o.id
  returning d.flow, d.id, d.entity, d.from_connection, d.to_connection, d.lane, d.force, d.gen, d.fence, d.tries,
    d.attempt, d.intent, d.intent_key, d.send_by, d.settled_by, d.unanswered_by, d.doubt_hash, d.sent_hash, d.expect, d.era, d.read_after, d.seq`

interface DeliveryRow {
  readonly flow: string
  readonly id: string
  readonly entity: EntityName
  readonly from_connection: string
  readonly to_connection: string
  readonly lane: string
  readonly force: boolean
  readonly gen: number
  readonly fence: number
  readonly tries: number
  readonly attempt: number
  readonly intent: 'create' | 'update' | null
  readonly intent_key: string | null
  readonly send_by: number | null
  readonly settled_by: number | null
  readonly unanswered_by: number | null
  readonly doubt_hash: string | null
  readonly sent_hash: string | null
  readonly expect: string | null
  readonly read_after: number | null
  readonly era: number
  readonly seq: number
}

/** What a delivery needs to be decided on: its record as it was last read, and what it is linked to. */
async function withRecords(
  db: Db,
  rows: readonly DeliveryRow[],
  rowsOf: readonly string[],
): Promise<readonly Delivery[]> {
  if (rows.length === 0) return []
  const keys = rows.map((row, n) => {
    const { left, right, forward } = sides({ connection: row.from_connection, to: row.to_connection })
    const whole = rowsOf.includes(row.flow)
    return { n, connection: row.from_connection, entity: row.entity, id: row.id, left, right, forward, whole }
  })
  const found = await db.query<FoundRow & { n: number }>(
    'delivery-records',
    `select k.n, ${prefixed('r', RECORD_COLUMNS)}, case when k.whole then r.row end "row",
       case when k.forward then
         (select l.right_id from link l where l.entity = k.entity and l.left_connection = k."left"
            and l.right_connection = k."right" and l.left_id = k.id
          order by l.alias, l.left_id, l.right_id limit 1)
       else
         (select l.left_id from link l where l.entity = k.entity and l.left_connection = k."left"
            and l.right_connection = k."right" and l.right_id = k.id
          order by l.alias, l.left_id, l.right_id limit 1) end target
     from jsonb_to_recordset($1::jsonb) k(n int, connection text, entity text, id text, "left" text, "right" text,
       forward boolean, whole boolean)
     left join record r on r.connection = k.connection and r.entity = k.entity and r.id = k.id`,
    [JSON.stringify(keys)],
  )
  const byNumber = new Map(found.map(row => [row.n, row]))
  return rows
    .map((row, n) => delivery(row, byNumber.get(n)))
    .map((each, n) => ({ each, seq: rows[n]?.seq ?? 0 }))
    .toSorted((left, right) => left.seq - right.seq)
    .map(({ each }) => each)
}

type FoundRow = RecordRow & { readonly target: string | null; readonly row: unknown }

function delivery(row: DeliveryRow, found: FoundRow | undefined): Delivery {
  const { flow, entity, id, lane, force, gen, fence, tries, attempt } = row
  return {
    flow,
    entity,
    id,
    from: row.from_connection,
    to: row.to_connection,
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
            sendBy: row.send_by ?? 0,
            settledBy: row.settled_by ?? 0,
            // What was really sent has its key.
            isSupposed: row.intent_key === null,
          },
    unansweredBy: row.unanswered_by,
    doubtHash: row.doubt_hash,
    sentHash: row.sent_hash,
    expect: row.expect,
    era: row.era,
    ...(row.read_after === null ? {} : { readAfter: row.read_after }),
    record: found?.version === undefined || found.version === null ? null : recordOf(found),
    targetId: found?.target ?? null,
  }
}

const recordOf = (found: FoundRow) =>
  found.row === null ? storedRecord(found) : { ...storedRecord(found), row: found.row }

/**
 * The intent is durable before the request leaves. Answers the ids of those that are still ours; these are held until
 * their write is over, however long those claimed with them took.
 */
export async function intend(db: Db, intents: readonly Intent[], now: number): Promise<readonly string[]> {
  if (intents.length === 0) return []
  const rows = intents.map(({ delivery: { flow, id, fence }, sendBy, settledBy, ...rest }) => ({
    flow,
    id,
    fence,
    ...rest,
    send_by: at(sendBy),
    settled_by: at(settledBy),
  }))
  const ours = await db.query<{ id: string }>('intend', INTEND, [JSON.stringify(rows), at(now)])
  return ours.map(row => row.id)
}

/** One statement, so one way to the database and back: every order waits for this before it is sent. */
const INTEND = `
  with ours as (
    update delivery d set intent = i.operation, intent_key = i.key, send_by = i.send_by, settled_by = i.settled_by,
      unanswered_by = case when d.intent is null then d.unanswered_by else d.send_by end,
      doubt_hash = case when i."isAlone" or d.doubt_hash = i.hash then i.hash else '' end,
      attempt = d.attempt + 1, lease_until = greatest(d.lease_until, i.settled_by)
    from jsonb_to_recordset($1::jsonb) i(flow text, id text, fence bigint, node text, operation text, key text,
      send_by timestamptz, settled_by timestamptz, request jsonb, mapping int, hash text, "isAlone" boolean)
    where d.flow = i.flow and d.id = i.id and d.fence = i.fence and d.state = 'running'
    returning d.flow, d.id, d.attempt, i.node, i.operation, i.key, i.request,
      coalesce(i.mapping, 0) mapping),
  kept as (
    insert into attempt (flow, id, attempt, at, node, operation, key, request, mapping)
    select flow, id, attempt, $2, node, operation, key, request, mapping from ours)
  select id from ours`

/** What is due becomes ready, and what a node held beyond its lease is freed. Answers the time until the next, in ms. */
export async function wake(db: Db, now: number): Promise<number | null> {
  const [row] = await db.query<{ deliveries: number; notices: number; next: number | null }>('wake', WAKE, [
    at(now),
  ])
  // There may be more that is due.
  if (row && Math.max(row.deliveries, row.notices) >= WOKEN_AT_ONCE) return 0
  return row?.next == null ? null : Math.max(0, row.next - now)
}

const WOKEN_AT_ONCE = 1_000

/** One statement, since every node asks every two seconds; what it has just woken is not seen by its last part. */
const WAKE = `
  with due as materialized (
    select flow, id, nextval('delivery_seq') next_seq from delivery
    where (state in ('later', 'waiting') and run_at <= $1) or (state = 'running' and lease_until <= $1)
    order by run_at, flow, id limit ${WOKEN_AT_ONCE} for update skip locked),
  deliveries as (
    update delivery d set state = 'ready', seq = due.next_seq, lease_until = null from due
    where d.flow = due.flow and d.id = due.id
    returning d.to_connection),
  due_notices as materialized (
    select connection, entity, id, nextval('notice_seq') next_seq from notice
    where (state = 'later' and run_at <= $1) or (state = 'running' and lease_until <= $1)
    order by run_at, connection, entity, id limit ${WOKEN_AT_ONCE} for update skip locked),
  notices as (
    update notice n set state = 'ready', seq = due.next_seq, lease_until = null from due_notices due
    where n.connection = due.connection and n.entity = due.entity and n.id = due.id
    returning n.connection),
  rung as (${ringing(`select distinct 'deliveries ' || to_connection from deliveries
    union all select distinct 'notices ' || connection from notices`)})
  select (select count(*) from deliveries)::int deliveries, (select count(*) from notices)::int notices,
    (select count(*) from rung) rung,
    least(
      (select min(run_at) from delivery where state in ('later', 'waiting') and run_at > $1),
      (select min(lease_until) from delivery where state = 'running' and lease_until > $1),
      (select min(case when state = 'later' then run_at else lease_until end) from notice
       where state <> 'ready' and case when state = 'later' then run_at else lease_until end > $1)) "next"`

function unique(duties: readonly DutyRow[]): readonly DutyRow[] {
  const byKey = new Map<string, DutyRow>()
  for (const duty of duties) {
    const key = JSON.stringify([duty.flow, duty.id])
    byKey.set(key, merged(byKey.get(key), duty))
  }
  return [...byKey.values()]
}

/** The later one of two, as strong as the stronger. */
function merged(earlier: DutyRow | undefined, later: DutyRow): DutyRow {
  if (earlier === undefined) return later
  const force = (earlier.force || later.force) ?? false
  return { ...later, force, onlyIfSettled: (earlier.onlyIfSettled && later.onlyIfSettled) ?? false }
}
