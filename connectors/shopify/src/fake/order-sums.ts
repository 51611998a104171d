import type { Order, ShopFacts } from './books.ts'
import { taxOf } from './money.ts'

/** What all of it comes to, in cents, before returns. */
export function sumsOf({ lines, shipping }: Order, shop: ShopFacts): { readonly total: number } {
  const parts = [
    ...lines.map(each => ({ base: each.price * each.quantity - each.discount, rate: each.taxRate })),
    { base: shipping.price, rate: 19 },
  ]
  const total = parts.reduce(
    (sum, { base, rate }) => sum + base + (shop.taxesIncluded ? 0 : taxOf(base, rate, shop)),
    0,
  )
  return { total }
}

export function financialStatus({ transactions }: Order, total: number): string {
  const done = transactions.filter(({ status }) => status === 'SUCCESS')
  const sum = (kind: string) =>
    done.filter(each => each.kind === kind).reduce((all, { amount }) => all + amount, 0)
  const [paid, refunded] = [sum('SALE') + sum('CAPTURE'), sum('REFUND')]
  if (refunded > 0) return refunded >= paid ? 'REFUNDED' : 'PARTIALLY_REFUNDED'
  if (paid >= total) return 'PAID'
  const given = done.filter(({ kind }) => kind === 'AUTHORIZATION')
  const isGivenUp = ({ id }: { readonly id: string }) =>
    done.some(({ kind, parent }) => kind === 'VOID' && parent === id)
  if (given.length === 0) return 'PENDING'
  return given.every(isGivenUp) ? 'VOIDED' : 'AUTHORIZED'
}

export function fulfilmentStatus({ lines, fulfilments }: Order): string {
  const sent = fulfilments
    .filter(({ status }) => status === 'SUCCESS')
    .flatMap(each => each.lines)
    .reduce((all, { quantity }) => all + quantity, 0)
  const wanted = lines.reduce((all, { currentQuantity }) => all + currentQuantity, 0)
  if (sent === 0) return 'UNFULFILLED'
  return sent >= wanted ? 'FULFILLED' : 'PARTIALLY_FULFILLED'
}

export function isHeld({ fulfilmentOrders }: Order): boolean {
  return fulfilmentOrders.some(({ status }) => status === 'ON_HOLD')
}
