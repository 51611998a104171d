import { Problem, type Outcome, type Write, type Writer } from '@linchpin/connector'
import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import { record, type Session } from './client.ts'
import { numberOf } from './ids.ts'
import { metaOf, metaWrite, missingMeta } from './meta.ts'
import { noteOnce } from './order-notes.ts'
import { readOrder, withRefunds } from './order-read.ts'
import type { RawOrder } from './order-row.ts'
import { oneByOne, outcomeOf } from './settle.ts'

const orderWrite = z.object({
  status: z.enum(['cancelled', 'completed']).optional(),
  /** What the ERP calls the order; it is written to the order's meta and, once, as a private note. */
  erp_number: z.string().min(1).optional(),
  meta_data: metaWrite,
})
export type OrderWrite = z.infer<typeof orderWrite>

const ERP_NUMBER = '_linchpin_erp_number'

export const orderWriter: Writer<Session, OrderWrite> = {
  schema: orderWrite,
  mapping: {
    from: 'SalesOrder',
    to: 'woocommerce.SalesOrder',
    fields: {
      status: {
        when: { is: ['status', { constant: 'cancelled' }] },
        then: { constant: 'cancelled' },
        else: {
          when: { is: ['fulfilment', { constant: 'complete' }] },
          then: { constant: 'completed' },
        },
      },
      erp_number: 'number',
    },
  },
  batch: 25,
  repeat: 'safe',
  updatesOnly: true,
  write: (session, writes) => oneByOne(writes, write => writeOrder(session, write)),
}

function writeOrder(session: Session, write: Write<OrderWrite>): Promise<Outcome> {
  return outcomeOf(write, async () => {
    const id = numberOf(write.id ?? '')
    if (id === null) throw new Problem('refused', `Order ${write.id ?? ''} is not an id of the shop.`)
    return session.alone(`order ${id}`, () => converge(session, id, write))
  })
}

async function converge(session: Session, id: number, { row }: Write<OrderWrite>) {
  const before = await readOrder(session, id)
  const status = row.status === undefined ? null : nextStatus(before, row.status)
  const number = row.erp_number === undefined ? [] : [{ key: ERP_NUMBER, value: row.erp_number }]
  const meta = missingMeta(before, [...number, ...metaOf(row.meta_data)])
  const changes = {
    ...(status !== null && { status }),
    ...(meta.length > 0 && { meta_data: meta }),
  }
  const after =
    Object.keys(changes).length === 0
      ? before
      : await record<RawOrder>(session, 'PUT', `/orders/${id}`, changes)
  if (row.erp_number !== undefined) {
    const beginning = `Linchpin: order ${row.erp_number} in the ERP`
    await noteOnce(session, id, { text: `${beginning}.`, beginning: `${beginning}.`, toCustomer: false })
  }
  const told = await withRefunds(session, after)
  return { id: String(id), version: contentHash(told), number: after.number ?? String(id) }
}

/** The status to set, or null when there is nothing to do. Paid-back and finished orders are not turned back. */
function nextStatus(order: RawOrder, wanted: 'cancelled' | 'completed'): string | null {
  if (order.status === wanted) return null
  // A refund in full is how WooCommerce cancels what was paid.
  if (wanted === 'cancelled' && order.status === 'refunded') return null
  if (wanted === 'cancelled' && order.status === 'completed')
    throw new Problem(
      'refused',
      `Order ${order.number ?? order.id} is completed in the shop, so it cannot be cancelled. Refund it there.`,
    )
  if (wanted === 'completed' && ['cancelled', 'refunded'].includes(order.status))
    throw new Problem(
      'refused',
      `Order ${order.number ?? order.id} is ${order.status} in the shop, yet the ERP has shipped it. Talk to the customer.`,
    )
  return wanted
}
