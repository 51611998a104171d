import { z } from 'zod'
import type { OrderFulfilments, Fulfilment } from './fulfilment-list.ts'

const text = z.string()
const maybe = text.nullish()

/**
 * What left for one order under one number of the ERP. Its id is 'order/fulfilment'; goods of several locations are
 * several fulfilments in Shopify, 'order/1+2'.
 */
export const shipmentRow = z.looseObject({
  id: text,
  order: text,
  number: text,
  createdAt: text,
  updatedAt: text,
  status: text,
  displayStatus: maybe,
  company: maybe,
  tracking: z.array(z.looseObject({ number: text, url: maybe })),
  lines: z.array(
    z.looseObject({
      id: text,
      orderLine: text,
      quantity: z.int(),
      sku: maybe,
      name: text,
      variant: z.looseObject({ id: text }).nullish(),
    }),
  ),
})
export type ShipmentRow = z.infer<typeof shipmentRow>

/** Which fulfilments are which shipment of the ERP: it stands in a metafield of the order. */
const claims = z.record(text, z.array(text))
export type Claims = z.infer<typeof claims>

export function claimsOf({ own }: OrderFulfilments): Claims {
  try {
    return claims.safeParse(JSON.parse(own?.value ?? '{}')).data ?? {}
  } catch {
    return {}
  }
}

/** What the ERP sent, and each fulfilment that people made by hand. */
export function shipmentsOf(order: OrderFulfilments): readonly ShipmentRow[] {
  const claimed = Object.entries(claimsOf(order)).flatMap(([number, ids]) => {
    const parts = order.fulfillments.filter(({ id }) => ids.includes(id))
    return parts.length === 0 ? [] : [rowOf(order, parts, number)]
  })
  const taken = new Set(Object.values(claimsOf(order)).flat())
  const byHand = order.fulfillments.filter(({ id }) => !taken.has(id))
  return [...claimed, ...byHand.map(each => rowOf(order, [each], each.name))]
}

/** These fulfilments, at least one, as one shipment. */
export function rowOf(
  { id: order }: OrderFulfilments,
  parts: readonly Fulfilment[],
  number: string,
): ShipmentRow {
  const [first] = parts as readonly [Fulfilment, ...Fulfilment[]]
  const tracking = parts.flatMap(({ trackingInfo }) => trackingInfo)
  const numbers = [...new Set(tracking.flatMap(each => each.number ?? []))]
  return {
    id: `${order}/${parts.map(({ id }) => id).join('+')}`,
    order,
    number,
    createdAt: first.createdAt,
    updatedAt: parts
      .map(({ updatedAt }) => updatedAt)
      .toSorted()
      .at(-1)!,
    status: first.status,
    displayStatus: first.displayStatus ?? null,
    company: tracking.find(({ company }) => company)?.company ?? null,
    tracking: numbers.map(each => ({
      number: each,
      url: tracking.find(one => one.number === each)?.url ?? null,
    })),
    lines: parts.flatMap(part =>
      part.lines.map(({ id, quantity, lineItem }) => ({
        ...lineItem,
        id,
        orderLine: lineItem.id,
        quantity: quantity ?? 0,
      })),
    ),
  }
}
