import type { Shelf, ShelfTable } from '@linchpin/lookalike'

/** What the look-alike keeps, in WooCommerce's own names. Times are GMT at whole seconds, as in its database. */
export interface MetaEntry {
  readonly id: number
  readonly key: string
  readonly value: unknown
}
export interface Postal {
  readonly [field: string]: string
}
export interface ProductDoc {
  readonly id: number
  readonly parent_id: number
  readonly type: string
  readonly name: string
  readonly sku: string
  readonly status: string
  readonly description: string
  readonly regular_price: string
  readonly sale_price: string
  readonly date_on_sale_from_gmt: string | null
  readonly date_on_sale_to_gmt: string | null
  readonly manage_stock: boolean
  readonly stock_quantity: number | null
  readonly tax_class: string
  readonly virtual: boolean
  readonly weight: string
  readonly global_unique_id: string
  readonly attributes: readonly Attribute[]
  readonly meta_data: readonly MetaEntry[]
  readonly date_created_gmt: string
  readonly date_modified_gmt: string
}
export interface Attribute {
  readonly id: number
  readonly name: string
  readonly option?: string
  readonly options?: readonly string[]
  readonly variation?: boolean
  readonly visible?: boolean
}
export interface CustomerDoc {
  readonly id: number
  readonly email: string
  readonly first_name: string
  readonly last_name: string
  readonly username: string
  readonly role: string
  readonly billing: Postal
  readonly shipping: Postal
  readonly meta_data: readonly MetaEntry[]
  readonly date_created_gmt: string
  readonly date_modified_gmt: string
}
export interface LineTax {
  readonly id: number
  readonly total: string
  readonly subtotal: string
}
export interface OrderLine {
  readonly id: number
  readonly name: string
  readonly product_id: number
  readonly variation_id: number
  readonly quantity: number
  readonly tax_class: string
  readonly subtotal: string
  readonly subtotal_tax: string
  readonly total: string
  readonly total_tax: string
  readonly taxes: readonly LineTax[]
  readonly meta_data: readonly MetaEntry[]
  readonly sku: string
}
export interface FeeLine {
  readonly id: number
  readonly name: string
  readonly tax_class: string
  readonly tax_status: string
  readonly total: string
  readonly total_tax: string
  readonly taxes: readonly LineTax[]
  readonly meta_data: readonly MetaEntry[]
}
export interface ShippingLine {
  readonly id: number
  readonly method_title: string
  readonly method_id: string
  readonly total: string
  readonly total_tax: string
  readonly taxes: readonly LineTax[]
  readonly meta_data: readonly MetaEntry[]
}
export interface TaxLine {
  readonly id: number
  readonly rate_code: string
  readonly rate_id: number
  readonly label: string
  readonly compound: boolean
  readonly tax_total: string
  readonly shipping_tax_total: string
  readonly rate_percent: number
}
export interface CouponLine {
  readonly id: number
  readonly code: string
  readonly discount: string
  readonly discount_tax: string
}
export interface OrderDoc {
  readonly id: number
  readonly number: string
  readonly status: string
  readonly currency: string
  readonly prices_include_tax: boolean
  readonly customer_id: number
  readonly customer_note: string
  readonly created_via: string
  readonly payment_method: string
  readonly payment_method_title: string
  readonly transaction_id: string
  readonly billing: Postal
  readonly shipping: Postal
  readonly line_items: readonly OrderLine[]
  readonly fee_lines: readonly FeeLine[]
  readonly shipping_lines: readonly ShippingLine[]
  readonly coupon_lines: readonly CouponLine[]
  readonly tax_lines: readonly TaxLine[]
  readonly discount_total: string
  readonly discount_tax: string
  readonly shipping_total: string
  readonly shipping_tax: string
  readonly total: string
  readonly total_tax: string
  readonly meta_data: readonly MetaEntry[]
  readonly stockReduced: boolean
  readonly date_created_gmt: string
  readonly date_modified_gmt: string
  readonly date_paid_gmt: string | null
  readonly date_completed_gmt: string | null
}
export interface RefundDoc {
  readonly id: number
  readonly parent_id: number
  readonly date_created_gmt: string
  readonly date_modified_gmt: string
  readonly amount: string
  readonly reason: string
  readonly line_items: readonly OrderLine[]
  readonly shipping_lines: readonly ShippingLine[]
  readonly fee_lines: readonly FeeLine[]
}
export interface NoteDoc {
  readonly id: number
  readonly order: number
  readonly note: string
  readonly customer_note: boolean
  readonly date_created_gmt: string
}
export interface HookDoc {
  readonly id: number
  readonly name: string
  readonly status: string
  readonly topic: string
  readonly delivery_url: string
  readonly secret: string
  readonly failures: number
  readonly date_created_gmt: string
  readonly date_modified_gmt: string
}
export interface TaxDoc {
  readonly id: number
  readonly country: string
  readonly rate: string
  readonly name: string
  readonly class: string
}
export interface CouponDoc {
  readonly code: string
  readonly percent: string
}
export interface ShippingMethod {
  readonly id: string
  readonly title: string
  readonly cost: string
}
export interface Option {
  readonly value: string
}
/** A delivery of a webhook that waits for the next run of the scheduler. */
export interface Job {
  readonly hook: number
  readonly resource: number
  readonly event: string
}

/** Somebody at the storefront, by their cookie. */
export interface Visit {
  readonly customer: number | null
  /** Product or variation → how many. */
  readonly cart: Readonly<Record<string, number>>
  readonly coupon: string
  /** What they ordered without signing in. */
  readonly orders: readonly number[]
}

export interface Books {
  readonly products: ShelfTable<ProductDoc>
  readonly customers: ShelfTable<CustomerDoc>
  readonly orders: ShelfTable<OrderDoc>
  readonly refunds: ShelfTable<RefundDoc>
  readonly notes: ShelfTable<NoteDoc>
  readonly hooks: ShelfTable<HookDoc>
  readonly taxes: ShelfTable<TaxDoc>
  readonly coupons: ShelfTable<CouponDoc>
  readonly shipping: ShelfTable<ShippingMethod>
  readonly options: ShelfTable<Option>
  readonly jobs: ShelfTable<Job>
  readonly visits: ShelfTable<Visit>
  readonly now: () => number
  /** WordPress numbers posts, orders and variations in one sequence. */
  readonly nextId: (sequence?: string) => number
  /** Tells webhooks of a change. */
  readonly tell: (resource: 'order' | 'product' | 'customer', event: string, id: number) => void
}

export function booksOn(shelf: Shelf, now: () => number): Books {
  const books: Books = {
    products: shelf.table('products'),
    customers: shelf.table('customers'),
    orders: shelf.table('orders'),
    refunds: shelf.table('refunds'),
    notes: shelf.table('notes'),
    hooks: shelf.table('hooks'),
    taxes: shelf.table('taxes'),
    coupons: shelf.table('coupons'),
    shipping: shelf.table('shipping'),
    options: shelf.table('options'),
    jobs: shelf.table('jobs'),
    visits: shelf.table('visits'),
    now,
    nextId: (sequence = 'posts') => shelf.next(sequence, sequence === 'posts' ? 11 : 1),
    tell: (resource, event, id) => {
      // One delivery a webhook and record while it waits: five quick changes are told once, with the latest state.
      const topic = `${resource}.${event}`
      for (const hook of books.hooks.filter(each => each.topic === topic && each.status === 'active'))
        books.jobs.put(`${hook.id}:${id}`, { hook: hook.id, resource: id, event })
    },
  }
  return books
}

export function stampOf(now: number): string {
  return new Date(now).toISOString().slice(0, 19)
}

/** Meta is written by key, in place; by id where one is named; null removes. */
export function mergedMeta(
  books: Books,
  before: readonly MetaEntry[],
  written: unknown,
): readonly MetaEntry[] {
  const meta = [...before]
  for (const each of Array.isArray(written) ? (written as Partial<MetaEntry>[]) : []) {
    if (typeof each.key !== 'string' && each.id === undefined) continue
    const at = meta.findIndex(known => (each.id ? known.id === each.id : known.key === each.key))
    const known = meta[at]
    if (each.value === null && known) meta.splice(at, 1)
    else if (known) meta[at] = { id: known.id, key: each.key ?? known.key, value: each.value }
    else if (each.key !== undefined) meta.push({ id: books.nextId('meta'), key: each.key, value: each.value })
  }
  return meta
}
