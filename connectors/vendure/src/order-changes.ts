import { sweepFrom, type Cursor, type Page, type Snapshot } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { snapshotOf, sweepListing } from './listing.ts'
import { listOrders, placed, readOrders } from './order-list.ts'
import type { OrderRow } from './order-row.ts'
import type { Session } from './session.ts'

/**
 * Vendure moves an order's `updatedAt` when its lines, customer, coupons or custom fields change, but not when it is
 * placed, paid, shipped, refunded or gets a note, and has no list of events over all orders. So there are three turns,
 * one a call: orders by when they were placed, orders by `updatedAt`, and a look at the orders of the last days whose
 * number of events tells whether anything happened.
 */
export async function changesOfOrders(
  session: Session,
  after: Cursor | null,
  limit: number,
): Promise<Page<OrderRow>> {
  const state = after === null ? await firstState(session) : (JSON.parse(after) as State)
  if (state.turn === 'watch') return watch(session, state, limit)
  const stamp = state.turn === 'placed' ? 'orderPlacedAt' : 'updatedAt'
  const page = await sweepListing<OrderRow>(
    session,
    {
      stamp,
      read: (filter, take) => listOrders(session, { filter, sort: { [stamp]: 'ASC', id: 'ASC' }, take }),
    },
    state[state.turn],
    limit,
  )
  const following = state.turn === 'placed' ? 'updated' : 'watch'
  const rows = page.items.flatMap(item => ('row' in item ? [item.row] : []))
  const next: State = {
    ...state,
    [state.turn]: page.next,
    turn: page.more ? state.turn : following,
    watched: watching(session, state.watched, rows),
  }
  return { items: page.items, next: JSON.stringify(next), more: true }
}

interface State {
  readonly turn: 'placed' | 'updated' | 'watch'
  readonly placed: Cursor | null
  readonly updated: Cursor | null
  /** The order that the last look ended at. */
  readonly at: string | null
  readonly watched: Watched
}

/** id → when it was placed, and its pulse when it was last told. */
type Watched = Readonly<Record<string, readonly [placedAt: string, pulse: string]>>

/** So many orders at most are watched, the newest ones: the cursor is saved with each page. */
const mostWatched = 1000

/** What was edited before we began comes with the orders themselves, so edits are followed from now on. */
async function firstState({ client }: Session): Promise<State> {
  const { orders } = await client.ask(newestOrder, {
    options: { take: 1, sort: { updatedAt: 'DESC' }, filter: placed },
  })
  const [newest] = orders.items
  return {
    turn: 'placed',
    placed: null,
    updated: newest ? sweepFrom(newest.updatedAt) : null,
    at: null,
    watched: {},
  }
}

async function watch(session: Session, state: State, limit: number): Promise<Page<OrderRow>> {
  const ids = Object.keys(state.watched).toSorted()
  const rest = ids.filter(id => state.at === null || id > state.at)
  const looked = rest.slice(0, limit)
  const beating = await pulses(session, looked)
  const changed = looked.filter(id => beating.get(id) !== state.watched[id]?.[1])
  const rows = await readOrders(session, changed)
  const gone = changed.filter(id => !beating.has(id))
  const kept = Object.entries(state.watched).filter(([id]) => !gone.includes(id))
  const items: Snapshot<OrderRow>[] = rows.map(snapshotOf)
  const next: State = {
    ...state,
    turn: 'placed',
    at: rest.length > limit ? (looked.at(-1) ?? null) : null,
    watched: watching(session, Object.fromEntries(kept), rows),
  }
  return {
    items: [...items, ...gone.map(id => ({ id, gone: true as const }))],
    next: JSON.stringify(next),
    more: false,
  }
}

function watching({ settings, io }: Session, before: Watched, rows: readonly OrderRow[]): Watched {
  const horizon = new Date(io.now() - settings.watchDays * 86_400_000).toISOString()
  const told = rows.map(row => [row.id, [row.orderPlacedAt, pulseOf(row)]] as const)
  const all = Object.entries({ ...before, ...Object.fromEntries(told) })
  const recent = all.filter(([, [placedAt]]) => placedAt >= horizon)
  return Object.fromEntries(
    recent.toSorted(([, [left]], [, [right]]) => (left < right ? 1 : -1)).slice(0, mostWatched),
  )
}

async function pulses({ client }: Session, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const { orders } = await client.ask(orderPulses, {
    options: { filter: { id: { in: ids } }, take: ids.length },
  })
  return new Map(orders.items.map(order => [order.id, pulseOf(order)]))
}

/** Each thing that happens to an order adds an event to its history, or moves `updatedAt`. */
function pulseOf(order: { readonly updatedAt: string; readonly events?: unknown }): string {
  const { totalItems } = events.parse(order.events)
  return `${totalItems} ${order.updatedAt}`
}

const events = z.object({ totalItems: z.int() })

const newestData = z.object({ orders: z.object({ items: z.array(z.object({ updatedAt: z.string() })) }) })
const newestOrder: Operation<z.infer<typeof newestData>> = {
  text: 'query NewestOrder($options: OrderListOptions) { orders(options: $options) { items { updatedAt } } }',
  data: newestData,
}

const pulsesData = z.object({
  orders: z.object({ items: z.array(z.object({ id: z.string(), updatedAt: z.string(), events })) }),
})
const orderPulses: Operation<z.infer<typeof pulsesData>> = {
  text: `query OrderPulses($options: OrderListOptions) {
    orders(options: $options) { items { id updatedAt events: history { totalItems } } } }`,
  data: pulsesData,
}
