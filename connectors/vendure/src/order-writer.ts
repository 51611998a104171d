import { Problem, writeEach, type Outcome, type Write, type Writer } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { customFieldsFor, customFieldsInput, customFieldsWrite } from './custom-fields.ts'
import { accepted, onErrorResult, resultOf } from './errors.ts'
import { addNote } from './notes.ts'
import { readOrders } from './order-list.ts'
import type { OrderRow } from './order-row.ts'
import type { Session } from './session.ts'

/** What an ERP has to say of an order that the shop took. */
export const orderWrite = z.object({
  /** The order's number in the ERP. */
  number: z.string().optional(),
  cancelled: z.boolean().optional(),
  cancelReason: z.string().optional(),
  customFields: customFieldsWrite,
})
export type OrderWrite = z.infer<typeof orderWrite>

const orderWriteMapping: Mapping = {
  from: 'SalesOrder',
  to: 'vendure.SalesOrder',
  fields: {
    number: 'number',
    cancelled: {
      when: { is: ['status', { constant: 'cancelled' }] },
      then: { constant: true },
      else: { constant: false },
    },
    cancelReason: 'cancelReason',
  },
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
    throw new Problem('refused', 'Orders are taken in Vendure; Linchpin does not place them there.')
  const [order] = await readOrders(session, [id])
  if (!order) throw new Problem('refused', `Order ${id} is no longer in Vendure.`)
  await tellFields(session, order, row)
  if (row.number !== undefined) await tellNumber(session, order, row.number)
  if (row.cancelled === true && order.state !== 'Cancelled') await cancel(session, order, row.cancelReason)
  return { key, is: 'applied', id, version: null, number: order.code }
}

async function tellFields(session: Session, order: OrderRow, row: OrderWrite): Promise<void> {
  const { orderNumber, orderInvoices } = session.settings.customFields
  const { Order } = await customFieldsFor(session, row.customFields, ['Order'], [orderNumber, orderInvoices])
  const input = customFieldsInput(order.customFields, Order)
  if (input.customFields) await session.client.ask(setOrderFields, { input: { id: order.id, ...input } })
}

/** Into the custom field, or without one into a note that only administrators see. */
async function tellNumber(session: Session, order: OrderRow, number: string): Promise<void> {
  const field = session.settings.customFields.orderNumber
  const { customFields } = await session.facts()
  if (!customFields('Order').includes(field)) {
    const note = `Order in the ERP: ${number}`
    if (!order.notes.some(({ data }) => data.note === note)) await addNote(session, order.id, note, false)
    return
  }
  if (order.customFields?.[field] === number) return
  await session.client.ask(setOrderFields, { input: { id: order.id, customFields: { [field]: number } } })
}

/** Vendure gives the stock back. The money stays: who cancelled decides whether and how to refund it. */
async function cancel(session: Session, { id, code }: OrderRow, reason: string | undefined): Promise<void> {
  const { cancelOrder } = await session.client.ask(cancelling, {
    input: { orderId: id, cancelShipping: true, reason: reason ?? 'Cancelled in the ERP' },
  })
  accepted(cancelOrder, `Order ${code} cannot be cancelled in Vendure`)
}

const withId = z.object({ id: z.string() })

const fieldsData = z.object({ setOrderCustomFields: withId.nullable() })
export const setOrderFields: Operation<z.infer<typeof fieldsData>> = {
  text: 'mutation SetOrderFields($input: UpdateOrderInput!) { setOrderCustomFields(input: $input) { id } }',
  data: fieldsData,
}

const cancelData = z.object({ cancelOrder: resultOf(withId) })
const cancelling: Operation<z.infer<typeof cancelData>> = {
  text: `mutation CancelOrder($input: CancelOrderInput!) { cancelOrder(input: $input) {
    ... on Order { id } ${onErrorResult} ... on OrderStateTransitionError { transitionError } } }`,
  data: cancelData,
}
