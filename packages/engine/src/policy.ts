import {
  documentProblems,
  roundingProblem,
  type Canonical,
  type CreditNote,
  type EntityName,
  type Invoice,
  type SalesOrder,
  type Shipment,
} from '@linchpin/model'

/**
 * What a careful clerk would not carry over, whoever the vendors are: pure, and the same for every pair of systems.
 * Null: carry it.
 */
export type Verdict = { readonly skip: string } | { readonly park: string } | null

/** Before anything else: is this record, as it stands, something to carry at all? */
export function mayCarry(
  entity: EntityName,
  record: Canonical,
  facts: { readonly linked: boolean; readonly since: number; readonly to: string },
): Verdict {
  switch (entity) {
    case 'SalesOrder':
      return facts.linked ? null : mayCreateOrder(record as SalesOrder, facts)
    case 'Invoice':
    case 'CreditNote':
      return mayCarryBilling(entity, record as Invoice | CreditNote)
    case 'Shipment': {
      const { status } = record as Shipment
      return status === 'shipped' || status === 'delivered' || (facts.linked && status === 'cancelled')
        ? null
        : { skip: `It is ${status}; it goes to ${facts.to} when it is shipped.` }
    }
    case 'Account':
    case 'Contact':
    case 'Document':
    case 'Payment':
    case 'Price':
    case 'PriceList':
    case 'Product':
    case 'Refund':
    case 'ReturnAuthorization':
    case 'StockLevel':
      return null
  }
}

function mayCreateOrder(order: SalesOrder, { since, to }: { since: number; to: string }): Verdict {
  if (order.status === 'draft' || order.status === 'held')
    return {
      skip: `It is ${order.status} in the shop; it goes to ${to} when it is open (paid, or released).`,
    }
  if (order.status === 'cancelled') return { skip: `It was cancelled before it reached ${to}.` }
  return placedBefore(order, since)
}

/** Whatever else becomes of it, such an order is not carried. */
export function placedBefore({ issuedAt }: SalesOrder, since: number): { readonly skip: string } | null {
  if (Date.parse(issuedAt) >= since) return null
  const began = new Date(since).toISOString()
  return {
    skip: `It was placed ${issuedAt}, before this flow began (${began}). Set "since" on the flow to carry older orders.`,
  }
}

function mayCarryBilling(entity: 'Invoice' | 'CreditNote', billing: Invoice | CreditNote): Verdict {
  if (billing.status === 'draft') return { skip: `The ${entity} is a draft; it goes out when it is posted.` }
  if (billing.orders.length === 0) return { skip: `The ${entity} belongs to no order.` }
  return null
}

/** Money to the cent: a document that does not add up is not written anywhere. */
export function moneyProblem(entity: EntityName, record: Canonical): string | null {
  if (entity !== 'SalesOrder' && entity !== 'Invoice' && entity !== 'CreditNote') return null
  const rounding = roundingProblem(record as SalesOrder)
  const problems = [...documentProblems(record as SalesOrder), ...(rounding === null ? [] : [rounding])]
  if (problems.length === 0) return null
  const number = (record as SalesOrder).number
  return `${entity} ${number} does not add up: ${problems.slice(0, 4).join(' ')} Correct it at its source, or change the mapping, then retry.`
}
