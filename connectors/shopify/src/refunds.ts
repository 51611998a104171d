import { inTurn, type Entity } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { snapshotOf } from './listing.ts'
import { readNodes, type Nodes } from './nodes.ts'
import { changesOfParts } from './order-parts.ts'
import { readRefunds } from './refund-list.ts'
import { refundRow, type RefundRow } from './refund-row.ts'
import type { Session } from './session.ts'

const refundMapping: Mapping = {
  from: 'shopify.Refund',
  to: 'Refund',
  fields: {
    id: 'id',
    order: 'order',
    payment: 'payment',
    creditNote: 'creditNote',
    returnAuthorization: 'return.id',
    status: 'status',
    amount: 'amount',
    currency: 'currencyCode',
    reason: 'note',
    lines: {
      each: 'lines',
      as: {
        orderLine: 'lineItem.id',
        product: 'lineItem.variant.id',
        sku: 'lineItem.sku',
        quantity: { format: 'decimal', of: 'quantity' },
        amount: 'gross',
        tax: 'tax',
        restock: {
          lookup: { RETURN: true, CANCEL: true, LEGACY_RESTOCK: true, NO_RESTOCK: false },
          of: 'restockType',
        },
      },
    },
    charges: {
      each: 'charges',
      as: { name: 'shippingLine.title', amount: 'gross', tax: 'tax' },
    },
    at: { format: 'instant', of: 'createdAt' },
    modifiedAt: { format: 'instant', of: 'updatedAt' },
  },
}

/** Money that went back. Shopify lists refunds at their orders only. */
export const refund: Entity<Session, 'Refund', RefundRow> = {
  schema: refundRow,
  mapping: refundMapping,
  changes: (session, after, limit) => changesOfParts(session, after, limit, refundsOf),
  get: getRefunds,
}

async function refundsOf(session: Session, orders: readonly string[]): Promise<readonly RefundRow[]> {
  const found = await readNodes(session, refundedOrders, orders)
  const refunded = found.filter(({ refunds }) => refunds.length > 0)
  return (await inTurn(refunded, ({ id }) => readRefunds(session, id))).flat()
}

const refundedOrder = z.object({ id: z.string(), refunds: z.array(z.object({ id: z.string() })) })
export const refundedOrders: Nodes<z.infer<typeof refundedOrder>> = {
  name: 'RefundsOfOrders',
  type: 'Order',
  selection: 'id refunds(first: 1) { id }',
  schema: refundedOrder,
  atOnce: 200,
}

async function getRefunds(session: Session, ids: readonly string[]) {
  const orders = [...new Set(ids.map(id => id.split('/')[0] ?? ''))]
  const found = (await inTurn(orders, order => readRefunds(session, order))).flat()
  return found.filter(({ id }) => ids.includes(id)).map(snapshotOf)
}
