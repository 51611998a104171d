import { add, compare, isPositive, larger, multiply, smaller, subtract, sum } from './decimal.ts'
import { isGoods } from './demand.ts'
import type { Invoice } from './invoice.ts'
import { sameSku, tidySku } from './match.ts'
import type { DocumentLine, OrderPayment, SalesOrder } from './order.ts'
import { quantityLeft } from './quantity.ts'
import type { Refund } from './returns.ts'
import type { Shipment } from './shipment.ts'
import type { Amount, Decimal } from './values.ts'

/**
 * An order's three axes, derived from what was shipped, invoiced and paid, for systems that do not tell them. Each axis
 * moves on its own; none is read off another.
 */
export type Progress = SalesOrder['fulfilment']

/**
 * How far the goods have left. What was cancelled need not be shipped, nor services, gift cards or tips: an order of
 * nothing else is complete. A bundle has left when its parts have.
 */
export function fulfilmentOf(
  order: Pick<SalesOrder, 'lines'>,
  shipments: readonly Pick<Shipment, 'status' | 'lines'>[],
): Progress {
  const gone = shipments.filter(isGone).flatMap(({ lines }) => lines)
  const pieces = order.lines.filter(isGoods).flatMap(line => piecesOf(line, gone))
  const index = indexOf(pieces)
  // Lines that say which order line they ship go first, so that the others fill only what is left.
  for (const line of gone.filter(({ orderLine }) => orderLine)) ship(line, index)
  for (const line of gone.filter(({ orderLine }) => !orderLine)) ship(line, index)
  return progressOf(pieces)
}

/**
 * How far the order is invoiced, by posted invoices: by quantity where their lines say which order line they bill, else
 * by amount.
 */
export function invoicingOf(
  order: Pick<SalesOrder, 'id' | 'lines' | 'totals'>,
  invoices: readonly Pick<Invoice, 'status' | 'orders' | 'lines' | 'totals'>[],
): Progress {
  const posted = invoices.filter(({ status, orders }) => isPosted(status) && orders.includes(order.id))
  const billed = posted.flatMap(({ lines }) => lines).filter(line => (line.order ?? order.id) === order.id)
  if (!billed.some(({ orderLine }) => orderLine)) return invoicedByAmount(order, posted)
  const bills = grouped(billed, ({ orderLine }) => [orderLine])
  const lines = order.lines.filter(({ kind }) => kind !== 'note')
  return progressOf(
    lines.map(line => ({
      wanted: quantityLeft(line),
      done: sum((bills.get(line.id) ?? []).map(quantityLeft)),
    })),
  )
}

/**
 * Where the money stands. A payment that is `refunded` came in and went back whole; `refunds` tells the same or more.
 * An order that costs nothing is paid.
 */
export function paymentOf(
  payable: Amount,
  payments: readonly Pick<OrderPayment, 'status' | 'amount'>[],
  refunds: readonly Pick<Refund, 'status' | 'amount'>[] = [],
): SalesOrder['payment'] {
  const having = (...states: readonly string[]) =>
    total(payments.filter(({ status }) => states.includes(status)))
  const captured = having('captured', 'refunded')
  const back = larger(having('refunded'), total(refunds.filter(({ status }) => status === 'settled')))
  if (isPositive(back)) return compare(back, captured) < 0 ? 'partiallyRefunded' : 'refunded'
  if (compare(captured, payable) >= 0) return 'paid'
  if (isPositive(captured)) return 'partial'
  return isPositive(having('authorized')) ? 'authorized' : 'unpaid'
}

/** Something that has to be done so many times, and was done so many times. */
interface Part {
  readonly wanted: Decimal
  done: Decimal
}

/** Nothing wanted at all is complete; wanted, and then all cancelled, is not. */
function progressOf(parts: readonly Readonly<Part>[]): Progress {
  const begun = parts.some(({ done }) => isPositive(done))
  if (parts.some(({ wanted, done }) => compare(done, wanted) < 0)) return begun ? 'partial' : 'none'
  return begun || parts.length === 0 ? 'complete' : 'none'
}

interface Piece extends Part {
  readonly line: string
  readonly product: string | undefined
  readonly sku: string | undefined
}

type Gone = Shipment['lines'][number]

function piecesOf(line: DocumentLine, gone: readonly Gone[]): Piece[] {
  const wanted = quantityLeft(line)
  const whole = { line: line.id, product: line.product, sku: line.sku, wanted, done: '0' }
  if (!line.parts?.length || gone.some(shipped => isWhole(shipped, whole))) return [whole]
  return line.parts.map(({ product, sku, quantity }) => {
    return { line: line.id, product, sku, wanted: multiply(wanted, quantity), done: '0' }
  })
}

/** Whether a shipment speaks of the bundle itself: one ERP ships bundles, another one their parts. */
function isWhole(shipped: Gone, bundle: Piece): boolean {
  if (shipped.orderLine === bundle.line && !shipped.product && !shipped.sku) return true
  return (shipped.orderLine ?? bundle.line) === bundle.line && isSameItem(shipped, bundle)
}

/** Pieces by 'line 7', 'product 42' and 'sku MUG-1', for orders of thousands of lines. */
type Index = ReadonlyMap<string, readonly Piece[]>

function indexOf(pieces: readonly Piece[]): Index {
  return grouped(pieces, ({ line, product, sku }) => [
    `line ${line}`,
    product && `product ${product}`,
    sku && `sku ${tidySku(sku)}`,
  ])
}

/** Counts a shipped line for the pieces that it can be, each up to what is wanted. */
function ship(shipped: Gone, index: Index): void {
  let rest = shipped.quantity
  for (const piece of piecesFor(shipped, index)) {
    const part = larger('0', smaller(rest, subtract(piece.wanted, piece.done)))
    piece.done = add(piece.done, part)
    rest = subtract(rest, part)
  }
}

function piecesFor(shipped: Gone, index: Index): readonly Piece[] {
  const { orderLine, product, sku = '' } = shipped
  if (!orderLine) return index.get(`product ${product}`) ?? index.get(`sku ${tidySku(sku)}`) ?? []
  const own = index.get(`line ${orderLine}`) ?? []
  // Of a single piece the order line decides: a substitute may go out in place of the article that was ordered.
  return own.length === 1 ? own : own.filter(piece => isSameItem(shipped, piece))
}

function isSameItem(shipped: Gone, piece: Piece): boolean {
  return shipped.product && piece.product
    ? shipped.product === piece.product
    : sameSku(shipped.sku, piece.sku)
}

function isGone({ status }: Pick<Shipment, 'status'>): boolean {
  return status === 'shipped' || status === 'delivered'
}

function isPosted(status: Invoice['status']): boolean {
  return status === 'posted' || status === 'paid'
}

function invoicedByAmount(
  order: Pick<SalesOrder, 'id' | 'totals'>,
  invoices: readonly Pick<Invoice, 'orders' | 'lines' | 'totals'>[],
): Progress {
  const amounts = invoices.map(({ orders, lines, totals }) =>
    orders.length === 1
      ? totals.payable
      : sum(lines.filter(line => line.order === order.id).map(({ gross }) => gross)),
  )
  return invoices.length === 0 ? 'none' : progressOf([{ wanted: order.totals.payable, done: sum(amounts) }])
}

function total(payments: readonly { amount: Amount }[]): Amount {
  return sum(payments.map(({ amount }) => amount))
}

function grouped<Item>(
  items: readonly Item[],
  keysOf: (item: Item) => readonly (string | undefined)[],
): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items)
    for (const key of keysOf(item)) {
      if (!key) continue
      const group = groups.get(key)
      if (group) group.push(item)
      else groups.set(key, [item])
    }
  return groups
}
