import {
  findEach,
  Problem,
  restOf,
  writeEach,
  type Outcome,
  type Write,
  type Writer,
} from '@linchpin/connector'
import { shipmentFields, shipmentWrite as plainShipment } from '@linchpin/connector/shop'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { accepted, onErrorResult, resultOf } from './errors.ts'
import { versionOf } from './listing.ts'
import { addNote } from './notes.ts'
import { readOrders } from './order-list.ts'
import type { OrderRow } from './order-row.ts'
import type { Session } from './session.ts'
import { allot } from './shipment-lines.ts'
import { methodOf, shipmentsOf, type ShipmentRow } from './shipment-row.ts'

const text = z.string()

const shipmentWrite = plainShipment.omit({ tracking: true }).extend({ trackingCodes: z.array(z.string()) })
export type ShipmentWrite = z.infer<typeof shipmentWrite>

const { tracking: _, ...othersFields } = shipmentFields

const shipmentWriteMapping: Mapping = {
  from: 'Shipment',
  to: 'vendure.Shipment',
  fields: { ...othersFields, trackingCodes: { each: 'tracking', as: { value: 'number' } } },
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
  // As long as a mutation can take until Vendure's database gives up on it.
  settleMs: 60_000,
}

async function writeShipment(session: Session, { key, id, row }: Write<ShipmentWrite>): Promise<Outcome> {
  const order = await orderOf(session, row, id?.split('/')[0] ?? row.order)
  const there = id === null ? shipmentOf(order, row.number) : shipmentsOf(order).find(each => each.id === id)
  if (id !== null && !there)
    throw new Problem('refused', `Shipment ${row.number} is no longer at order ${order.code} in Vendure.`)
  if (!there && row.status === 'cancelled')
    throw new Problem(
      'refused',
      `Shipment ${row.number} was cancelled before Vendure knew it; there is nothing to do.`,
    )
  const fulfillment = there ?? (await create(session, order, row))
  const rest = await restOf(async () => {
    await reach(session, order, fulfillment, row)
    if (there) await correctTracking(session, order, there, row)
  })
  const now = (await readOrders(session, [order.id]).catch(() => [])).flatMap(shipmentsOf)
  const shown = now.find(each => each.id === fulfillment.id)
  const { rest: problem } = rest
  return {
    key,
    is: 'applied',
    id: fulfillment.id,
    version: shown ? versionOf(shown) : null,
    number: row.number,
    ...(problem && { rest: problem }),
  }
}

async function orderOf(session: Session, row: ShipmentWrite, id: string): Promise<OrderRow> {
  const [order] = await readOrders(session, [id])
  if (order) return order
  throw new Problem('refused', `Order ${row.order} of shipment ${row.number} is not in Vendure (any more).`)
}

function shipmentOf(order: OrderRow, number: string): ShipmentRow | undefined {
  return shipmentsOf(order).find(each => each.number === number && each.state !== 'Cancelled')
}

async function create(
  session: Session,
  order: OrderRow,
  row: ShipmentWrite,
): Promise<{ readonly id: string; readonly state: string }> {
  const { addFulfillmentToOrder } = await session.client.ask(fulfilling, {
    input: {
      lines: allot(order, row),
      handler: {
        code: 'manual-fulfillment',
        arguments: [
          { name: 'method', value: methodOf(row.carrier, row.number) },
          { name: 'trackingCode', value: row.trackingCodes.join(', ') },
        ],
      },
    },
  })
  const made = accepted(
    addFulfillmentToOrder,
    `Shipment ${row.number} of order ${order.code} cannot be added in Vendure`,
  )
  return { id: `${order.id}/${made.id}`, state: made.state }
}

/** Step by step to the state that the ERP says: Pending, Shipped, Delivered; or Cancelled. */
async function reach(
  session: Session,
  order: OrderRow,
  { id, state }: { readonly id: string; readonly state: string },
  row: ShipmentWrite,
): Promise<void> {
  const fulfillment = id.split('/')[1] ?? ''
  for (const next of stepsFrom(state, row.status)) {
    const { transitionFulfillmentToState } = await session.client.ask(moving, {
      id: fulfillment,
      state: next,
    })
    accepted(
      transitionFulfillmentToState,
      `Shipment ${row.number} of order ${order.code} cannot become ${next} in Vendure`,
    )
  }
}

function stepsFrom(state: string, wanted: ShipmentWrite['status']): readonly string[] {
  if (wanted === 'cancelled') return state === 'Cancelled' ? [] : ['Cancelled']
  const way = ['Pending', 'Shipped', 'Delivered']
  const goal = { planned: 0, ready: 0, shipped: 1, delivered: 2 }[wanted]
  return state === 'Cancelled' ? [] : way.slice(way.indexOf(state) + 1, goal + 1)
}

/** A fulfilment cannot be edited in Vendure, so a later tracking number is told in a note that the customer sees. */
async function correctTracking(
  session: Session,
  order: OrderRow,
  there: ShipmentRow,
  { number, trackingCodes, carrier }: ShipmentWrite,
): Promise<void> {
  const shown = there.trackingCodes.map(({ code }) => code)
  if (trackingCodes.every(code => shown.includes(code))) return
  const note = `Tracking of ${methodOf(carrier, number)}: ${trackingCodes.join(', ')}`
  if (!order.notes.some(({ data }) => data.note === note)) await addNote(session, order.id, note, true)
}

const fulfilled = z.object({ addFulfillmentToOrder: resultOf(z.object({ id: text, state: text })) })
const fulfilling: Operation<z.infer<typeof fulfilled>> = {
  text: `mutation AddFulfillment($input: FulfillOrderInput!) { addFulfillmentToOrder(input: $input) {
    ... on Fulfillment { id state } ${onErrorResult}
    ... on FulfillmentStateTransitionError { transitionError }
    ... on CreateFulfillmentError { fulfillmentHandlerError } } }`,
  data: fulfilled,
}

const moved = z.object({ transitionFulfillmentToState: resultOf(z.object({ id: text })) })
const moving: Operation<z.infer<typeof moved>> = {
  text: `mutation MoveFulfillment($id: ID!, $state: String!) { transitionFulfillmentToState(id: $id, state: $state) {
    ... on Fulfillment { id } ${onErrorResult} ... on FulfillmentStateTransitionError { transitionError } } }`,
  data: moved,
}
