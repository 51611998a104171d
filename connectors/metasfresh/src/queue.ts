import { type Cursor, type Entity, type Page } from '@linchpin/connector'
import { z } from 'zod'
import { need, type Session } from './client.ts'
import { decimalOf, figure, idText } from './fields.ts'
import { headerIn } from './identifiers.ts'
import { snapshotOf } from './process.ts'

const text = z.string().nullish()
const candidate = z.looseObject({
  id: z.int(),
  orgCode: text,
  orderDocumentNo: text,
  poReference: text,
  product: z.looseObject({ productNo: z.string(), name: text }),
  quantities: z.array(z.looseObject({ qty: figure, uomCode: text })),
  orderedQty: z.array(z.looseObject({ qty: figure, uomCode: text })).nullish(),
  shipperInternalSearchKey: text,
})

type Candidate = z.infer<typeof candidate>

/** What is to be shipped for one order: its shipment candidates (M_ShipmentSchedule) of one answer of the queue. */
const queueRow = z.looseObject({
  Id: z.string(),
  Order: z.string(),
  transactionKey: z.string(),
  items: z.array(candidate).readonly(),
})
type QueueRow = z.infer<typeof queueRow>

/** A cursor is what the last answer told: its transaction and its schedules, all that a confirmation says. */
const STATE = z.object({ transactionKey: z.string(), ids: z.array(z.int()) })
const EXPORT = z.looseObject({
  transactionKey: z.string(),
  hasMoreItems: z.boolean(),
  items: z.array(candidate),
})

/**
 * The export queue of GET /shipments/shipmentCandidates. It flags what it tells as exported in the same breath, and
 * tells it once: `limit` counts orders. What is safe with us is confirmed afterwards, and never before.
 */
async function changes(session: Session, _after: Cursor | null, limit: number): Promise<Page<QueueRow>> {
  const told = await need(session, `/shipments/shipmentCandidates?limit=${limit}`, EXPORT)
  const { transactionKey, hasMoreItems, items } = told
  const orders = byOrder(items)
  const snapshots = [...orders].flatMap(([Order, own]) => {
    // Without an order there is nobody to tell; it is confirmed all the same, or the queue would never end.
    if (Order === '') return []
    const Id = `plan-${Order}`
    return [snapshotOf(Id, { Id, Order, transactionKey, items: own })]
  })
  const ids = items.map(({ id }) => id)
  return {
    items: snapshots,
    next: JSON.stringify({ transactionKey, ids }),
    more: hasMoreItems && ids.length > 0,
  }
}

function byOrder(items: readonly Candidate[]): ReadonlyMap<string, readonly Candidate[]> {
  const orders = new Map<string, readonly Candidate[]>()
  for (const item of items) {
    const order = headerIn(item.poReference) ?? item.orderDocumentNo ?? ''
    orders.set(order, [...(orders.get(order) ?? []), item])
  }
  return orders
}

/**
 * What the queue told before this cursor is safe. An unknown transaction is passed over by metasfresh in silence, and so
 * is a second word about a known one.
 */
async function acknowledge(session: Session, cursor: Cursor): Promise<void> {
  const { transactionKey, ids } = STATE.parse(JSON.parse(cursor))
  if (ids.length === 0) return
  const body = { transactionKey, items: ids.map(scheduleId => ({ scheduleId, outcome: 'OK' })) }
  const ask = { method: 'POST', body, reads: true } as const
  await need(session, '/shipments/shipmentCandidatesResult', z.unknown(), ask)
}

export const shipmentQueue: Entity<Session, 'Shipment', QueueRow> = {
  schema: queueRow,
  mapping: {
    from: 'metasfresh.Shipment',
    to: 'Shipment',
    fields: {
      id: 'Id',
      number: { template: 'Planned for {items[0].orderDocumentNo}' },
      order: 'Order',
      status: { constant: 'planned' },
      carrier: 'items[0].shipperInternalSearchKey',
      tracking: { constant: [] },
      lines: {
        each: 'items',
        as: {
          id: idText('id'),
          sku: 'product.productNo',
          name: 'product.name',
          quantity: decimalOf('quantities[0].qty'),
        },
      },
    },
  },
  changes,
  acknowledge,
}
