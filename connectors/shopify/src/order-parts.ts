import type { Cursor, Page } from '@linchpin/connector'
import { snapshotOf, sweepIds } from './listing.ts'
import type { Session } from './session.ts'

/**
 * What belongs to orders and has no list of its own: its change moves the stamp of its order, so the orders that changed
 * lead to it. All of an order's are told when one of them changed.
 */
export async function changesOfParts<Row extends { readonly id: string }>(
  session: Session,
  after: Cursor | null,
  limit: number,
  partsOf: (session: Session, orders: readonly string[]) => Promise<readonly Row[]>,
): Promise<Page<Row>> {
  const { items, ...page } = await sweepIds(session, 'orders', after, limit)
  const rows = await partsOf(
    session,
    items.map(({ id }) => id),
  )
  return { ...page, items: rows.map(snapshotOf) }
}
