import { add, divide, multiply, subtract, sum } from '@linchpin/model'
import { channel, type Books, type Item, type Order, type Payment } from './books.ts'
import { customerView } from './people.ts'

/** An order with all that belongs to it. Nothing is rounded, and what came back lowers the total. */
export function orderView(books: Books, order: Order) {
  const customer = books.customers.get(order.customer)
  const payment = books.payments.get(order.payment)
  return {
    ...order,
    currency_code: 'eur',
    sales_channel: channel,
    sales_channel_id: channel.id,
    customer: customer ? customerView(books, customer) : null,
    billing_address: null,
    shipping_address: order.address,
    items: order.items.map(each => itemView(books, order, each)),
    shipping_methods: [
      {
        id: `ordsm-${order.id}`,
        name: 'Parcel',
        amount: order.shipping,
        is_tax_inclusive: books.inclusive,
        shipping_option_id: 'so_1',
        tax_lines: [{ rate: 19, code: 'de19', description: 'Standard' }],
        adjustments: [],
      },
    ],
    promotions: order.coupon ? [{ id: 'promo_1', application_method: { target_type: 'order' } }] : [],
    credit_lines: [],
    payment_collections: payment ? [{ payments: [paymentView(payment)] }] : [],
    total: totalOf(books, order),
  }
}

function paymentView(payment: Payment) {
  const captures = payment.captured_at === null ? [] : [{ id: `capt-${payment.id}`, amount: payment.amount }]
  return { ...payment, currency_code: 'eur', provider_id: 'pp_system_default', captures }
}

function itemView({ inclusive }: Books, order: Order, item: Item) {
  const { variant, title, sku, rate, fulfilled, shipped, delivered, returned, ...rest } = item
  const amount = Number(multiply(String(item.unit_price), divide(String(item.quantity), '10')))
  const cut = {
    id: `ordliadj-${item.id}`,
    code: 'TENOFF',
    promotion_id: 'promo_1',
    amount,
    is_tax_inclusive: inclusive,
  }
  return {
    ...rest,
    title,
    product_title: title,
    variant_id: variant,
    variant_sku: sku,
    is_giftcard: false,
    is_tax_inclusive: inclusive,
    tax_lines: [{ rate, code: `de${rate}`, description: `${rate} %` }],
    adjustments: order.coupon ? [cut] : [],
    detail: {
      fulfilled_quantity: fulfilled,
      shipped_quantity: shipped,
      delivered_quantity: delivered,
      return_received_quantity: returned,
      return_dismissed_quantity: 0,
    },
  }
}

export function totalOf({ inclusive }: Books, order: Order): number {
  const withTax = (amount: string, rate: number) =>
    inclusive ? amount : multiply(amount, add('1', divide(String(rate), '100')))
  const lines = order.items.map(({ unit_price, quantity, returned, rate }) => {
    const price = multiply(String(unit_price), subtract(String(quantity), String(returned)))
    return withTax(order.coupon ? multiply(price, '0.9') : price, rate)
  })
  return Number(sum([...lines, withTax(String(order.shipping), 19)]))
}
