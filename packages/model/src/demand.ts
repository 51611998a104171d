import { add, isPositive, multiply } from './decimal.ts'
import type { DocumentLine, SalesOrder } from './order.ts'
import { quantityLeft, toStockUnit } from './quantity.ts'
import type { Decimal } from './values.ts'

/** So much of a product, in the product's stock unit. */
export interface Demand {
  readonly product: string
  readonly quantity: Decimal
}

/**
 * What an order takes from stock, one entry a product, in the order of its lines: what is left after cancellations,
 * the parts instead of a bundle. Drafts and cancelled orders take nothing; nor do services, gift cards, tips, and
 * what names no product, for no stock is kept of it.
 */
export function demandOf(order: Pick<SalesOrder, 'status' | 'lines'>): Demand[] {
  if (order.status === 'draft' || order.status === 'cancelled') return []
  const demand = new Map<string, Decimal>()
  for (const { product, quantity } of order.lines.flatMap(takenBy)) {
    if (product === undefined || !isPositive(quantity)) continue
    demand.set(product, add(demand.get(product) ?? '0', quantity))
  }
  return [...demand].map(([product, quantity]) => ({ product, quantity }))
}

/** Goods that are picked and shipped; the other kinds of line are only money or words. */
export function isGoods(line: Pick<DocumentLine, 'kind'>): boolean {
  return line.kind === 'item' || line.kind === 'bundle'
}

function takenBy(line: DocumentLine): { product: string | undefined; quantity: Decimal }[] {
  if (!isGoods(line)) return []
  const quantity = toStockUnit(quantityLeft(line), line.unitFactor)
  if (!line.parts?.length) return [{ product: line.product, quantity }]
  return line.parts.map(part => ({ product: part.product, quantity: multiply(quantity, part.quantity) }))
}
