import type { Canonical, EntityName, SalesOrder, StockLevel } from '@linchpin/model'

/**
 * From point to point, the target's row is made of the source's. What no row tells, because it is Linchpin's own, stands
 * in the row's field `linchpin` while it is mapped: the account that it makes of a guest, what may be promised of a
 * stock, and where the file of an invoice is.
 */
export function ownFields(entity: EntityName): readonly string[] {
  if (entity === 'SalesOrder') return ['buyer.id']
  if (entity === 'StockLevel') return ['available']
  return entity === 'Invoice' || entity === 'CreditNote' ? ['document'] : []
}

export function rowWithOwn(entity: EntityName, row: unknown, completed: Canonical): unknown {
  return { ...(row as object), linchpin: ownOf(entity, completed) }
}

function ownOf(entity: EntityName, completed: Canonical): object {
  if (entity === 'SalesOrder') return { buyer: { id: (completed as SalesOrder).buyer.id } }
  if (entity === 'StockLevel') return { available: (completed as StockLevel).available }
  if (entity !== 'Invoice' && entity !== 'CreditNote') return {}
  return { document: (completed as Extract<Canonical, { document?: unknown }>).document }
}
