import type { Cursor, Page } from '@linchpin/connector'
import { snapshotOf, sweepListing, type Listing } from './listing.ts'
import { orderChannel, readOrders } from './order-list.ts'
import type { OrderRow } from './order-row.ts'
import { paidSince, type Met } from './payments.ts'
import type { Session } from './session.ts'

/**
 * An order's `updated_at` moves when goods leave or come back, when it is edited, completed or cancelled and with its
 * metadata, but not when it is paid, and not always when money goes back. So orders are read, then the payments that
 * changed, then the orders of those.
 */
export async function changesOfOrders(
  session: Session,
  after: Cursor | null,
  limit: number,
): Promise<Page<OrderRow>> {
  const state = after === null ? await firstState(session) : (JSON.parse(after) as State)
  if (state.turn === 'pending') return pending(session, state, limit)
  const page = await sweepListing(session, await listing(session), state.orders, limit)
  const known = page.items.flatMap(item => ('row' in item ? [item.id] : []))
  const paid = page.more ? null : await paidSince(session, state.payments)
  const rest = paid?.orders.filter(id => !known.includes(id)) ?? []
  const next: State = {
    turn: rest.length > 0 ? 'pending' : 'orders',
    orders: page.next,
    payments: paid?.met ?? state.payments,
    pending: rest,
  }
  return { items: page.items, next: JSON.stringify(next), more: page.more || rest.length > 0 }
}

interface State {
  readonly turn: 'orders' | 'pending'
  readonly orders: Cursor | null
  readonly payments: Met
  /** Orders of changed payments that are still to be told. */
  readonly pending: readonly string[]
}

/** How their payments stand comes with the orders themselves, so those are followed from now on. */
async function firstState(session: Session): Promise<State> {
  const { met } = await paidSince(session, null)
  return { turn: 'orders', orders: null, payments: met, pending: [] }
}

async function pending(session: Session, state: State, limit: number): Promise<Page<OrderRow>> {
  const rest = state.pending.slice(limit)
  const next: State = { ...state, turn: rest.length > 0 ? 'pending' : 'orders', pending: rest }
  const rows = await readOrders(session, state.pending.slice(0, limit))
  return { items: rows.map(snapshotOf), next: JSON.stringify(next), more: rest.length > 0 }
}

async function listing(session: Session): Promise<Listing<OrderRow>> {
  const channel = await orderChannel(session)
  return {
    path: '/orders',
    name: 'orders',
    ...(channel !== null && { query: { sales_channel_id: [channel] } }),
    read: readOrders,
  }
}
