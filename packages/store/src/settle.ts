import { addNews, newsOfOutcome, type Publishing } from './bus/outbox.ts'
import { at, type Db, type Query } from './db.ts'
import { addDuties } from './deliveries.ts'
import { journalOf } from './journal.ts'
import { addLinks, endsOf, findLinks, lockEnds, newsOf, wakeWaiting } from './links.ts'
import { addHints } from './notices.ts'
import { countSettled } from './runs.ts'
import { ordersThatTake, stockHints } from './stock.ts'
import type { Hint, JournalEntry, LinkKey, NewLink, Settlement, SettleResult, Trouble } from './store.ts'

/**
 * What became of deliveries: link, state, attempt, journal and everything that goes on because of it, in one
 * transaction. The fence decides: a worker that was thought dead and comes back late changes nothing.
 */
export async function settle(
  db: Db,
  settlements: readonly Settlement[],
  now: number,
  publishing: Publishing | null,
): Promise<readonly SettleResult[]> {
  if (settlements.length === 0) return []
  return db.transaction(async query => {
    await lockEnds(query, settlements.flatMap(endsIn))
    const owned = await own(query, settlements)
    const ours = settlements.filter(settlement => owned.has(keyOf(settlement)))
    const links = ours.flatMap(newLink)
    const refused = await addLinks(query, links, now, publishing)
    const taken = new Set(refused.map(link => JSON.stringify([link.flow, link.id])))
    const isTaken = (settlement: Settlement) => taken.has(keyOf(settlement))
    const plain = ours.map(settlement => (isTaken(settlement) ? parkedAsTaken(settlement) : settlement))
    await saveWaiting(query, plain)
    const linked = await alreadyLinked(query, plain)
    const states = plain.map(each =>
      nextState(each, owned.get(keyOf(each)) ?? false, linked.has(keyOf(each)), now),
    )
    await saveOutcomes(query, plain, states, now)
    if (publishing) await addNews(query, states.filter(isOutcome).map(newsOfOutcome))
    await wakeWaiting(
      query,
      links.filter(link => !taken.has(JSON.stringify([link.flow, link.id]))),
      now,
    )
    await goOn(query, plain, now)
    await countSettled(query, plain)
    return settlements.map(settlement => {
      if (!owned.has(keyOf(settlement))) return 'lost'
      return isTaken(settlement) ? 'taken' : 'settled'
    })
  })
}

const keyOf = (settlement: Settlement) => JSON.stringify([settlement.delivery.flow, settlement.delivery.id])
const keys = (settlements: readonly Settlement[]) => [
  settlements.map(({ delivery }) => delivery.flow),
  settlements.map(({ delivery }) => delivery.id),
]

/** The deliveries that are still ours, and whether each was owed anew since it was claimed. They wait for nobody now. */
async function own(query: Query, settlements: readonly Settlement[]): Promise<Map<string, boolean>> {
  const rows = await query<{ flow: string; id: string; outdated: boolean }>(
    'own',
    `with mine as (
       select d.flow, d.id, d.gen <> d.claimed_gen outdated from delivery d
       join unnest($1::text[], $2::text[], $3::bigint[]) k(flow, id, fence)
         on d.flow = k.flow and d.id = k.id and d.fence = k.fence
       where d.state = 'running' order by d.flow, d.id for update of d),
     forgotten as (delete from waiting w using mine m where w.flow = m.flow and w.id = m.id)
     select flow, id, outdated from mine`,
    [...keys(settlements), settlements.map(({ delivery }) => delivery.fence)],
  )
  return new Map(rows.map(row => [JSON.stringify([row.flow, row.id]), row.outdated]))
}

function newLink(settlement: Settlement): readonly NewLink[] {
  const { delivery } = settlement
  const ends = {
    entity: delivery.entity,
    connection: delivery.from,
    id: delivery.id,
    to: delivery.to,
    flow: delivery.flow,
  }
  if (settlement.is === 'applied')
    return [{ ...ends, targetId: settlement.targetId, how: 'written', alias: false }]
  if (settlement.is === 'linked')
    return [{ ...ends, targetId: settlement.targetId, how: settlement.how, alias: settlement.alias }]
  return []
}

/** What is linked by this, or waited for. What was linked before woke everybody then. */
function endsIn(settlement: Settlement): readonly LinkKey[] {
  const made = newLink(settlement).filter(({ targetId }) => targetId !== settlement.delivery.targetId)
  return [...made.flatMap(endsOf), ...linksOf(settlement)]
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

interface State {
  readonly flow: string
  readonly id: string
  readonly state: string
  readonly run_at: string
  readonly tries: number
  readonly keep_intent: boolean
  readonly sent_hash: string | null
  readonly clear_force: boolean
  readonly problem_kind: string | null
  readonly problem: string | null
  readonly settled: boolean
}

const isOutcome = ({ state }: State) => ['done', 'skipped', 'parked'].includes(state)

/** Pure: where a delivery stands after this. `outdated`: it was owed anew while it was under way. */
function nextState(settlement: Settlement, outdated: boolean, linked: boolean, now: number): State {
  const { delivery } = settlement
  const trouble = troubleOf(settlement)
  const base = {
    flow: delivery.flow,
    id: delivery.id,
    run_at: at(now),
    tries: 0,
    keep_intent: false,
    sent_hash: delivery.sentHash,
    clear_force: false,
    problem_kind: trouble?.kind ?? null,
    problem: trouble?.words ?? null,
    settled: false,
  }
  const ended = outdated ? 'ready' : 'done'
  switch (settlement.is) {
    case 'applied': {
      const { rest, again, sentHash } = settlement
      if (rest) {
        const state = outdated ? 'ready' : rest.at === null ? 'parked' : 'later'
        const run_at = at(outdated ? now : (rest.at ?? now))
        return { ...base, state, run_at, tries: delivery.tries + 1, sent_hash: null, settled: true }
      }
      const state = outdated ? 'ready' : again === null ? 'done' : 'later'
      // A write that is due again must not be held for a repetition of this one.
      const sent_hash = again === null ? sentHash : null
      const run_at = at(state === 'later' ? (again ?? now) : now)
      return { ...base, state, run_at, sent_hash, clear_force: !outdated, settled: true }
    }
    case 'linked':
      return { ...base, state: 'ready' }
    case 'unchanged':
      return { ...base, state: ended, clear_force: !outdated, settled: true }
    case 'skipped':
      return {
        ...base,
        state: outdated || linked ? 'ready' : 'skipped',
        clear_force: !outdated,
        settled: true,
        keep_intent: settlement.intent === 'keep',
      }
    case 'parked': {
      const keep_intent = settlement.intent === 'keep'
      return {
        ...base,
        state: outdated && !keep_intent ? 'ready' : 'parked',
        tries: delivery.tries + 1,
        keep_intent,
      }
    }
    case 'later': {
      const tries = delivery.tries + (settlement.counts ? 1 : 0)
      return {
        ...base,
        state: 'later',
        run_at: at(settlement.at),
        tries,
        keep_intent: settlement.intent === 'keep',
      }
    }
    case 'waiting': {
      const goesOn = outdated || linked
      return {
        ...base,
        state: goesOn ? 'ready' : 'waiting',
        run_at: at(goesOn ? now : settlement.at),
        // Waiting is no failure of this record, however long it takes; one try tells that it is not new.
        tries: Math.max(delivery.tries, 1),
        // A create that may have arrived has to be looked for when the waiting is over.
        keep_intent: true,
        problem_kind: 'waiting',
        problem: settlement.words,
      }
    }
  }
}

function troubleOf(settlement: Settlement): Trouble | null {
  if (settlement.is === 'parked') return settlement.trouble
  if (settlement.is === 'later') return settlement.trouble
  if (settlement.is === 'applied') return settlement.rest
  if (settlement.is === 'skipped') return { kind: 'skipped', words: settlement.words }
  return null
}

/** States, attempts, what the target holds of ours now, and the journal: one statement, one way there and back. */
async function saveOutcomes(
  query: Query,
  settlements: readonly Settlement[],
  states: readonly State[],
  now: number,
): Promise<void> {
  if (states.length === 0) return
  const rows = [states, settlements.map(attempt), settlements.flatMap(written), settlements.flatMap(entry)]
  await query('save-outcomes', SAVE_OUTCOMES, [at(now), ...rows.map(each => JSON.stringify(each))])
}

const SAVE_OUTCOMES = `
  with due as materialized (
    select x.*, nextval('delivery_seq') next_seq
    from jsonb_to_recordset($2::jsonb) x(flow text, id text, state text, run_at timestamptz, tries int,
      keep_intent boolean, sent_hash text, clear_force boolean, problem_kind text, problem text, settled boolean)),
  states as (
    update delivery d set state = s.state, run_at = s.run_at, tries = s.tries, sent_hash = s.sent_hash,
      force = d.force and not s.clear_force, problem_kind = s.problem_kind, problem = s.problem,
      lease_until = null, node = null,
      intent = case when s.keep_intent then d.intent end,
      intent_key = case when s.keep_intent then d.intent_key end,
      send_by = case when s.keep_intent then d.send_by end,
      settled_by = case when s.keep_intent then d.settled_by end,
      seq = case when s.state = 'ready' then s.next_seq else d.seq end,
      parked_at = case when s.state = 'parked' then $1::timestamptz end,
      settled_at = case when s.settled then $1::timestamptz else d.settled_at end,
      expect = case when s.settled then null else d.expect end
    from due s where d.flow = s.flow and d.id = s.id),
  attempts as (
    update attempt a set ended_at = $1, outcome = s.outcome, target_id = s.target_id,
      problem_kind = s.problem_kind, problem = s.problem
    from jsonb_to_recordset($3::jsonb) s(flow text, id text, outcome text, target_id text, problem_kind text,
      problem text)
    join delivery d on d.flow = s.flow and d.id = s.id
    where a.flow = s.flow and a.id = s.id and a.attempt = d.attempt and a.ended_at is null),
  written as (
    insert into written (connection, entity, id, version, from_connection, source_hash, bounces, at)
    select w.connection, w.entity, w.id, w.version, w."from", w.hash, coalesce(e.bounces + 1, 0), $1
    from jsonb_to_recordset($4::jsonb)
      w(connection text, entity text, id text, version text, "from" text, source text, hash text)
    left join record r on r.connection = w."from" and r.entity = w.entity and r.id = w.source
    left join written e on e.connection = r.connection and e.entity = r.entity and e.id = r.id
      and e.version = r.version and e.from_connection = w.connection
    order by 1, 2, 3
    on conflict (connection, entity, id) do update set version = excluded.version,
      from_connection = excluded.from_connection, source_hash = excluded.source_hash, bounces = excluded.bounces,
      at = excluded.at)
  ${journalOf('$5', '$1')}`

function linksOf(settlement: Settlement): readonly LinkKey[] {
  if (settlement.is === 'waiting') return settlement.links
  return settlement.is === 'skipped' ? (settlement.links ?? []) : []
}

async function saveWaiting(query: Query, settlements: readonly Settlement[]): Promise<void> {
  const rows = settlements.flatMap(settlement =>
    linksOf(settlement).map(link => ({ flow: settlement.delivery.flow, id: settlement.delivery.id, link })),
  )
  if (rows.length === 0) return
  await query(
    'save-waiting',
    `insert into waiting (flow, id, entity, from_connection, from_id, to_connection)
     select w.flow, w.id, l.entity, l.connection, l.id, l."to"
     from jsonb_to_recordset($1::jsonb) w(flow text, id text, link jsonb),
       jsonb_to_record(w.link) l(entity text, connection text, id text, "to" text)
     on conflict do nothing`,
    [JSON.stringify(rows)],
  )
}

/** Whose last missing link was made between looking and waiting: those need not wait. */
async function alreadyLinked(query: Query, settlements: readonly Settlement[]): Promise<Set<string>> {
  const linked = new Set<string>()
  for (const settlement of settlements) {
    const missing = linksOf(settlement)
    if (missing.length === 0) continue
    const targets = await findLinks(query, missing)
    if (targets.every(target => target !== null)) linked.add(keyOf(settlement))
  }
  return linked
}

function attempt(settlement: Settlement) {
  return {
    flow: settlement.delivery.flow,
    id: settlement.delivery.id,
    outcome: outcomeOf(settlement),
    target_id: 'targetId' in settlement ? settlement.targetId : null,
    problem_kind: troubleOf(settlement)?.kind ?? null,
    problem: troubleOf(settlement)?.words ?? null,
  }
}

function outcomeOf(settlement: Settlement): string {
  if (settlement.is === 'applied' || settlement.is === 'linked') return 'applied'
  const keeps = settlement.is === 'waiting' || ('intent' in settlement && settlement.intent === 'keep')
  return keeps ? 'unknown' : 'refused'
}

function written(settlement: Settlement) {
  if (settlement.is !== 'applied') return []
  const { delivery, targetId, version } = settlement
  const source = { from: delivery.from, source: delivery.id, hash: delivery.record?.hash ?? null }
  return [{ connection: delivery.to, entity: delivery.entity, id: targetId, version, ...source }]
}

/** What a person would want to read later. Waiting a second time for the same thing is not news. */
function entry(settlement: Settlement): readonly JournalEntry[] {
  const { delivery } = settlement
  const base = {
    connection: delivery.from,
    entity: delivery.entity,
    id: delivery.id,
    flow: delivery.flow,
    who: 'linchpin',
  }
  switch (settlement.is) {
    case 'applied': {
      const detail = { targetId: settlement.targetId, number: settlement.number }
      const applied = { ...base, what: 'applied', words: settlement.words, detail }
      return settlement.rest
        ? [applied, { ...base, what: 'incomplete', words: settlement.rest.words }]
        : [applied]
    }
    case 'linked':
      return [
        {
          ...base,
          what: 'linked',
          words: `It is ${settlement.targetId} of ${delivery.to}: ${settlement.how}.`,
        },
      ]
    case 'unchanged':
      return []
    case 'skipped':
      return [{ ...base, what: 'skipped', words: settlement.words }]
    case 'parked':
      return [
        {
          ...base,
          what: 'parked',
          words: settlement.trouble.words,
          detail: { kind: settlement.trouble.kind },
        },
      ]
    case 'later':
      return settlement.trouble && delivery.tries === 0
        ? [{ ...base, what: 'delayed', words: settlement.trouble.words }]
        : []
    case 'waiting':
      return delivery.tries === 0 ? [{ ...base, what: 'waiting', words: settlement.words }] : []
  }
}

async function goOn(query: Query, settlements: readonly Settlement[], now: number): Promise<void> {
  const hints = settlements.flatMap(each =>
    each.is === 'waiting' || each.is === 'applied' ? each.hints : foundNews(each),
  )
  const counted = [
    ...settlements.filter(countsOtherwise).map(({ delivery }) => delivery),
    ...(await ordersThatTake(query, settlements.filter(isNew).flatMap(newLink))),
  ]
  await addHints(query, [...hints, ...(await stockHints(query, counted, now))], now)
  await addDuties(
    query,
    settlements.flatMap(each => (each.is === 'waiting' ? each.duties : [])),
    now,
  )
}

const isNew = ({ delivery }: Settlement) => delivery.targetId === null

function foundNews(settlement: Settlement): readonly Hint[] {
  if (settlement.is !== 'linked') return []
  const { delivery, targetId } = settlement
  return newsOf({ entity: delivery.entity, to: delivery.to, targetId })
}

/** An order that reached its target as it is now, or never will, takes no more from stock that was read before. */
function countsOtherwise({ is, delivery }: Settlement): boolean {
  if (delivery.entity !== 'SalesOrder') return false
  return is === 'linked' || is === 'skipped' || is === 'applied'
}
