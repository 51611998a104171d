import { Problem } from '@linchpin/connector'
import { goodsName, wholeUnitsOf } from '@linchpin/connector/shop'
import { isPositive } from '@linchpin/model'
import { placeOf, type FulfilmentOrder, type OpenLine } from './fulfilment-orders.ts'
import type { ShipmentWrite } from './shipment-writer.ts'

type Wanted = ShipmentWrite['lines'][number]

/** What of one place's fulfilment orders leaves. */
export interface Parcel {
  readonly place: string
  readonly parts: readonly {
    readonly fulfilmentOrder: string
    readonly line: string
    readonly quantity: number
  }[]
}

/** Spreads what the ERP sent over what still waits in Shopify: one parcel for each place that something leaves from. */
export function allot(
  orders: readonly FulfilmentOrder[],
  { number, lines }: ShipmentWrite,
): readonly Parcel[] {
  const places = orders.flatMap(order =>
    order.lines.map(line => ({ order, line, open: line.remainingQuantity, taken: 0 })),
  )
  for (const wanted of lines.filter(({ quantity }) => isPositive(quantity))) {
    let rest = wholeUnitsOf(wanted, number, 'Shopify')
    for (const place of places.filter(({ line }) => isOf(line, wanted))) {
      const part = Math.min(rest, place.open - place.taken)
      place.taken += part
      rest -= part
    }
    if (rest > 0)
      throw new Problem(
        'refused',
        `Shipment ${number} has ${rest} more of ${goodsName(wanted)} than its order waits for in Shopify. Someone may have fulfilled it there by hand, cancelled it or put it on hold.`,
      )
  }
  const names = [...new Set(orders.map(placeOf))]
  return names
    .map(name => ({
      place: name,
      parts: places
        .filter(({ order, taken }) => placeOf(order) === name && taken > 0)
        .map(({ order, line, taken }) => ({ fulfilmentOrder: order.id, line: line.id, quantity: taken })),
    }))
    .filter(({ parts }) => parts.length > 0)
}

type Goods = Pick<OpenLine, 'sku' | 'variant'>

export function isOf(line: Goods, { product, sku }: Wanted): boolean {
  return product === undefined ? line.sku === sku : line.variant?.id === product
}
