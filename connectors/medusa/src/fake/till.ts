import { fresh, type Books, type Customer, type Order } from './books.ts'
import { orderView, totalOf } from './order-view.ts'
import { makeCustomer } from './people.ts'
import { rateFor } from './price-lists.ts'
import { missing } from './refusal.ts'
import { moveStock } from './stock.ts'

/** What a shopper buys at the look-alike. */
export interface Basket {
  readonly lines: readonly { readonly variant: string; readonly quantity: number }[]
  readonly email: string
  readonly guest?: boolean
  /** Ten percent off the order. */
  readonly coupon?: boolean
  /** Authorized only, when false. */
  readonly captured?: boolean
}

/** Goes to the till and pays. */
export function placeOrder(books: Books, basket: Basket): Order {
  const customer = customerOf(books, basket)
  const id = books.next('order')
  const items = basket.lines.map(({ variant, quantity }) => {
    const there = books.variants.get(variant) ?? missing('ProductVariant', variant)
    moveStock(books, variant, { reserved: quantity })
    return {
      id: books.next('ordli'),
      variant,
      quantity,
      title: books.products.get(there.product_id)?.title ?? '',
      sku: there.sku,
      unit_price: there.prices.find(each => each.currency_code === 'eur')?.amount ?? 0,
      rate: rateFor(books, there.product_id),
      requires_shipping: true,
      fulfilled: 0,
      shipped: 0,
      delivered: 0,
      returned: 0,
    }
  })
  const payment = books.next('pay')
  const order: Order = {
    ...fresh(books),
    id,
    display_id: books.count('display'),
    status: 'pending',
    canceled_at: null,
    email: basket.email,
    customer: customer.id,
    address: address(),
    coupon: basket.coupon ?? false,
    items,
    shipping: 4.9,
    payment,
    fulfillments: [],
  }
  const now = books.stamp()
  books.payments.put(payment, {
    id: payment,
    order: id,
    created_at: now,
    amount: totalOf(books, order),
    captured_at: basket.captured === false ? null : now,
    canceled_at: null,
    refunds: [],
    collectionUpdatedAt: now,
  })
  return books.orders.put(id, order)
}

export function totalOfOrder(books: Books, order: Order): number {
  return orderView(books, order).total
}

function customerOf(books: Books, { email, guest = false }: Basket): Customer {
  const there = books.customers.find(row => row.email === email && row.has_account === !guest)
  if (there) return there
  const name = guest ? {} : { first_name: 'Ada', last_name: 'Lovelace' }
  return makeCustomer(books, { email, ...name }, null, !guest)
}

function address() {
  return {
    first_name: 'Ada',
    last_name: 'Lovelace',
    company: null,
    address_1: 'Rechenweg 1',
    address_2: null,
    city: 'Berlin',
    province: null,
    postal_code: '10115',
    country_code: 'de',
    phone: null,
  }
}
