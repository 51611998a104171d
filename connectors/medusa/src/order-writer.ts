import { Problem, writeEach, type Outcome, type Write, type Writer } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { at } from './client.ts'
import { versionOf } from './listing.ts'
import { metadataInput, metadataWrite } from './metadata.ts'
import { readOrders } from './order-list.ts'
import type { OrderRow } from './order-row.ts'
import type { Session } from './session.ts'

/** What an ERP has to say of an order that the shop took. */
export const orderWrite = z.object({
  /** The order's number in the ERP. */
  number: z.string().optional(),
  status: z.enum(['draft', 'held', 'open', 'closed', 'cancelled']).optional(),
  metadata: metadataWrite,
})
export type OrderWrite = z.infer<typeof orderWrite>

const orderWriteMapping: Mapping = {
  from: 'SalesOrder',
  to: 'medusa.SalesOrder',
  fields: { number: 'number', status: 'status' },
}

export const orderWriter: Writer<Session, OrderWrite> = {
  schema: orderWrite,
  mapping: orderWriteMapping,
  batch: 1,
  updatesOnly: true,
  repeat: 'safe',
  write: (session, writes) => writeEach(writes, session.io.signal, write => writeOrder(session, write)),
}

async function writeOrder(session: Session, { key, id, row }: Write<OrderWrite>): Promise<Outcome> {
  if (id === null)
    throw new Problem('refused', 'Orders are taken in Medusa; Linchpin does not place them there.')
  const [order] = await readOrders(session, [id])
  if (!order) throw new Problem('refused', `Order ${id} is no longer in Medusa.`)
  await setMetadata(session, order, row)
  if (row.status === 'cancelled' && order.status !== 'canceled') await cancel(session, order)
  if (row.status === 'closed' && order.status === 'pending') await complete(session, order)
  const [now] = await readOrders(session, [id]).catch(() => [])
  return { key, is: 'applied', id, version: now ? versionOf(now) : null, number: String(order.display_id) }
}

async function setMetadata(session: Session, order: OrderRow, row: OrderWrite): Promise<void> {
  const ours = row.number === undefined ? {} : { linchpin_erp_number: row.number }
  const input = metadataInput(order.metadata, row.metadata, ours)
  if (input.metadata) await updateOrder(session, order.id, input)
}

export async function updateOrder(session: Session, id: string, body: object): Promise<void> {
  await session.client.post(`/orders/${at(id)}`, body, answer, bare)
}

/** Medusa gives the stock back, and refunds what was captured. It refuses an order of which something has left. */
async function cancel(session: Session, { id }: OrderRow): Promise<void> {
  await session.client.post(`/orders/${at(id)}/cancel`, {}, answer, bare)
}

/** Only what has left wholly: a completed order can no longer be cancelled. */
async function complete(session: Session, { id, shipped }: OrderRow): Promise<void> {
  if (shipped === 'complete') await session.client.post(`/orders/${at(id)}/complete`, {}, answer, bare)
}

const answer = z.object({ order: z.object({ id: z.string() }) })
const bare = { fields: 'id' }
