import { Problem } from '@linchpin/connector'
import { goodsName, wholeUnitsOf } from '@linchpin/connector/shop'
import { isPositive } from '@linchpin/model'
import type { OrderRow } from './order-row.ts'
import type { ShipmentWrite } from './shipment-writer.ts'

type Wanted = ShipmentWrite['lines'][number]

/** What of each order line goes with this shipment. Products are spread over the lines that still wait for them. */
export function allot(
  order: OrderRow,
  { number, lines }: ShipmentWrite,
): readonly { readonly orderLineId: string; readonly quantity: number }[] {
  const open = new Map(order.lines.map(({ id, quantity }) => [id, quantity - shipped(order, id)]))
  const taken = new Map<string, number>()
  for (const wanted of lines.filter(({ quantity }) => isPositive(quantity))) {
    let rest = wholeUnitsOf(wanted, number, 'Vendure')
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
        `Shipment ${number} has ${rest} more of ${goodsName(wanted)} than order ${order.code} waits for. Someone may have shipped it in Vendure by hand, or cancelled it.`,
      )
  }
  return [...taken].map(([orderLineId, quantity]) => ({ orderLineId, quantity }))
}

function linesOf(order: OrderRow, { product, sku }: Wanted): OrderRow['lines'] {
  return order.lines.filter(({ productVariant }) =>
    product === undefined ? productVariant.sku === sku : productVariant.id === product,
  )
}

function shipped(order: OrderRow, line: string): number {
  return order.fulfillments
    .filter(({ state }) => state !== 'Cancelled')
    .flatMap(({ lines }) => lines)
    .filter(({ orderLineId }) => orderLineId === line)
    .reduce((sum, { quantity }) => sum + quantity, 0)
}
