import type { CreditNote, EntityName, Invoice, SalesOrder, Shipment } from '@linchpin/model'
import type { Duty } from '@linchpin/store'
import type { Flow } from './setup.ts'

/** Which deliveries a change of this record makes due: one per flow that carries its entity from its connection. */
export function dutiesOf(
  flows: readonly Flow[],
  connection: string,
  entity: EntityName,
  id: string,
  canonical: unknown,
): readonly Duty[] {
  return flows
    .filter(flow => flow.entity === entity && flow.from === connection)
    .map(flow => ({
      flow: flow.name,
      entity,
      from: flow.from,
      to: flow.to,
      lane: laneOf(entity, id, canonical),
      onlyIfLinked: flow.trigger === 'asked' || !flow.create,
      ...worthOf(entity, canonical),
      ...madeOf(canonical),
    }))
}

/**
 * Deliveries of one lane are never in flight together. What is written into an order shares the order's lane: two
 * shipments that both read, change and write the order's list of parcels would lose one of them.
 */
export function laneOf(entity: EntityName, id: string, canonical: unknown): string {
  const order = canonical === null ? undefined : orderOf(entity, canonical)
  return order === undefined ? `${entity}/${id}` : `SalesOrder/${order}`
}

function orderOf(entity: EntityName, canonical: unknown): string | undefined {
  if (entity === 'Shipment') return (canonical as Shipment).order
  if (entity === 'Invoice') return (canonical as Invoice).orders[0]
  if (entity === 'CreditNote') return (canonical as CreditNote).orders[0]
  return undefined
}

function madeOf(canonical: unknown): Pick<Duty, 'madeAt'> {
  const { issuedAt, at = issuedAt } = (canonical ?? {}) as {
    readonly issuedAt?: string
    readonly at?: string
  }
  return at === undefined ? {} : { madeAt: Date.parse(at) }
}

function worthOf(entity: EntityName, canonical: unknown): Pick<Duty, 'worth'> {
  if (canonical === null || !['SalesOrder', 'Invoice', 'CreditNote'].includes(entity)) return {}
  const { totals, currency } = canonical as SalesOrder
  return { worth: { amount: totals.payable, currency } }
}
