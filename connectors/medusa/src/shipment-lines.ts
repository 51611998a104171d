import { Problem } from '@linchpin/connector'
import { goodsName, wholeUnitsOf } from '@linchpin/connector/shop'
import { isPositive } from '@linchpin/model'
import type { OrderRow } from './order-row.ts'
import type { ShipmentWrite } from './shipment-writer.ts'

type Wanted = ShipmentWrite['lines'][number]
export interface Allotted {
  readonly id: string
  readonly quantity: number
}

/**
 * What of each order line goes with this shipment. Products are spread over the lines that still wait for them. Medusa
 * does not let goods and what is not shipped go in one fulfilment: with goods, the other is left out.
 */
export function allot(order: OrderRow, { number, lines }: ShipmentWrite): readonly Allotted[] {
  const open = new Map(order.items.map(each => [each.id, each.quantity - each.detail.fulfilled_quantity]))
  const taken = new Map<string, number>()
  for (const wanted of lines.filter(({ quantity }) => isPositive(quantity))) {
    let rest = wholeUnitsOf(wanted, number, 'Medusa')
    for (const { id } of linesOf(order, wanted)) {
      const part = Math.min(rest, Math.max(open.get(id) ?? 0, 0))
      if (part === 0) continue
      open.set(id, (open.get(id) ?? 0) - part)
      taken.set(id, (taken.get(id) ?? 0) + part)
      rest -= part
    }
    if (rest > 0)
      throw new Problem(
        'refused',
        `Shipment ${number} has ${rest} more of ${goodsName(wanted)} than order ${order.display_id} waits for. Someone may have shipped it in Medusa by hand, or cancelled it.`,
      )
  }
  const all = [...taken].map(([id, quantity]) => ({ id, quantity }))
  const isGoods = ({ id }: Allotted) => order.items.some(each => each.id === id && each.requires_shipping)
  return all.some(isGoods) ? all.filter(isGoods) : all
}

function linesOf(order: OrderRow, { product, sku }: Wanted): OrderRow['items'] {
  return order.items.filter(each =>
    product === undefined ? each.variant_sku === sku : each.variant_id === product,
  )
}
