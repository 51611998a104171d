import { Problem, writeEach, type Outcome, type Write, type Writer } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { reasonsIn, userErrors } from './errors.ts'
import { gid } from './ids.ts'
import { versionOf } from './listing.ts'
import { setOwn } from './metafields.ts'
import { readOrders } from './order-list.ts'
import type { OrderRow } from './order-row.ts'
import type { Session } from './session.ts'

/** What an ERP has to say of an order that the shop took. */
export const orderWrite = z.object({
  /** The order's number in the ERP. */
  number: z.string().min(1).optional(),
  cancelled: z.boolean().optional(),
  cancelReason: z.string().optional(),
})
export type OrderWrite = z.infer<typeof orderWrite>

const orderWriteMapping: Mapping = {
  from: 'SalesOrder',
  to: 'shopify.SalesOrder',
  fields: {
    number: 'number',
    cancelled: {
      when: { is: ['status', { constant: 'cancelled' }] },
      then: { constant: true },
      else: { constant: false },
    },
    cancelReason: 'cancelReason',
  },
}

export const orderWriter: Writer<Session, OrderWrite> = {
  schema: orderWrite,
  mapping: orderWriteMapping,
  batch: 1,
  updatesOnly: true,
  repeat: 'safe',
  write: (session, writes) => writeEach(writes, session.io.signal, write => writeOrder(session, write)),
}

async function writeOrder(session: Session, { key, id, row }: Write<OrderWrite>): Promise<Outcome> {
  if (id === null)
    throw new Problem('refused', 'Orders are taken in Shopify; Linchpin does not place them there.')
  const order = await orderOf(session, id)
  if (row.number !== undefined && order.own['erp_number'] !== row.number)
    await setOwn(session, gid('Order', id), 'erp_number', row.number, `Order ${order.name} of Shopify`)
  if (row.cancelled === true && !order.cancelledAt) await cancel(session, order, row.cancelReason)
  const [now] = await readOrders(session, [id]).catch(() => [])
  return { key, is: 'applied', id, version: now ? versionOf(now) : null, number: order.number }
}

async function orderOf(session: Session, id: string): Promise<OrderRow> {
  const [order] = await readOrders(session, [id])
  if (order) return order
  throw new Problem('refused', `Order ${id} is no longer in Shopify.`)
}

/**
 * Shopify takes the order and cancels it a moment later. It gives the stock back; the money only where the settings say
 * so, since who cancelled decides whether and how to refund.
 */
async function cancel(session: Session, { id, name }: OrderRow, reason: string | undefined): Promise<void> {
  const { cancelRefunds, notifyCustomers } = session.settings
  const { orderCancel } = await session.client.ask(cancelling, {
    id: gid('Order', id),
    notify: notifyCustomers,
    refund: { originalPaymentMethodsRefund: cancelRefunds },
    note: (reason ?? 'Cancelled in the ERP').slice(0, 255),
  })
  if (orderCancel.orderCancelUserErrors.length === 0) return
  // One that an earlier request of ours is being cancelled by is refused, too.
  if ((await orderOf(session, id)).cancelledAt) return
  const reasons = reasonsIn(orderCancel.orderCancelUserErrors)
  throw new Problem('refused', `Order ${name} cannot be cancelled in Shopify: ${reasons}`)
}

const cancelData = z.object({ orderCancel: z.object({ orderCancelUserErrors: userErrors }) })
export const cancelling: Operation<z.infer<typeof cancelData>> = {
  text: `mutation CancelOrder($id: ID!, $notify: Boolean!, $refund: OrderCancelRefundMethodInput!, $note: String!) {
    orderCancel(orderId: $id, reason: OTHER, restock: true, notifyCustomer: $notify, refundMethod: $refund, staffNote: $note) {
      job { id } orderCancelUserErrors { field message code } } }`,
  data: cancelData,
}
