import { coupon, rateOf, type Books, type Customer, type Order } from './books.ts'
import { missing } from './failure.ts'
import { withEvent, withState } from './events.ts'
import { register } from './people.ts'
import { orderView } from './orders.ts'
import { prorate } from './prices.ts'

/** What a shopper buys at the look-alike. */
export interface Basket {
  readonly lines: readonly { readonly variant: string; readonly quantity: number }[]
  readonly email: string
  readonly guest?: boolean
  readonly couponCode?: string
  /** Authorized only, when false. */
  readonly settled?: boolean
}

/** Goes to the till and pays. `updatedAt` stays where the cart was last changed, as Vendure does it. */
export function placeOrder(books: Books, basket: Basket): Order {
  const customer = customerOf(books, basket)
  const now = books.stamp()
  const id = books.next('order')
  const lines = basket.lines.map(({ variant, quantity }) => {
    const there = books.variants.get(variant) ?? missing('ProductVariant', variant)
    const price = there.prices.find(({ currencyCode }) => currencyCode === books.channel.currency)?.price ?? 0
    books.variants.put(variant, { ...there, stockAllocated: there.stockAllocated + quantity })
    const taxRate = rateOf(there.taxCategory)
    return {
      id: books.next('orderLine'),
      variant,
      quantity,
      orderPlacedQuantity: quantity,
      listPrice: price,
      taxRate,
      share: 0,
    }
  })
  const weights = lines.map(({ listPrice, quantity }) => listPrice * quantity)
  const hasCoupon = basket.couponCode === coupon.couponCode
  const off = hasCoupon ? -Math.round((sum(weights) * coupon.percent) / 100) : 0
  const shares = prorate(weights, off)
  const cart: Order = {
    id,
    createdAt: now,
    updatedAt: now,
    code: `FAKE${id.padStart(8, '0')}`,
    state: 'ArrangingPayment',
    orderPlacedAt: now,
    customer: customer.id,
    couponCodes: hasCoupon ? [coupon.couponCode] : [],
    shippingAddress: shippingAddress(customer),
    lines: lines.map((line, at) => ({ ...line, share: shares[at] ?? 0 })),
    shipping: { id: books.next('shippingLine'), listPrice: 490, cancelled: false },
    payments: [],
    fulfillments: [],
    history: [],
    customFields: Object.fromEntries((books.channel.customFields['Order'] ?? []).map(name => [name, null])),
  }
  const settled = basket.settled !== false
  const payment = {
    id: books.next('payment'),
    createdAt: now,
    method: 'dummy',
    amount: orderView(books, cart).totalWithTax,
    state: settled ? 'Settled' : 'Authorized',
    transactionId: `T${id}`,
    refunds: [],
  }
  const paid = withEvent(books, { ...cart, payments: [payment] }, 'ORDER_PAYMENT_TRANSITION', {
    from: 'Created',
    to: payment.state,
  })
  return books.orders.put(id, withState(books, paid, settled ? 'PaymentSettled' : 'PaymentAuthorized'))
}

function customerOf(books: Books, { email, guest }: Basket): Customer {
  const there = books.customers.find(row => row.emailAddress === email.toLowerCase())
  return there ?? register(books, { emailAddress: email, firstName: 'Ada', lastName: 'Lovelace' }, guest)
}

function shippingAddress({ firstName, lastName }: Customer) {
  return {
    fullName: `${firstName} ${lastName}`,
    company: null,
    streetLine1: 'Rechenweg 1',
    streetLine2: null,
    city: 'Berlin',
    province: null,
    postalCode: '10115',
    countryCode: 'DE',
    phoneNumber: null,
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((left, right) => left + right, 0)
