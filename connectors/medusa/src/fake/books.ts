import type { Shelf, ShelfTable } from '@linchpin/lookalike'

/** What the look-alike keeps. Money is in whole units, as Medusa tells it. */
export interface Books {
  readonly products: ShelfTable<Product>
  readonly variants: ShelfTable<Variant>
  readonly levels: ShelfTable<Level>
  readonly customers: ShelfTable<Customer>
  readonly groups: ShelfTable<Group>
  readonly orders: ShelfTable<Order>
  readonly payments: ShelfTable<Payment>
  readonly returns: ShelfTable<Return>
  readonly priceLists: ShelfTable<PriceList>
  readonly listPrices: ShelfTable<ListPrice>
  readonly rules: ShelfTable<TaxRule>
  /** The next id of a kind: 'order_00000007'. */
  readonly next: (kind: string) => string
  readonly count: (kind: string) => number
  /** Now, as Medusa stamps it. */
  readonly stamp: () => string
  readonly now: () => number
  /** Whether prices in euros are with tax. */
  readonly inclusive: boolean
}

interface Kept {
  readonly id: string
  readonly created_at: string
  readonly updated_at: string
  readonly metadata: Readonly<Record<string, unknown>> | null
}

export interface Product extends Kept {
  readonly title: string
  readonly handle: string
  readonly description: string | null
  readonly status: string
  readonly external_id: string | null
  readonly options: readonly Option[]
}
export interface Option {
  readonly id: string
  readonly title: string
  readonly values: readonly { readonly id: string; readonly value: string }[]
}

export interface Variant extends Kept {
  readonly product_id: string
  readonly title: string
  readonly sku: string | null
  readonly ean: string | null
  readonly upc: string | null
  readonly barcode: string | null
  readonly manage_inventory: boolean
  /** Option → value. */
  readonly options: Readonly<Record<string, string>>
  readonly prices: readonly Price[]
}
export interface Price {
  readonly id: string
  readonly currency_code: string
  readonly amount: number
  readonly min_quantity: number | null
  readonly max_quantity: number | null
  readonly rules: Readonly<Record<string, string>>
}

/** The stock of a variant's one inventory item at the one location. */
export interface Level {
  readonly id: string
  readonly stocked: number
  readonly reserved: number
}

export interface Customer extends Kept {
  readonly email: string
  readonly first_name: string | null
  readonly last_name: string | null
  readonly company_name: string | null
  readonly phone: string | null
  readonly has_account: boolean
  readonly created_by: string | null
  readonly groups: readonly string[]
  readonly addresses: readonly Address[]
}
export interface Address {
  readonly id: string
  readonly is_default_billing: boolean
  readonly is_default_shipping: boolean
  readonly [field: string]: unknown
}
export interface Group extends Kept {
  readonly name: string
}

export interface Order extends Kept {
  readonly display_id: number
  readonly status: string
  readonly canceled_at: string | null
  readonly email: string
  readonly customer: string
  readonly address: Readonly<Record<string, unknown>>
  readonly coupon: boolean
  readonly items: readonly Item[]
  readonly shipping: number
  readonly payment: string
  readonly fulfillments: readonly Fulfillment[]
}
export interface Item {
  readonly id: string
  readonly variant: string
  readonly title: string
  readonly sku: string | null
  readonly quantity: number
  readonly unit_price: number
  readonly rate: number
  readonly requires_shipping: boolean
  readonly fulfilled: number
  readonly shipped: number
  readonly delivered: number
  readonly returned: number
}
export interface Fulfillment extends Kept {
  readonly packed_at: string
  readonly shipped_at: string | null
  readonly delivered_at: string | null
  readonly canceled_at: string | null
  readonly items: readonly { readonly line_item_id: string; readonly quantity: number }[]
  readonly labels: readonly {
    readonly id: string
    readonly tracking_number: string
    readonly tracking_url: string
  }[]
}

/** A payment and its collection in one: each order has one of each. */
export interface Payment {
  readonly id: string
  readonly order: string
  readonly created_at: string
  readonly amount: number
  readonly captured_at: string | null
  readonly canceled_at: string | null
  readonly refunds: readonly {
    readonly id: string
    readonly amount: number
    readonly note: string | null
    readonly created_at: string
  }[]
  readonly collectionUpdatedAt: string
}

export interface Return extends Kept {
  readonly display_id: number
  readonly order_id: string
  readonly status: string
  readonly items: readonly {
    readonly id: string
    readonly item_id: string
    readonly quantity: number
    readonly received_quantity: number
    readonly note: string | null
  }[]
}

export interface PriceList extends Kept {
  readonly title: string
  readonly description: string
  readonly type: string
  readonly status: string
  readonly starts_at: string | null
  readonly ends_at: string | null
  readonly rules: Readonly<Record<string, unknown>>
}
export interface ListPrice {
  readonly id: string
  readonly list: string
  readonly variant: string
  readonly currency_code: string
  readonly amount: number
  readonly min_quantity: number | null
}

export interface TaxRule {
  readonly id: string
  readonly rate: string
  readonly reference: string
  readonly reference_id: string
}

/** Germany's; the first is the default. */
export const taxRates = [
  { id: 'txr_19', rate: 19, is_default: true },
  { id: 'txr_7', rate: 7, is_default: false },
] as const

export const location = { id: 'sloc_1', name: 'Main' } as const
export const channel = { id: 'sc_1', name: 'Default Sales Channel' } as const

export function openBooks(shelf: Shelf, now: () => number, inclusive: boolean): Books {
  const count = (kind: string) => shelf.next(kind)
  return {
    products: shelf.table('products'),
    variants: shelf.table('variants'),
    levels: shelf.table('levels'),
    customers: shelf.table('customers'),
    groups: shelf.table('groups'),
    orders: shelf.table('orders'),
    payments: shelf.table('payments'),
    returns: shelf.table('returns'),
    priceLists: shelf.table('priceLists'),
    listPrices: shelf.table('listPrices'),
    rules: shelf.table('rules'),
    count,
    next: kind => `${kind}_${String(count(kind)).padStart(8, '0')}`,
    stamp: () => new Date(now()).toISOString(),
    now,
    inclusive,
  }
}

export function fresh(books: Books): Omit<Kept, 'id'> {
  const now = books.stamp()
  return { created_at: now, updated_at: now, metadata: null }
}

/** Medusa merges metadata by its top names; an empty text takes one out. */
export function merged(there: Kept['metadata'], given: unknown): Kept['metadata'] {
  if (given === undefined || given === null) return there
  const all = Object.entries({ ...there, ...(given as object) }).filter(([, value]) => value !== '')
  return Object.fromEntries(all)
}
