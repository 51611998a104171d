import type { Address, Books, Customer, Order } from './books.ts'
import { register } from './people.ts'
import { sumsOf } from './order-sums.ts'

/** What a shopper buys at the look-alike. */
export interface Basket {
  readonly lines: readonly { readonly variant: string; readonly quantity: number }[]
  readonly email: string
  /** A code of ten percent off. */
  readonly code?: string
  /** Not paid yet, when false. */
  readonly paid?: boolean
  readonly note?: string
  /** The location of a company that it is for. */
  readonly companyLocation?: string
  /** Which location sends what, by variant; the first one sends the rest. */
  readonly from?: Readonly<Record<string, string>>
}

/** Shopify commits stock at once, makes a customer of whoever checks out, and splits what several locations send. */
export function placeOrder(books: Books, basket: Basket): Order {
  const now = books.stamp()
  const id = books.next('order')
  const customer = customerOf(books, basket.email)
  const lines = basket.lines.map(({ variant, quantity }) => {
    const there = books.variants.get(variant)
    if (!there) throw new Error(`The look-alike has no variant ${variant}.`)
    const price = there.price
    const discount = basket.code ? Math.round((price * quantity) / 10) : 0
    const title = books.products.get(there.product)?.title ?? ''
    return {
      id: books.next('line'),
      variant,
      sku: there.sku,
      title,
      quantity,
      currentQuantity: quantity,
      price,
      taxRate: there.taxRate,
      discount,
    }
  })
  const order: Order = {
    id,
    name: `#${id}`,
    createdAt: now,
    updatedAt: now,
    processedAt: now,
    cancelledAt: null,
    closedAt: null,
    customer: customer.id,
    companyLocation: basket.companyLocation,
    email: customer.email,
    note: basket.note ?? null,
    poNumber: null,
    address: addressOf(customer),
    code: basket.code ?? null,
    lines,
    shipping: { id: books.next('shippingLine'), price: 490 },
    fulfilmentOrders: [],
    fulfilments: [],
    transactions: [],
    refunds: [],
    returns: [],
    customAttributes: [],
    metafields: [],
  }
  const amount = sumsOf(order, books.shop).total
  const sale = { id: books.next('transaction'), kind: 'SALE', status: 'SUCCESS', amount, processedAt: now }
  return books.orders.put(id, {
    ...order,
    fulfilmentOrders: split(books, order, basket.from ?? {}),
    transactions: basket.paid === false ? [] : [sale],
  })
}

function split(
  books: Books,
  { lines }: Order,
  from: Readonly<Record<string, string>>,
): Order['fulfilmentOrders'] {
  const [home] = books.shop.locations
  const locationOf = (variant: string | null) => from[variant ?? ''] ?? home?.id ?? ''
  const locations = [...new Set(lines.map(({ variant }) => locationOf(variant)))]
  for (const { variant, quantity } of lines) commit(books, variant ?? '', locationOf(variant), quantity)
  return locations.map(location => ({
    id: books.next('fulfilmentOrder'),
    location,
    status: 'OPEN',
    lines: lines
      .filter(({ variant }) => locationOf(variant) === location)
      .map(({ id, quantity }) => ({
        id: books.next('fulfilmentOrderLine'),
        line: id,
        total: quantity,
        remaining: quantity,
      })),
  }))
}

function commit(books: Books, variant: string, location: string, quantity: number): void {
  const there = books.variants.get(variant)
  if (!there) return
  const level = there.levels[location] ?? { available: 0, committed: 0 }
  const left = { available: level.available - quantity, committed: level.committed + quantity }
  books.variants.put(variant, { ...there, levels: { ...there.levels, [location]: left } })
}

function customerOf(books: Books, email: string): Customer {
  const there = books.customers.find(row => row.email === email.toLowerCase())
  return there ?? register(books, { email, firstName: 'Ada', lastName: 'Lovelace' })
}

function addressOf({ firstName, lastName }: Customer): Address {
  return {
    id: '0',
    name: [firstName, lastName].filter(Boolean).join(' '),
    company: null,
    address1: 'Rechenweg 1',
    address2: null,
    city: 'Berlin',
    provinceCode: null,
    zip: '10115',
    countryCodeV2: 'DE',
    phone: null,
  }
}
