import {
  findEach,
  Problem,
  restOf,
  writeEach,
  type Outcome,
  type Write,
  type Writer,
} from '@linchpin/connector'
import { shipmentFields, shipmentWrite } from '@linchpin/connector/shop'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { at } from './client.ts'
import { locationOf } from './facts.ts'
import { versionOf } from './listing.ts'
import { metadataInput } from './metadata.ts'
import { readOrders } from './order-list.ts'
import type { OrderRow } from './order-row.ts'
import { updateOrder } from './order-writer.ts'
import type { Session } from './session.ts'
import { allot } from './shipment-lines.ts'
import { laterTrackingName, shipmentsOf, type ShipmentRow } from './shipment-row.ts'

const text = z.string()

export type ShipmentWrite = z.infer<typeof shipmentWrite>

const shipmentWriteMapping: Mapping = {
  from: 'Shipment',
  to: 'medusa.Shipment',
  fields: shipmentFields,
}

export const shipmentWriter: Writer<Session, ShipmentWrite> = {
  schema: shipmentWrite,
  mapping: shipmentWriteMapping,
  batch: 1,
  repeat: 'find',
  write: (session, writes) => writeEach(writes, session.io.signal, write => writeShipment(session, write)),
  find: (session, writes) =>
    findEach(writes, async row => {
      const [order] = await readOrders(session, [row.order])
      return order && shipmentOf(order, row.number)?.id
    }),
  // As long as a workflow can take until Medusa's database gives up on it.
  settleMs: 60_000,
}

async function writeShipment(session: Session, { key, id, row }: Write<ShipmentWrite>): Promise<Outcome> {
  const order = await orderOf(session, row, id?.split('/')[0] ?? row.order)
  const there = id === null ? shipmentOf(order, row.number) : shipmentsOf(order).find(each => each.id === id)
  if (id !== null && !there)
    throw new Problem(
      'refused',
      `Shipment ${row.number} is no longer at order ${order.display_id} in Medusa.`,
    )
  if (!there && row.status === 'cancelled')
    throw new Problem(
      'refused',
      `Shipment ${row.number} was cancelled before Medusa knew it; there is nothing to do.`,
    )
  const fulfilled = there ?? (await create(session, order, row))
  const { rest } = await restOf(async () => {
    await reach(session, order.id, fulfilled, row)
    if (there) await correctTracking(session, order, there, row)
  })
  const now = (await readOrders(session, [order.id]).catch(() => [])).flatMap(shipmentsOf)
  const shown = now.find(each => each.id === fulfilled.id)
  return {
    key,
    is: 'applied',
    id: fulfilled.id,
    version: shown ? versionOf(shown) : null,
    number: row.number,
    ...(rest && { rest }),
  }
}

async function orderOf(session: Session, row: ShipmentWrite, id: string): Promise<OrderRow> {
  const [order] = await readOrders(session, [id])
  if (order) return order
  throw new Problem('refused', `Order ${row.order} of shipment ${row.number} is not in Medusa (any more).`)
}

function shipmentOf(order: OrderRow, number: string): ShipmentRow | undefined {
  return shipmentsOf(order).find(each => each.number === number && each.state !== 'cancelled')
}

type Current = Pick<ShipmentRow, 'id' | 'state' | 'lines' | 'tracking'>

/** The goods leave the stock with this, not when they are shipped. */
async function create(session: Session, order: OrderRow, row: ShipmentWrite): Promise<Current> {
  const items = allot(order, row)
  if (items.length === 0)
    throw new Problem('refused', `Shipment ${row.number} has nothing of order ${order.display_id} in it.`)
  const known = new Set(order.fulfillments.map(({ id }) => id))
  const body = {
    items,
    location_id: await locationOf(session),
    metadata: {
      linchpin_shipment: row.number,
      ...(row.carrier !== undefined && { linchpin_carrier: row.carrier }),
    },
  }
  const { order: now } = await session.client.post(`/orders/${at(order.id)}/fulfillments`, body, answer, {
    fields: 'id,fulfillments.id',
  })
  const made = now.fulfillments.find(({ id }) => !known.has(id))
  if (!made) throw new Problem('surprise', `Medusa made shipment ${row.number} and does not show it to us.`)
  const lines = items.map(each => ({ ...each, variant: null, sku: null, name: '' }))
  return { id: `${order.id}/${made.id}`, state: 'ready', lines, tracking: [] }
}

/** Step by step to the state that the ERP says: ready, shipped, delivered; or cancelled. */
async function reach(
  { client }: Session,
  order: string,
  { id, state, lines }: Current,
  row: ShipmentWrite,
): Promise<void> {
  const path = `/orders/${at(order)}/fulfillments/${at(id.split('/')[1] ?? '')}`
  if (row.status === 'cancelled') {
    if (state !== 'cancelled') await client.post(`${path}/cancel`, {}, bare, { fields: 'id' })
    return
  }
  if (state === 'cancelled' || row.status === 'planned' || row.status === 'ready') return
  if (state === 'ready') {
    const body = {
      items: lines.map(line => ({ id: line.id, quantity: line.quantity })),
      labels: labelsOf(row),
    }
    await client.post(`${path}/shipments`, body, bare, { fields: 'id' })
  }
  if (row.status === 'delivered' && state !== 'delivered')
    await client.post(`${path}/mark-as-delivered`, {}, bare, { fields: 'id' })
}

function labelsOf({ tracking }: ShipmentWrite): object[] {
  return tracking.map(({ number, url }) => ({
    tracking_number: number,
    tracking_url: linkOf(url) ?? '#',
    label_url: '#',
  }))
}

/** A fulfilment that was shipped takes no more labels, so a later number goes into the order's metadata. */
async function correctTracking(
  session: Session,
  order: OrderRow,
  there: ShipmentRow,
  { number, tracking, carrier }: ShipmentWrite,
): Promise<void> {
  if (there.state === 'ready') return
  const shown = there.tracking.map(each => each.number)
  if (tracking.every(each => shown.includes(each.number))) return
  const labels = order.fulfillments.find(({ id }) => there.id.endsWith(`/${id}`))?.labels ?? []
  const later = tracking.filter(each => !labels.some(label => label.tracking_number === each.number))
  const told = {
    shipment: number,
    ...(carrier !== undefined && { carrier }),
    tracking: later.map(each => ({ number: each.number, url: linkOf(each.url) })),
  }
  const input = metadataInput(order.metadata, undefined, { [laterTrackingName(number)]: told })
  if (input.metadata) await updateOrder(session, order.id, input)
}

function linkOf(url: string | undefined): string | null {
  return url !== undefined && /^https?:\/\//.test(url) && URL.canParse(url) ? url : null
}

const bare = z.object({ order: z.object({ id: text }) })
const answer = z.object({ order: z.object({ id: text, fulfillments: z.array(z.object({ id: text })) }) })
