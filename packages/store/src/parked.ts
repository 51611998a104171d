import type { EntityName } from '@linchpin/model'
import { addNews, newsOfOutcome, type Publishing } from './bus/outbox.ts'
import { at, ring, type Db, type Query } from './db.ts'
import { write as writeJournal } from './journal.ts'
import { addLinks, endsOf, lockEnds, newsOf, wakeWaiting } from './links.ts'
import { addHints } from './notices.ts'
import { ordersThatTake, stockHints } from './stock.ts'
import { DELIVERY_COLUMNS, deliveryState, type DeliveryStateRow } from './trace.ts'
import type { LinkKey, ParkedDelivery, Status, Which } from './store.ts'

/** Deliveries that need a person. */
export async function parked(
  db: Db,
  filter: { flow?: string; limit: number },
): Promise<readonly ParkedDelivery[]> {
  const rows = await db.query<
    DeliveryStateRow & {
      parked_at: number
      worth: string | null
      currency: string | null
      intent: string | null
      label: string | null
    }
  >(
    'parked',
    `select ${DELIVERY_COLUMNS}, d.parked_at, d.worth::text worth, d.currency, d.intent,
       (select value from reference r where r.connection = d.from_connection and r.entity = d.entity and r.id = d.id
        order by (r.kind = 'number') desc, r.kind, r.value limit 1) label
     from delivery d where d.state = 'parked' and ($1::text is null or d.flow = $1)
     order by d.parked_at, d.flow, d.id limit $2`,
    [filter.flow ?? null, filter.limit],
  )
  return rows.map(row => ({
    ...deliveryState(row),
    parkedAt: row.parked_at,
    worth: row.worth === null || row.currency === null ? null : { amount: row.worth, currency: row.currency },
    label: row.label,
    unknown: row.intent !== null,
  }))
}

export async function retryParked(db: Db, which: Which, who: string, now: number): Promise<number> {
  return change(db, which, who, now, {
    // "Did it arrive?" is answered, not retried: sending it again blindly could double it.
    where: 'intent is null',
    set: `state = 'ready', run_at = $3, tries = 0, parked_at = null, force = true, seq = due.next_seq`,
    what: 'retried',
    words: 'Retried by hand.',
    // Whoever retries has often just corrected the record where it comes from, or thrown it away there.
    rereads: true,
    // How it ends is told then.
    publishing: null,
  })
}

export async function skipParked(
  db: Db,
  which: Which,
  who: string,
  reason: string,
  now: number,
  publishing: Publishing | null,
): Promise<number> {
  return change(db, which, who, now, {
    where: 'true',
    set: `state = 'skipped', run_at = $3, parked_at = null, intent = null, intent_key = null, settled_at = $3`,
    what: 'skipped',
    words: reason,
    rereads: false,
    publishing,
  })
}

async function change(
  db: Db,
  which: Which,
  who: string,
  now: number,
  how: {
    where: string
    set: string
    what: string
    words: string
    rereads: boolean
    publishing: Publishing | null
  },
): Promise<number> {
  return db.transaction(async query => {
    const rows = await query<{
      flow: string
      id: string
      entity: EntityName
      from_connection: string
      to_connection: string
    }>(
      `${how.what}-parked`,
      `with due as materialized (
         select flow, id, nextval('delivery_seq') next_seq from delivery
         where state = 'parked' and ${how.where} and ($1::text is null or flow = $1)
           and ($2::text[] is null or id = any($2))
         order by parked_at, flow, id for update)
       update delivery d set ${how.set} from due
       where d.flow = due.flow and d.id = due.id
       returning d.flow, d.id, d.entity, d.from_connection, d.to_connection`,
      [which.flow ?? null, which.ids ?? null, at(now)],
    )
    rows.sort((left, right) => (left.flow + left.id < right.flow + right.id ? -1 : 1))
    const entries = rows.map(row => ({
      connection: row.from_connection,
      entity: row.entity,
      id: row.id,
      flow: row.flow,
      who,
      what: how.what,
      words: how.words,
    }))
    await writeJournal(query, entries, now)
    if (how.publishing) await addNews(query, rows.map(newsOfOutcome))
    const orders = rows.filter(row => row.entity === 'SalesOrder')
    const ends = orders.map(row => ({ from: row.from_connection, id: row.id, to: row.to_connection }))
    const sources = how.rereads
      ? entries.map(({ connection, entity, id }) => ({ connection, entity, id }))
      : []
    const stock = await stockHints(query, ends, now)
    await addHints(query, [...sources.map(key => ({ ...key, cause: 'person' as const })), ...stock], now)
    await ring(
      query,
      rows.map(row => `deliveries ${row.to_connection}`),
    )
    return rows.length
  })
}

export async function answerUnknown(
  db: Db,
  which: { flow: string; id: string },
  arrived: string | null,
  who: string,
  now: number,
  publishing: Publishing | null,
): Promise<boolean> {
  return db.transaction(async query => {
    if (arrived !== null) await lockEnds(query, await endsIfArrived(query, which, arrived))
    const [row] = await query<{ entity: EntityName; from_connection: string; to_connection: string }>(
      'answer-unknown',
      `update delivery set state = 'ready', run_at = $3, tries = 0, parked_at = null, force = true, intent = null,
         intent_key = null, send_by = null, settled_by = null, seq = nextval('delivery_seq')
       where flow = $1 and id = $2 and state = 'parked' and intent is not null
       returning entity, from_connection, to_connection`,
      [which.flow, which.id, at(now)],
    )
    if (!row) return false
    const key = { connection: row.from_connection, entity: row.entity, id: which.id }
    if (arrived !== null) {
      const link = {
        ...key,
        to: row.to_connection,
        targetId: arrived,
        how: `said ${who}`,
        flow: which.flow,
        alias: false,
      }
      const taken = await addLinks(query, [link], now, publishing)
      if (taken.length > 0)
        throw new Error(`${arrived} of ${row.to_connection} is linked to another record already.`)
      await wakeWaiting(query, [link], now)
      const ends = { from: key.connection, id: key.id, to: link.to }
      const orders = row.entity === 'SalesOrder' ? [ends] : await ordersThatTake(query, [link])
      const stock = await stockHints(query, orders, now)
      await addHints(query, [...newsOf(link), ...stock], now)
    }
    const words = arrived === null ? 'It did not arrive; sent again.' : `It arrived as ${arrived}.`
    await writeJournal(query, [{ ...key, flow: which.flow, who, what: 'answered', words }], now)
    await ring(query, [`deliveries ${row.to_connection}`])
    return true
  })
}

async function endsIfArrived(
  query: Query,
  { flow, id }: { flow: string; id: string },
  targetId: string,
): Promise<readonly LinkKey[]> {
  const rows = await query<{ entity: EntityName; connection: string; to: string }>(
    'ends-if-arrived',
    'select entity, from_connection connection, to_connection "to" from delivery where flow = $1 and id = $2',
    [flow, id],
  )
  return rows.flatMap(row => endsOf({ ...row, id, targetId }))
}

export async function status(db: Db): Promise<Status> {
  const deliveries = await db.query<StateRow>(
    'status-deliveries',
    `select flow, state, count(*)::int count, min(owed_at) oldest, currency, sum(worth)::text worth
     from delivery group by flow, state, currency order by flow, state, currency`,
  )
  const notices = await db.query<{ connection: string; count: number; oldest: number | null }>(
    'status-notices',
    'select connection, count(*)::int count, min(run_at) oldest from notice group by connection order by connection',
  )
  const records = await db.query<{ connection: string; entity: EntityName; count: number }>(
    'status-records',
    `select connection, entity, count(*)::int count from record where gone_at is null
     group by connection, entity order by connection, entity`,
  )
  return { deliveries: mergedStates(deliveries), notices, records }
}

export interface StateRow {
  readonly flow: string
  readonly state: string
  readonly count: number
  readonly oldest: number | null
  readonly currency: string | null
  readonly worth: string | null
}

/** Money of one currency can only be summed with its own. */
export function mergedStates(rows: readonly StateRow[]): Status['deliveries'] {
  const byState = new Map<string, Status['deliveries'][number]>()
  for (const { flow, state, count, oldest, currency, worth } of rows) {
    const key = `${flow} ${state}`
    const known = byState.get(key)
    const money = worth === null || currency === null ? [] : [{ amount: worth, currency }]
    byState.set(key, {
      flow,
      state,
      count: (known?.count ?? 0) + count,
      oldest: Math.min(known?.oldest ?? Infinity, oldest ?? Infinity),
      worth: [...(known?.worth ?? []), ...money],
    })
  }
  return [...byState.values()]
}
