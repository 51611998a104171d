import { chosen } from '@linchpin/connector/shop'
import { z } from 'zod'
import { byIds } from './listing.ts'
import { decodeOrder } from './order-decode.ts'
import { orderFields, type OrderRow } from './order-row.ts'
import type { Session } from './session.ts'

/** Those of these orders that exist and are of our channel. Drafts become orders when somebody turns them into one. */
export async function readOrders(session: Session, ids: readonly string[]): Promise<readonly OrderRow[]> {
  const list = { path: '/orders', name: 'orders', fields: orderFields }
  const found = await byIds(session, list, z.looseObject({ status: z.string() }), ids)
  const orders = found.filter(({ status }) => status !== 'draft').map(decodeOrder)
  const channel = await orderChannel(session)
  return channel === null ? orders : orders.filter(({ sales_channel }) => sales_channel?.id === channel)
}

/** The one channel whose orders are ours; null for all of them. */
export async function orderChannel({ settings, facts }: Session): Promise<string | null> {
  const { salesChannel } = settings
  return salesChannel === undefined
    ? null
    : chosen({ shop: 'Medusa', what: 'sales channel' }, (await facts()).channels, salesChannel)
}
