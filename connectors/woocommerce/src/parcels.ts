import { add, compare, isPositive, larger, plain, smaller, subtract, sum } from '@linchpin/model'
import { z } from 'zod'
import { entriesOf, type Kind } from './attachment.ts'
import { TRACKING, trackingItems, type OrderRow, type RawOrder, type TrackingItem } from './order-row.ts'
import { instantOf } from './wire.ts'

/** One shipment as it stands in the meta of its order. */
export const shipmentValue = z.looseObject({
  key: z.string(),
  number: z.string(),
  status: z.string(),
  carrier: z.string(),
  shipped_at: z.string(),
  tracking: z.array(z.looseObject({ number: z.string(), carrier: z.string(), url: z.string() })),
  lines: z.array(
    z.looseObject({
      item_id: z.number(),
      product: z.string(),
      sku: z.string(),
      name: z.string(),
      quantity: z.string(),
    }),
  ),
})
export type ShipmentValue = z.infer<typeof shipmentValue>
type Line = ShipmentValue['lines'][number]

export const shipmentKind: Kind<ShipmentValue> = {
  prefix: '_linchpin_shipment_',
  derived: (order, shipments) => {
    const foreign = trackingItems(order).filter(item => item['linchpin'] === undefined)
    const ours = [...shipments].toSorted(([left], [right]) => (left < right ? -1 : 1))
    const value = [...foreign, ...ours.flatMap(([name, shipment]) => trackingOf(order, name, shipment))]
    return value.length === 0 && trackingItems(order).length === 0
      ? []
      : [{ key: TRACKING, value: z.array(z.json()).parse(value) }]
  },
}

export function isOnItsWay({ status }: Pick<ShipmentValue, 'status'>): boolean {
  return status === 'shipped' || status === 'delivered'
}

/** A shipment in the shape of the Shipment Tracking plugins: one item for each number; `linchpin` marks it as ours. */
function trackingOf(order: RawOrder, name: string, shipment: ShipmentValue): TrackingItem[] {
  if (!isOnItsWay(shipment)) return []
  const at = Date.parse(shipment.shipped_at || instantOf(order.date_modified_gmt))
  const numbers = shipment.tracking.length > 0 ? shipment.tracking : [{ number: '', carrier: '', url: '' }]
  return numbers.map(({ number, carrier, url }, index) => ({
    tracking_id: `${name}${index}`,
    tracking_number: number,
    tracking_provider: '',
    custom_tracking_provider: carrier || shipment.carrier,
    custom_tracking_link: url,
    date_shipped: String(Math.floor(at / 1000)),
    // Its goods are counted once, at its first number.
    products_list: index > 0 ? [] : shipment.lines.map(listed),
    linchpin: name,
  }))
}

function listed({ item_id, product, quantity }: Line) {
  return { item_id, product: Number(product.split('/').at(-1) ?? 0), qty: Number(quantity) }
}

/**
 * The order's lines that these goods are of, by product or SKU. What several lines ask of one product goes to the first
 * that has not got all of it yet. Goods that the order does not know (a present, a spare part) are left out.
 */
export function linesFor(
  order: RawOrder,
  name: string,
  goods: readonly {
    product?: string | undefined
    sku?: string | undefined
    name?: string | undefined
    quantity: string
  }[],
): Line[] {
  const others = [...entriesOf(shipmentKind, order)].filter(([each]) => each !== name)
  const open = new Map(
    order.line_items.map(item => [
      item.id,
      subtract(
        String(item.quantity),
        shippedOf(
          item.id,
          others.map(([, shipment]) => shipment),
        ),
      ),
    ]),
  )
  return goods.flatMap(good => {
    const items = order.line_items.filter(item => isSame(item, good))
    let left = plain(good.quantity)
    return items.flatMap((item, index) => {
      const room = larger(open.get(item.id) ?? '0', '0')
      const quantity = index === items.length - 1 ? left : smaller(left, room)
      left = subtract(left, quantity)
      open.set(item.id, subtract(open.get(item.id) ?? '0', quantity))
      if (!isPositive(quantity)) return []
      return [{ item_id: item.id, product: productOf(item), sku: item.sku ?? '', name: item.name, quantity }]
    })
  })
}

/** Every piece that is neither given back nor shipped by a parcel of ours is still to come. */
export function isWhollyShipped(order: OrderRow): boolean {
  const shipments = [...entriesOf(shipmentKind, order).values()]
  const lines = order.order_items.filter(item => item.order_item_type === 'line_item')
  return (
    shipments.some(isOnItsWay) &&
    lines.every(item => {
      const id = item.id
      const wanted = subtract(String(item.quantity), refundedOf(order, id))
      return compare(shippedOf(id, shipments), wanted) >= 0
    })
  )
}

function shippedOf(item: number, shipments: readonly ShipmentValue[]): string {
  const lines = shipments.filter(isOnItsWay).flatMap(shipment => shipment.lines)
  return sum(lines.filter(line => line.item_id === item).map(({ quantity }) => quantity))
}

function refundedOf(order: OrderRow, item: number): string {
  const lines = order.refunds.flatMap(refund => refund.line_items ?? [])
  return lines
    .filter(line =>
      line.meta_data?.some(meta => meta.key === '_refunded_item_id' && Number(meta.value) === item),
    )
    .reduce((total, line) => add(total, String(-line.quantity)), '0')
}

type Item = RawOrder['line_items'][number]

function isSame(item: Item, good: { product?: string | undefined; sku?: string | undefined }): boolean {
  return (
    (good.product !== undefined && good.product === productOf(item)) || (!!good.sku && good.sku === item.sku)
  )
}

function productOf({ product_id: product, variation_id: variation }: Item): string {
  return variation ? `${product}/${variation}` : String(product)
}
