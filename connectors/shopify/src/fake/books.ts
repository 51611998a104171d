import type { Shelf, ShelfTable } from '@linchpin/lookalike'

/** What the look-alike keeps. Money is in cents; ids are numbers as texts. */
export interface Books {
  readonly products: ShelfTable<Product>
  readonly variants: ShelfTable<Variant>
  readonly customers: ShelfTable<Customer>
  readonly orders: ShelfTable<Order>
  readonly companies: ShelfTable<Company>
  readonly priceLists: ShelfTable<PriceList>
  readonly companyLocations: ShelfTable<CompanyLocation>
  readonly subscriptions: ShelfTable<Subscription>
  /** Requests that came with a key. */
  readonly keys: ShelfTable<{ readonly hash: string; readonly answer: object }>
  readonly bulks: ShelfTable<Bulk>
  /** Files that were staged, by their paths. */
  readonly uploads: ShelfTable<{ readonly text: string }>
  readonly next: (kind: string) => string
  /** Now, as Shopify stamps it: whole seconds. */
  readonly stamp: () => string
  readonly shop: ShopFacts
}

export interface ShopFacts {
  readonly domain: string
  readonly currency: string
  readonly taxesIncluded: boolean
  readonly locations: readonly { readonly id: string; readonly name: string }[]
}

export interface Metafield {
  readonly id: string
  readonly namespace: string
  readonly key: string
  readonly type: string
  readonly value: string
}

interface Kept {
  readonly id: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly metafields: readonly Metafield[]
}

export interface Product extends Kept {
  readonly title: string
  readonly handle: string
  readonly status: string
  readonly descriptionHtml: string
  readonly vendor: string
  readonly productType: string
  readonly options: readonly { readonly name: string; readonly values: readonly string[] }[]
  readonly publications: readonly string[]
}

export interface Variant extends Kept {
  readonly product: string
  readonly sku: string | null
  readonly barcode: string | null
  readonly price: number
  readonly compareAtPrice: number | null
  readonly options: readonly { readonly name: string; readonly value: string }[]
  readonly tracked: boolean
  readonly requiresShipping: boolean
  readonly weight: { readonly unit: string; readonly value: number }
  readonly taxRate: number
  /** Location → what is there. */
  readonly levels: Readonly<Record<string, { readonly available: number; readonly committed: number }>>
}

export interface Address {
  readonly id: string
  readonly name: string | null
  readonly company: string | null
  readonly address1: string | null
  readonly address2: string | null
  readonly city: string | null
  readonly provinceCode: string | null
  readonly zip: string | null
  readonly countryCodeV2: string | null
  readonly phone: string | null
}

export interface Customer extends Kept {
  readonly firstName: string | null
  readonly lastName: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly locale: string
  readonly note: string | null
  readonly tags: readonly string[]
  readonly taxExempt: boolean
  readonly addresses: readonly Address[]
  readonly defaultAddress: string | null
}

export interface Company {
  readonly id: string
  readonly name: string
  readonly externalId: string | null
  readonly contacts: readonly {
    readonly id: string
    readonly customer: string
    readonly title: string | null
  }[]
}

export type CompanyAddress = Readonly<
  Partial<
    Record<
      'id' | 'recipient' | 'address1' | 'address2' | 'city' | 'zoneCode' | 'zip' | 'countryCode' | 'phone',
      string
    >
  >
>

export interface CompanyLocation extends Kept {
  readonly company: string
  readonly name: string
  readonly externalId: string | null
  readonly locale: string | null
  readonly phone: string | null
  readonly taxExempt: boolean
  readonly taxRegistrationId: string | null
  readonly billingAddress: CompanyAddress | null
  readonly shippingAddress: CompanyAddress | null
  /** The contacts who have a role here. */
  readonly people: readonly string[]
}

/** With the catalogue that gives it to locations of companies, once it has one. */
export interface PriceList {
  readonly id: string
  readonly name: string
  readonly currency: string
  readonly catalogue: {
    readonly id: string
    readonly title: string
    readonly status: string
    readonly locations: readonly string[]
  } | null
  readonly prices: readonly {
    readonly variant: string
    readonly price: string
    readonly breaks: readonly { readonly minimumQuantity: number; readonly price: string }[]
  }[]
}

export interface OrderLine {
  readonly id: string
  readonly variant: string | null
  readonly sku: string | null
  readonly title: string
  readonly quantity: number
  readonly currentQuantity: number
  readonly price: number
  readonly taxRate: number
  readonly discount: number
}

export interface FulfilmentOrder {
  readonly id: string
  readonly location: string
  readonly status: string
  readonly lines: readonly {
    readonly id: string
    readonly line: string
    readonly total: number
    readonly remaining: number
  }[]
}

export interface Fulfilment {
  readonly id: string
  readonly name: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly status: string
  readonly displayStatus: string
  readonly location: string
  readonly company: string | null
  readonly numbers: readonly string[]
  readonly urls: readonly string[]
  readonly lines: readonly {
    readonly id: string
    readonly line: string
    readonly fulfilmentOrderLine: string
    readonly quantity: number
  }[]
}

export interface Refund {
  readonly id: string
  readonly createdAt: string
  readonly note: string | null
  readonly amount: number
  /** Whether the charge for shipping was given back with it. */
  readonly shipping?: boolean
  readonly lines: readonly {
    readonly line: string
    readonly quantity: number
    readonly restockType: string
  }[]
}

export interface Return {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly createdAt: string
  readonly lines: readonly {
    readonly id: string
    readonly fulfilmentLine: string
    readonly line: string
    readonly quantity: number
    readonly processed: number
    readonly reason: string
  }[]
  /** What goes out for it. */
  readonly exchange: readonly { readonly id: string; readonly variant: string; readonly quantity: number }[]
}

export interface Order extends Kept {
  readonly name: string
  readonly processedAt: string
  readonly cancelledAt: string | null
  readonly closedAt: string | null
  readonly customer: string | null
  /** The location of a company that it is for. */
  readonly companyLocation?: string | undefined
  readonly email: string | null
  readonly note: string | null
  readonly poNumber: string | null
  readonly address: Address
  readonly code: string | null
  readonly lines: readonly OrderLine[]
  readonly shipping: { readonly id: string; readonly price: number }
  readonly fulfilmentOrders: readonly FulfilmentOrder[]
  readonly fulfilments: readonly Fulfilment[]
  readonly transactions: readonly {
    readonly id: string
    readonly kind: string
    readonly status: string
    readonly amount: number
    readonly processedAt: string
    /** The authorization that it takes the money of, or gives up; the payment that it gives back. */
    readonly parent?: string
    /** The refund that it belongs to. */
    readonly refund?: string
    readonly gateway?: string
    /** Paid outside of Shopify, as in cash. */
    readonly manual?: boolean
  }[]
  readonly refunds: readonly Refund[]
  readonly returns: readonly Return[]
  readonly customAttributes: readonly { readonly key: string; readonly value: string }[]
}

export interface Subscription {
  readonly id: string
  readonly topic: string
  readonly uri: string
  readonly failures: number
}

/** A bulk operation: what it found, its file. */
export interface Bulk {
  readonly id: string
  readonly createdAt: string
  readonly readyAt: number
  readonly text: string
  /** Of one that does something: a mutation, and the lines that it is still to be done with. */
  readonly todo?: { readonly mutation: string; readonly lines: string } | undefined
}

export function openBooks(shelf: Shelf, now: () => number, shop: ShopFacts): Books {
  return {
    products: shelf.table('products'),
    variants: shelf.table('variants'),
    customers: shelf.table('customers'),
    orders: shelf.table('orders'),
    companies: shelf.table('companies'),
    priceLists: shelf.table('priceLists'),
    companyLocations: shelf.table('companyLocations'),
    subscriptions: shelf.table('subscriptions'),
    keys: shelf.table('keys'),
    bulks: shelf.table('bulks'),
    uploads: shelf.table('uploads'),
    next: kind => String(shelf.next(kind, 1001)),
    stamp: () => `${new Date(now()).toISOString().slice(0, 19)}Z`,
    shop,
  }
}
