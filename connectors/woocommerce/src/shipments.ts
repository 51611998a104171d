import { Problem, type Entity, type Outcome, type Write } from '@linchpin/connector'
import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import { attach, idOf, placeOf, readEntries } from './attachment.ts'
import { record, type Session } from './client.ts'
import { metaOf, metaWrite } from './meta.ts'
import { noteOnce } from './order-notes.ts'
import { readOrder, withRefunds } from './order-read.ts'
import type { RawOrder } from './order-row.ts'
import { present } from './party-mapping.ts'
import { oneByOne, outcomeOf } from './settle.ts'
import {
  isWhollyShipped,
  isOnItsWay,
  linesFor,
  shipmentKind,
  shipmentValue,
  type ShipmentValue,
} from './parcels.ts'
import { shipmentNote } from './words.ts'

const shipmentWrite = z.object({
  /** The shop's order; needed to create. */
  order_id: z.string().optional(),
  number: z.string(),
  status: z.enum(['planned', 'ready', 'shipped', 'delivered', 'cancelled']).default('shipped'),
  carrier: z.string().default(''),
  shipped_at: z.string().default(''),
  tracking: z
    .array(z.object({ number: z.string(), carrier: z.string().default(''), url: z.string().default('') }))
    .default([]),
  lines: z
    .array(
      z.object({
        product: z.string().optional(),
        sku: z.string().optional(),
        name: z.string().optional(),
        quantity: z.string(),
      }),
    )
    .default([]),
  /** For the order's meta. */
  meta_data: metaWrite,
})
export type ShipmentWrite = z.infer<typeof shipmentWrite>

const shipmentRow = shipmentValue.extend({ id: z.string(), order_id: z.number() })
export type ShipmentRow = z.infer<typeof shipmentRow>

/** Shipments, kept at their orders: in the list that the Shipment Tracking plugins show, and told to the customer. */
export const shipments: Entity<Session, 'Shipment', ShipmentRow, ShipmentWrite> = {
  schema: shipmentRow,
  mapping: {
    from: 'woocommerce.Shipment',
    to: 'Shipment',
    fields: {
      id: 'id',
      number: 'number',
      order: { format: 'text', of: 'order_id' },
      status: 'status',
      shippedAt: { format: 'instant', of: present('shipped_at') },
      carrier: present('carrier'),
      tracking: {
        each: 'tracking',
        as: { number: 'number', carrier: present('carrier'), url: present('url') },
      },
      lines: {
        each: 'lines',
        as: {
          id: { format: 'text', of: 'item_id' },
          orderLine: { format: 'text', of: 'item_id' },
          product: 'product',
          sku: present('sku'),
          name: present('name'),
          quantity: 'quantity',
        },
      },
    },
  },
  get: async (session, ids) =>
    (await readEntries(session, shipmentKind, ids)).map(({ id, value, order }) => {
      const row = { ...value, id, order_id: order.id }
      return { id, version: contentHash(row), row }
    }),
  writer: {
    schema: shipmentWrite,
    mapping: {
      from: 'Shipment',
      to: 'woocommerce.Shipment',
      fields: {
        order_id: { link: 'SalesOrder', of: 'order' },
        number: 'number',
        status: 'status',
        carrier: 'carrier',
        shipped_at: 'shippedAt',
        tracking: { each: 'tracking', as: { number: 'number', carrier: 'carrier', url: 'url' } },
        lines: {
          each: 'lines',
          as: {
            product: { link: 'Product', of: 'product', by: { sku: 'sku' }, optional: true },
            sku: 'sku',
            name: 'name',
            quantity: 'quantity',
          },
        },
      },
    },
    batch: 25,
    repeat: 'safe',
    write: (session, writes) => oneByOne(writes, write => writeShipment(session, write)),
  },
}

function writeShipment(session: Session, write: Write<ShipmentWrite>): Promise<Outcome> {
  return outcomeOf(write, async () => {
    const place = placeOf(write.id, write.key, write.row.order_id)
    const row = shipmentWrite.parse(write.row)
    return session.alone(`order ${place.order}`, async () => {
      const before = await readOrder(session, place.order)
      const lines = linesFor(before, place.name, row.lines)
      const { order_id: _, meta_data: custom, ...told } = row
      const value: ShipmentValue = { ...told, key: write.key, lines }
      const order = await attach(session, shipmentKind, place, value, write.id !== null, metaOf(custom))
      if (isOnItsWay(value)) await noteOnce(session, order.id, shipmentNote(session.settings.language, value))
      const rest = await completeWhenShipped(session, order)
      return {
        id: idOf(place),
        version: contentHash({ ...value, id: idOf(place), order_id: order.id }),
        number: row.number,
        ...(rest && { rest }),
      }
    })
  })
}

/** WooCommerce tells the customer by e-mail that the order is completed, so that is left to the last parcel. */
async function completeWhenShipped(session: Session, order: RawOrder): Promise<Problem | null> {
  if (!isWhollyShipped(await withRefunds(session, order))) return null
  if (['processing', 'on-hold', 'pending'].includes(order.status))
    await record(session, 'PUT', `/orders/${order.id}`, { status: 'completed' })
  if (!['cancelled', 'failed'].includes(order.status)) return null
  return new Problem(
    'refused',
    `Order ${order.number ?? order.id} is ${order.status} in the shop, yet its goods have left. The parcel is told there; the status is for a person to decide.`,
  )
}
