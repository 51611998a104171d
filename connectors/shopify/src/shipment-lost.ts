import type { OrderFulfilments, WireFulfilment } from './fulfilment-list.ts'
import { claimsOf } from './shipment-row.ts'
import type { ShipmentWrite } from './shipment-writer.ts'

/**
 * The fulfilments that this shipment may have made before its mark was set: no shipment has claimed them, they have its
 * tracking numbers, and together just its goods. Null-like (none) unless that is so.
 */
export function lostFulfilments(order: OrderFulfilments, row: ShipmentWrite): readonly string[] {
  const taken = new Set(Object.values(claimsOf(order)).flat())
  const free = order.fulfillments.filter(
    each => !taken.has(each.id) && each.status === 'SUCCESS' && hasNumbers(each, row),
  )
  const whole = free.find(each => sameGoods([each], row))
  if (whole) return [whole.id]
  return free.length > 1 && sameGoods(free, row) ? free.map(({ id }) => id) : []
}

function hasNumbers({ trackingInfo }: WireFulfilment, { tracking }: ShipmentWrite): boolean {
  const told = trackingInfo.flatMap(({ number }) => number ?? []).toSorted()
  return (
    told.join('\n') ===
    tracking
      .map(({ number }) => number)
      .toSorted()
      .join('\n')
  )
}

function sameGoods(parts: readonly WireFulfilment[], { lines }: ShipmentWrite): boolean {
  const sent = parts.flatMap(({ fulfillmentLineItems }) =>
    fulfillmentLineItems.nodes.map(({ quantity, lineItem }) => ({ ...lineItem, quantity: quantity ?? 0 })),
  )
  const total = (items: readonly { readonly quantity: number | string }[]) =>
    items.reduce((all, { quantity }) => all + Number(quantity), 0)
  if (total(sent) !== total(lines)) return false
  return lines.every(({ product, sku }) => {
    const wanted = lines.filter(each => (product === undefined ? each.sku === sku : each.product === product))
    const there = sent.filter(each =>
      product === undefined ? each.sku === sku : each.variant?.id === product,
    )
    return total(there) === total(wanted)
  })
}
