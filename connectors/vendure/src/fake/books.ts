import type { Shelf, ShelfTable } from '@linchpin/lookalike'

/** What the look-alike keeps. Money is in cents, as Vendure has it with its usual precision of 2. */
export interface Books {
  readonly products: ShelfTable<Product>
  readonly variants: ShelfTable<Variant>
  readonly optionGroups: ShelfTable<OptionGroup>
  readonly customers: ShelfTable<Customer>
  readonly groups: ShelfTable<Named>
  readonly orders: ShelfTable<Order>
  /** The next id of a kind. */
  readonly next: (kind: string) => string
  /** Now, as Vendure stamps it. */
  readonly stamp: () => string
  readonly channel: ChannelFacts
}

export interface ChannelFacts {
  readonly pricesIncludeTax: boolean
  readonly currency: string
  readonly currencies: readonly string[]
  /** Entity → names of its custom fields. */
  readonly customFields: Readonly<Record<string, readonly string[]>>
}

interface Kept {
  readonly id: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly customFields: Readonly<Record<string, unknown>>
}

export interface Product extends Kept {
  readonly name: string
  readonly slug: string
  readonly description: string
  readonly enabled: boolean
  readonly optionGroups: readonly string[]
}

export interface Variant extends Kept {
  readonly product: string
  readonly sku: string
  readonly name: string
  readonly enabled: boolean
  readonly taxCategory: string
  readonly options: readonly string[]
  readonly prices: readonly { readonly currencyCode: string; readonly price: number }[]
  readonly stockOnHand: number
  readonly stockAllocated: number
}

export interface Named {
  readonly id: string
  readonly name: string
}

export interface OptionGroup extends Named {
  readonly code: string
  readonly options: readonly (Named & { readonly code: string })[]
}

export interface Customer extends Kept {
  readonly emailAddress: string
  readonly firstName: string
  readonly lastName: string
  readonly phoneNumber: string | null
  /** Null: bought without registering. */
  readonly user: { readonly id: string } | null
  readonly groups: readonly string[]
  readonly addresses: readonly Address[]
}

export interface Address {
  readonly id: string
  readonly [field: string]: unknown
}

export interface Order extends Kept {
  readonly code: string
  readonly state: string
  readonly orderPlacedAt: string | null
  readonly customer: string
  readonly couponCodes: readonly string[]
  readonly shippingAddress: Readonly<Record<string, unknown>>
  readonly lines: readonly OrderLine[]
  readonly shipping: { readonly id: string; readonly listPrice: number; readonly cancelled: boolean }
  readonly payments: readonly Payment[]
  readonly fulfillments: readonly Fulfillment[]
  readonly history: readonly HistoryEntry[]
}

export interface OrderLine {
  readonly id: string
  readonly variant: string
  readonly quantity: number
  readonly orderPlacedQuantity: number
  readonly listPrice: number
  readonly taxRate: number
  /** This line's share of the discount on the order, below zero. */
  readonly share: number
}

export interface Payment {
  readonly id: string
  readonly createdAt: string
  readonly method: string
  readonly amount: number
  readonly state: string
  readonly transactionId: string
  readonly refunds: readonly unknown[]
}

export interface Fulfillment {
  readonly id: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly state: string
  readonly method: string
  readonly trackingCode: string
  readonly lines: readonly { readonly orderLineId: string; readonly quantity: number }[]
}

export interface HistoryEntry {
  readonly id: string
  readonly createdAt: string
  readonly type: string
  readonly isPublic: boolean
  readonly data: Readonly<Record<string, unknown>>
}

/** Tax categories with their rate; the first is the default. */
export const taxCategories = [
  { id: '1', name: 'Standard', rate: 19 },
  { id: '2', name: 'Reduced', rate: 7 },
] as const

/** The coupon that the look-alike knows: ten percent off the order. */
export const coupon = { id: '1', couponCode: 'TENOFF', name: 'Ten percent off', percent: 10 } as const

export const stockLocation = { id: '1', name: 'Default Stock Location' } as const

export function openBooks(shelf: Shelf, now: () => number, channel: ChannelFacts): Books {
  return {
    products: shelf.table('products'),
    variants: shelf.table('variants'),
    optionGroups: shelf.table('optionGroups'),
    customers: shelf.table('customers'),
    groups: shelf.table('groups'),
    orders: shelf.table('orders'),
    next: kind => String(shelf.next(kind)),
    stamp: () => new Date(now()).toISOString(),
    channel,
  }
}

export function rateOf(category: string): number {
  return taxCategories.find(({ id }) => id === category)?.rate ?? 0
}
