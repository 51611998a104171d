import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import type { OrderRow } from './order-row.ts'

const text = z.string()

/** A fulfilment of an order. Its id is 'order/fulfilment', since the order's page is where Medusa tells of it. */
export const shipmentRow = z.looseObject({
  id: text,
  order: text,
  created_at: text,
  updated_at: text,
  state: z.enum(['ready', 'shipped', 'delivered', 'cancelled']),
  /** The ERP's number; for a fulfilment that someone made by hand, its own id. */
  number: text,
  carrier: text.nullable(),
  shipped_at: text.nullish(),
  delivered_at: text.nullish(),
  tracking: z.array(z.object({ number: text, url: text.nullable() })),
  lines: z.array(
    z.object({ id: text, variant: text.nullable(), sku: text.nullable(), name: text, quantity: z.number() }),
  ),
})
export type ShipmentRow = z.infer<typeof shipmentRow>

export function shipmentsOf(order: OrderRow): readonly ShipmentRow[] {
  const lines = new Map(order.items.map(line => [line.id, line]))
  return order.fulfillments.map(each => {
    const { labels, items } = each
    const number = words(each.metadata?.['linchpin_shipment']) ?? each.id
    return {
      ...each,
      id: `${order.id}/${each.id}`,
      order: order.id,
      state: stateOf(each),
      number,
      carrier: words(each.metadata?.['linchpin_carrier']),
      tracking: [
        ...labels.map(label => ({ number: label.tracking_number, url: link(label.tracking_url) })),
        ...laterTracking(order, number),
      ],
      lines: items.flatMap(({ line_item_id, quantity }) => {
        const line = lines.get(line_item_id ?? '')
        if (!line) return []
        const name = line.product_title ?? line.title
        return [
          { id: line.id, variant: line.variant_id ?? null, sku: line.variant_sku ?? null, name, quantity },
        ]
      }),
    }
  })
}

/**
 * Labels can only be given to a fulfilment in the moment in which it is shipped. A number that comes later stands in
 * the order's metadata under this name.
 */
export const laterTrackingName = (number: string) => `linchpin_tracking_${contentHash(number).slice(0, 12)}`

const later = z.object({ tracking: z.array(z.object({ number: text, url: text.nullable() })) })

function laterTracking({ metadata }: OrderRow, number: string): ShipmentRow['tracking'] {
  const found = later.safeParse(metadata?.[laterTrackingName(number)])
  return found.success ? found.data.tracking : []
}

function stateOf(each: OrderRow['fulfillments'][number]): ShipmentRow['state'] {
  if (each.canceled_at) return 'cancelled'
  if (each.delivered_at) return 'delivered'
  return each.shipped_at ? 'shipped' : 'ready'
}

const words = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)

/** Medusa wants a URL or '#'. */
const link = (url: string | null | undefined) => (url && url !== '#' ? url : null)
