import { z } from 'zod'
import type { OrderRow } from './order-row.ts'

const text = z.string()

/** A fulfilment of an order. Its id is 'order/fulfilment', since Vendure finds fulfilments by their order only. */
export const shipmentRow = z.looseObject({
  id: text,
  order: text,
  createdAt: text,
  updatedAt: text,
  state: text,
  method: text,
  /** What we put behind the carrier: 'DHL (SHP/00042)'; for a fulfilment that someone made by hand, its own id. */
  number: text,
  trackingCodes: z.array(z.object({ code: text })),
  lines: z.array(
    z.looseObject({
      orderLineId: text,
      quantity: z.int(),
      productVariant: z.looseObject({ id: text, sku: text, name: text }),
    }),
  ),
})
export type ShipmentRow = z.infer<typeof shipmentRow>

export function shipmentsOf(order: OrderRow): readonly ShipmentRow[] {
  const variants = new Map(order.lines.map(line => [line.id, line.productVariant]))
  return order.fulfillments.map(each => ({
    ...each,
    id: `${order.id}/${each.id}`,
    order: order.id,
    number: numberIn(each.method) ?? each.id,
    trackingCodes: (each.trackingCode ?? '').split(', ').flatMap(code => (code === '' ? [] : [{ code }])),
    lines: each.lines.flatMap(line => {
      const productVariant = variants.get(line.orderLineId)
      return productVariant ? [{ ...line, productVariant }] : []
    }),
  }))
}

/** The method is free text that the customer sees, and the only place for the ERP's number. */
export function methodOf(carrier: string | undefined, number: string): string {
  return `${carrier ?? 'Parcel'} (${number})`
}

function numberIn(method: string): string | null {
  return /\(([^()]+)\)$/.exec(method)?.[1] ?? null
}
