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
import type { z } from 'zod'
import { readFulfilments, type OrderFulfilments, type Fulfilment } from './fulfilment-list.ts'
import { openFulfilmentOrders } from './fulfilment-orders.ts'
import { fulfil, reach } from './fulfilment-writer.ts'
import { gid } from './ids.ts'
import { versionOf } from './listing.ts'
import { changeOwn } from './metafields.ts'
import type { Session } from './session.ts'
import { allot, type Parcel } from './shipment-lines.ts'
import { claimsOf, rowOf, shipmentsOf, type ShipmentRow } from './shipment-row.ts'
import { sentOf } from './shipment-sent.ts'

export type ShipmentWrite = z.infer<typeof shipmentWrite>

const shipmentWriteMapping: Mapping = {
  from: 'Shipment',
  to: 'shopify.Shipment',
  fields: { ...shipmentFields, carrier: { first: ['carrier', 'tracking[0].carrier'] } },
}

export const shipmentWriter: Writer<Session, ShipmentWrite> = {
  schema: shipmentWrite,
  mapping: shipmentWriteMapping,
  batch: 1,
  repeat: 'find',
  write: (session, writes) => writeEach(writes, session.io.signal, write => writeShipment(session, write)),
  find: (session, writes) =>
    findEach(writes, async row => {
      const [order] = await readFulfilments(session, [row.order])
      if (!order) return null
      const { parts, left } = sentOf(order, row)
      // One that was sent in part has still to be written.
      if (parts.length === 0 || left.length > 0) return null
      await claim(session, order, row.number, idsOf(parts))
      return rowOf(order, parts, row.number).id
    }),
  // Longer than Shopify works on one request; an order tells its fulfilments from its own tables.
  settleMs: 120_000,
}

async function writeShipment(session: Session, { key, id, row }: Write<ShipmentWrite>): Promise<Outcome> {
  const order = await orderOf(session, row, id?.split('/')[0] ?? row.order)
  const { parts, left } = id === null ? sentOf(order, row) : { parts: partsIn(order, id), left: [] }
  if (id !== null && parts.length === 0)
    throw new Problem('refused', `Shipment ${row.number} is no longer at order ${order.name} in Shopify.`)
  if (parts.length === 0 && row.status === 'cancelled')
    throw new Problem(
      'refused',
      `Shipment ${row.number} was cancelled before Shopify knew it; there is nothing to do.`,
    )
  if (parts.length === 0 && (row.status === 'planned' || row.status === 'ready'))
    throw new Problem('passing', `Shipment ${row.number} has not left yet; Shopify is told when it has.`)
  if (id === null && parts.length === 0 && left.length === 0)
    throw new Problem('refused', `Shipment ${row.number} holds no goods.`)
  const hasLeft = row.status === 'shipped' || row.status === 'delivered'
  const parcels =
    hasLeft && left.length > 0
      ? allot(await openFulfilmentOrders(session, order.id), { ...row, lines: left })
      : []
  const sent = await send(session, order, row, idsOf(parts), parcels)
  const shipment = {
    ...(parts.length > 0 ? rowOf(order, parts, row.number) : freshRow(order, row)),
    id: `${order.id}/${sent.ids.join('+')}`,
  }
  const rest = await restOf(async () => {
    // The mark by which it is found again comes before anything that may fail.
    await claim(session, sent.order, row.number, sent.ids)
    await reach(session, order, shipment, row)
  })
  const now = (await readFulfilments(session, [order.id]).catch(() => [])).flatMap(shipmentsOf)
  const shown = now.find(each => each.id === shipment.id)
  return {
    key,
    is: 'applied',
    id: shipment.id,
    version: shown ? versionOf(shown) : null,
    number: row.number,
    ...rest,
  }
}

/**
 * Sends these parcels. What was sent is marked before the next one leaves: should that one fail, another try sends only the
 * rest.
 */
async function send(
  session: Session,
  order: OrderFulfilments,
  row: ShipmentWrite,
  before: readonly string[],
  parcels: readonly Parcel[],
): Promise<{ readonly order: OrderFulfilments; readonly ids: readonly string[] }> {
  let [marked, ids] = [order, before]
  for (const parcel of parcels) {
    if (ids.length > 0) marked = await claim(session, marked, row.number, ids)
    ids = [...ids, await fulfil(session, marked, parcel, row)]
  }
  return { order: marked, ids }
}

/** What we just sent, as far as a change of it has to know. */
function freshRow({ id }: OrderFulfilments, row: ShipmentWrite): ShipmentRow {
  return {
    id,
    order: id,
    number: row.number,
    createdAt: '',
    updatedAt: '',
    status: 'SUCCESS',
    displayStatus: 'FULFILLED',
    company: row.carrier ?? null,
    tracking: row.tracking,
    lines: [],
  }
}

/** Marks these fulfilments as this shipment; answers the order with the mark. */
async function claim(
  session: Session,
  order: OrderFulfilments,
  number: string,
  ids: readonly string[],
): Promise<OrderFulfilments> {
  const claims = claimsOf(order)
  if (claims[number]?.join() === ids.join()) return order
  // A shipment that got another number in the ERP gives up the one before.
  const others = Object.entries(claims).filter(([, taken]) => !taken.some(each => ids.includes(each)))
  const value = JSON.stringify({ ...Object.fromEntries(others), [number]: ids })
  const change = { seen: order.own, value }
  const what = `Shipment ${number} of order ${order.name}`
  return { ...order, own: await changeOwn(session, gid('Order', order.id), 'shipments', change, what) }
}

async function orderOf(session: Session, row: ShipmentWrite, id: string): Promise<OrderFulfilments> {
  const [order] = await readFulfilments(session, [id])
  if (order) return order
  throw new Problem('refused', `Order ${row.order} of shipment ${row.number} is not in Shopify (any more).`)
}

function partsIn({ fulfillments }: OrderFulfilments, id: string): readonly Fulfilment[] {
  const ids = (id.split('/')[1] ?? '').split('+')
  return fulfillments.filter(each => ids.includes(each.id))
}

const idsOf = (parts: readonly Fulfilment[]) => parts.map(({ id }) => id)
