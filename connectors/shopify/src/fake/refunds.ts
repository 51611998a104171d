import type { Books, Order, OrderLine, Refund } from './books.ts'
import { answered, refuse } from './failure.ts'
import { gidOf, idIn } from './lists.ts'
import { bag, centsOf, taxOf } from './money.ts'

export type Transaction = Order['transactions'][number]

interface LineInput {
  readonly lineItemId: string
  readonly quantity: number
  readonly restockType?: string
}
interface Suggested {
  readonly refundLineItems?: readonly LineInput[] | null
  readonly refundShipping?: boolean | null
  readonly suggestFullRefund?: boolean | null
}
interface RefundInput {
  readonly orderId: string
  readonly note?: string | null
  readonly refundLineItems?: readonly LineInput[] | null
  readonly shipping?: { readonly fullRefund?: boolean | null } | null
  readonly transactions?: readonly {
    readonly amount: string
    readonly gateway: string
    readonly kind: string
    readonly parentId?: string | null
  }[]
}

/** At this gateway every refund fails. */
export const decliningGateway = 'declines'
/** And this one says later what became of it. */
export const slowGateway = 'takes its time'

export function refundFields(books: Books) {
  return {
    refundCreate: ({ input }: { readonly input: RefundInput }) =>
      answered(() => {
        const order = books.orders.get(idIn('Order', input.orderId))
        if (!order) return refuse(['orderId'], 'Order does not exist')
        const id = giveBack(books, order, input)
        const status = books.orders
          .get(order.id)
          ?.transactions.filter(({ refund }) => refund === id)
          .map(each => ({ status: each.status }))
        return { refund: { id: gidOf('Refund', id), transactions: () => ({ nodes: status }) } }
      }),
  }
}

/** What is left of a payment. */
function leftOf({ transactions }: Order, { id, amount }: Transaction): number {
  const back = transactions.filter(
    each => each.kind === 'REFUND' && isDone(each) && parentId(transactions, each) === id,
  )
  return amount - back.reduce((all, each) => all + each.amount, 0)
}

const isDone = ({ status }: Transaction) => status === 'SUCCESS'
const isPayment = (each: Transaction) => (each.kind === 'SALE' || each.kind === 'CAPTURE') && isDone(each)

/** One that does not say which payment it gives back is of the first. */
function parentId(transactions: readonly Transaction[], { kind, parent }: Transaction): string | undefined {
  return parent ?? (kind === 'REFUND' ? transactions.find(isPayment)?.id : undefined)
}

/** How many of a line no refund is of yet. */
export function refundable({ refunds }: Order, { id, quantity }: OrderLine): number {
  const back = refunds.flatMap(({ lines }) => lines).filter(({ line }) => line === id)
  return quantity - back.reduce((all, each) => all + each.quantity, 0)
}

/** What so many of a line cost, in the order's price basis. */
export const shareOf = (line: OrderLine, quantity: number): number =>
  Math.round(((line.price * line.quantity - line.discount) * quantity) / line.quantity)

const withTax = ({ shop }: Books, cents: number, rate: number): number =>
  cents + (shop.taxesIncluded ? 0 : taxOf(cents, rate, shop))

/** What Shopify would give back for these goods, and which payments it would take it from. */
export function suggestedRefund(books: Books, order: Order, asked: Suggested): object {
  const payments = order.transactions.filter(isPayment).map(each => ({ ...each, left: leftOf(order, each) }))
  const left = payments.reduce((all, each) => all + each.left, 0)
  const goods = (asked.refundLineItems ?? []).reduce((all, { lineItemId, quantity }) => {
    const line = order.lines.find(({ id }) => id === idIn('LineItem', lineItemId))
    return line ? all + withTax(books, shareOf(line, quantity), line.taxRate) : all
  }, 0)
  const shipping =
    asked.refundShipping && !order.refunds.some(each => each.shipping)
      ? withTax(books, order.shipping.price, 19)
      : 0
  const amount = asked.suggestFullRefund ? left : Math.min(left, goods + shipping)
  let open = amount
  const suggestedTransactions = payments.map(each => {
    const part = Math.min(open, each.left)
    open -= part
    return {
      kind: 'SUGGESTED_REFUND',
      ...transactionView(books, order, each),
      amountSet: bag(part, books.shop),
      maximumRefundableSet: bag(each.left, books.shop),
      parentTransaction: transactionView(books, order, each),
    }
  })
  return { amountSet: bag(amount, books.shop), suggestedTransactions }
}

export function transactionView(books: Books, order: Order, each: Transaction): object {
  const parent = parentId(order.transactions, each)
  const gateway = each.gateway ?? 'bogus'
  return {
    ...each,
    id: gidOf('OrderTransaction', each.id),
    gateway,
    formattedGateway: gateway === 'bogus' ? '(For Testing) Bogus Gateway' : gateway,
    manualPaymentGateway: each.manual === true,
    paymentId: `#${order.name}.${each.id}`,
    amountSet: bag(each.amount, books.shop),
    parentTransaction: parent === undefined ? null : { id: gidOf('OrderTransaction', parent) },
  }
}

/** Money is given back of payments, as far as they go; goods leave the order, and what has not left is not sent any more. */
export function giveBack(books: Books, order: Order, input: RefundInput): string {
  const now = books.stamp()
  const refund = books.next('refund')
  const lines = (input.refundLineItems ?? []).map(
    ({ lineItemId, quantity, restockType = 'NO_RESTOCK' }, at) => {
      const line = order.lines.find(({ id }) => id === idIn('LineItem', lineItemId))
      if (!line || quantity < 1 || quantity > refundable(order, line))
        return refuse(
          ['refundLineItems', String(at), 'quantity'],
          'Quantity cannot refund more items than were purchased',
        )
      return { line: line.id, quantity, restockType }
    },
  )
  const asked = new Map<string, number>()
  const transactions = (input.transactions ?? []).map((each, at): Transaction => {
    const payment = order.transactions.find(
      one => one.id === idIn('OrderTransaction', each.parentId) && isPayment(one),
    )
    const amount = centsOf(each.amount)
    if (!payment || each.kind !== 'REFUND' || each.gateway !== (payment.gateway ?? 'bogus'))
      return refuse(['transactions', String(at)], 'Transactions parent is not a payment that can be refunded')
    const before = asked.get(payment.id) ?? 0
    if (amount <= 0 || before + amount > leftOf(order, payment))
      refuse(['transactions', String(at), 'amount'], 'Transactions amount exceeds the refundable amount')
    asked.set(payment.id, before + amount)
    const status =
      payment.gateway === decliningGateway
        ? 'FAILURE'
        : payment.gateway === slowGateway
          ? 'PENDING'
          : 'SUCCESS'
    const id = books.next('transaction')
    return { ...payment, id, kind: 'REFUND', status, amount, processedAt: now, parent: payment.id, refund }
  })
  const made: Refund = {
    id: refund,
    createdAt: now,
    note: input.note ?? null,
    amount: transactions.filter(isDone).reduce((all, { amount }) => all + amount, 0),
    shipping: input.shipping?.fullRefund === true,
    lines,
  }
  const left = order.lines.map(line => {
    const gone = lines.filter(each => each.line === line.id).reduce((all, { quantity }) => all + quantity, 0)
    return { ...line, currentQuantity: line.currentQuantity - gone }
  })
  books.orders.put(order.id, {
    ...order,
    updatedAt: now,
    lines: left,
    fulfilmentOrders: order.fulfilmentOrders.map(each => ({
      ...each,
      lines: each.lines.map(part => {
        const rest = left.find(({ id }) => id === part.line)?.currentQuantity ?? 0
        return { ...part, remaining: Math.min(part.remaining, rest) }
      }),
    })),
    transactions: [...order.transactions, ...transactions],
    refunds: [...order.refunds, made],
  })
  return refund
}
