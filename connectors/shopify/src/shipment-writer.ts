import {
  findEach,
  inTurn,
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
import { readFulfilments, type OrderFulfilments } from './fulfilment-list.ts'
import { openFulfilmentOrders } from './fulfilment-orders.ts'
import { fulfil, reach } from './fulfilment-writer.ts'
import { gid } from './ids.ts'
import { versionOf } from './listing.ts'
import { changeOwn } from './metafields.ts'
import type { Session } from './session.ts'
import { allot } from './shipment-lines.ts'
import { lostFulfilments } from './shipment-lost.ts'
import { claimsOf, shipmentsOf, type ShipmentRow } from './shipment-row.ts'

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
      return order && (shipmentOf(order, row.number) ?? (await adopt(session, order, row)))?.id
    }),
  // Longer than Shopify works on one request; an order tells its fulfilments from its own tables.
  settleMs: 120_000,
}

async function writeShipment(session: Session, { key, id, row }: Write<ShipmentWrite>): Promise<Outcome> {
  const order = await orderOf(session, row, id?.split('/')[0] ?? row.order)
  const there = id === null ? shipmentOf(order, row.number) : shipmentsOf(order).find(each => each.id === id)
  if (id !== null && !there)
    throw new Problem('refused', `Shipment ${row.number} is no longer at order ${order.name} in Shopify.`)
  if (!there && row.status === 'cancelled')
    throw new Problem(
      'refused',
      `Shipment ${row.number} was cancelled before Shopify knew it; there is nothing to do.`,
    )
  if (!there && (row.status === 'planned' || row.status === 'ready'))
    throw new Problem('passing', `Shipment ${row.number} has not left yet; Shopify is told when it has.`)
  const lost = there ? undefined : await adopt(session, order, row)
  const shipment = there ?? lost ?? (await create(session, order, row))
  const rest = await restOf(async () => {
    // The mark by which it is found again comes before anything that may fail.
    if (!lost) await claim(session, order, row.number, shipment.id)
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

async function create(session: Session, order: OrderFulfilments, row: ShipmentWrite): Promise<ShipmentRow> {
  const parcels = allot(await openFulfilmentOrders(session, order.id), row)
  if (parcels.length === 0) throw new Problem('refused', `Shipment ${row.number} holds no goods.`)
  const ids = await inTurn(parcels, parcel => fulfil(session, order, parcel, row))
  return {
    id: `${order.id}/${ids.join('+')}`,
    order: order.id,
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

/** Fulfilments of an earlier try, whose answer was lost before they were marked. */
async function adopt(
  session: Session,
  order: OrderFulfilments,
  row: ShipmentWrite,
): Promise<ShipmentRow | undefined> {
  const ids = lostFulfilments(order, row)
  if (ids.length === 0) return undefined
  await claim(session, order, row.number, `${order.id}/${ids.join('+')}`)
  const [now] = await readFulfilments(session, [order.id])
  return now && shipmentOf(now, row.number)
}

async function claim(session: Session, order: OrderFulfilments, number: string, id: string): Promise<void> {
  const ids = (id.split('/')[1] ?? '').split('+')
  const claims = claimsOf(order)
  if (claims[number]?.join() === ids.join()) return
  // A shipment that got another number in the ERP gives up the one before.
  const others = Object.entries(claims).filter(([, taken]) => !taken.some(each => ids.includes(each)))
  const value = JSON.stringify({ ...Object.fromEntries(others), [number]: ids })
  const change = { seen: order.own, value }
  await changeOwn(
    session,
    gid('Order', order.id),
    'shipments',
    change,
    `Shipment ${number} of order ${order.name}`,
  )
}

async function orderOf(session: Session, row: ShipmentWrite, id: string): Promise<OrderFulfilments> {
  const [order] = await readFulfilments(session, [id])
  if (order) return order
  throw new Problem('refused', `Order ${row.order} of shipment ${row.number} is not in Shopify (any more).`)
}

function shipmentOf(order: OrderFulfilments, number: string): ShipmentRow | undefined {
  const ours = Object.keys(claimsOf(order))
  return shipmentsOf(order).find(
    each => ours.includes(number) && each.number === number && each.status !== 'CANCELLED',
  )
}
