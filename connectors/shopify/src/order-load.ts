import { sweepFrom } from '@linchpin/connector'
import { equal } from '@linchpin/model'
import type { BulkRecord } from './bulk-file.ts'
import type { Load } from './load.ts'
import { orderOf, readOrders } from './order-list.ts'
import { moneyBag, type OrderRow } from './order-row.ts'
import { ordersInBulk } from './order-selection.ts'
import { wireCharge } from './order-wire.ts'
import type { Session } from './session.ts'
import { z } from 'zod'

/** How orders are read for the first time. */
export const orderLoad = (sweep: Load<OrderRow>['sweep']): Load<OrderRow> => ({
  list: 'orders',
  query: () => ordersInBulk,
  rowOf,
  get: readOrders,
  sweep,
  sweepFrom,
})

const shipping = z.looseObject({ shippingLine: wireCharge.nullable(), totalShippingPriceSet: moneyBag })

/** A bulk answer tells the first charge of shipping only; an order that has more is read apart. */
async function rowOf(session: Session, { root, parts }: BulkRecord): Promise<OrderRow | null> {
  const { shippingLine, totalShippingPriceSet, ...order } = root
  const told = shipping.safeParse({ shippingLine, totalShippingPriceSet })
  if (!told.success || !isWhole(told.data)) return null
  const whole = { hasNextPage: false, endCursor: null }
  return orderOf(session, {
    ...order,
    lineItems: { nodes: parts('LineItem'), pageInfo: whole },
    shippingLines: { nodes: shippingLine ? [shippingLine] : [], pageInfo: whole },
    metafields: { nodes: parts('Metafield'), pageInfo: whole },
  })
}

function isWhole({ shippingLine, totalShippingPriceSet: total }: z.infer<typeof shipping>): boolean {
  const first = shippingLine?.originalPriceSet.shopMoney.amount ?? '0'
  return equal(first, total.shopMoney.amount)
}
