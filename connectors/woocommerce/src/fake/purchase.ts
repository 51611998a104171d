import type { Books, OrderDoc } from './books.ts'
import { createOrder, draftOrder } from './orders.ts'
import type { Fields } from './products.ts'

export interface Line {
  readonly product: number
  readonly quantity: number
  readonly variation?: number
}
export interface Purchase {
  readonly lines: readonly Line[]
  /** A registered customer's id; without it, a guest. */
  readonly customer?: number
  readonly billing?: Readonly<Record<string, string>>
  readonly shipping?: Readonly<Record<string, string>>
  readonly coupon?: string
  /** By default the shop's shipping method. */
  readonly shippingCost?: string
  readonly fees?: readonly { name: string; total: string; taxed?: boolean }[]
  readonly note?: string
  readonly status?: string
  readonly meta?: readonly { key: string; value: unknown }[]
}

/** An order as the checkout makes it: paid at once by card, unless another status is asked for. */
export function placeOrder(books: Books, purchase: Purchase): OrderDoc {
  return createOrder(books, fieldsOf(books, purchase))
}

/** What it would cost. */
export function quote(books: Books, purchase: Purchase): OrderDoc {
  // Lines must differ, and what is never kept must not use up a number.
  let id = 0
  return draftOrder({ ...books, nextId: () => (id -= 1) }, 0, fieldsOf(books, purchase))
}

function fieldsOf(books: Books, purchase: Purchase): Fields {
  const customer = books.customers.get(purchase.customer ?? 0)
  const billing = { ...customer?.billing, ...purchase.billing }
  const method = books.shipping.all()[0]
  const cost = purchase.shippingCost ?? method?.cost
  const status = purchase.status ?? 'processing'
  return {
    customer_id: customer?.id ?? 0,
    created_via: 'checkout',
    payment_method: 'card',
    payment_method_title: 'Card',
    transaction_id: `demo-${books.now()}`,
    status,
    set_paid: ['processing', 'completed'].includes(status),
    billing: { email: customer?.email ?? '', ...billing },
    shipping: purchase.shipping ?? (customer?.shipping['address_1'] ? customer.shipping : billing),
    customer_note: purchase.note ?? '',
    line_items: purchase.lines.map(({ product, variation, quantity }) => ({
      product_id: product,
      ...(variation && { variation_id: variation }),
      quantity,
    })),
    ...(purchase.coupon && { coupon_lines: [{ code: purchase.coupon }] }),
    ...(cost !== undefined && {
      shipping_lines: [
        { method_id: method?.id ?? 'flat_rate', method_title: method?.title ?? 'Parcel', total: cost },
      ],
    }),
    fee_lines: (purchase.fees ?? []).map(({ name, total, taxed = true }) => ({
      name,
      total,
      tax_status: taxed ? 'taxable' : 'none',
    })),
    meta_data: [
      ...(customer?.meta_data ?? [])
        .filter(meta => meta.key === 'billing_vat_number')
        .map(({ value }) => ({ key: '_billing_vat_number', value })),
      ...(purchase.meta ?? []),
    ],
  }
}
