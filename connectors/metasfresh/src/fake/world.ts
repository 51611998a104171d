import type { Books } from './books.ts'

/** How one installation differs from another. */
export interface Installation {
  readonly org: string
  readonly system: string
  readonly currency: string
  /** Internal name of a tax category to its rate. */
  readonly taxCategories: Readonly<Record<string, string>>
  readonly priceDecimals: number
  readonly docTypes: readonly string[]
  readonly orderPrefix: string
  /** The processes that it has, by what they read; null for one that it lacks. */
  readonly processes: Readonly<
    Record<'orders' | 'products' | 'stock' | 'shipments' | 'invoices', string | null>
  >
  /** Columns of its own on each order. */
  readonly own: Readonly<Record<string, unknown>>
}

/** What can be switched on to hurt: each is in metasfresh's own source. */
export interface Traps {
  /** API_Audit_Config.IsWrapApiResponse. */
  wrap: boolean
  /** API_Audit_Config.IsForceProcessedAsync: 202 now, the effect later. */
  async: boolean
  /** Candidates are taken and not yet made into orders. */
  slowClearing: boolean
  /** How the payment status writes whether an invoice is paid. */
  paidName: 'paid' | 'isPaid'
  /** A view of somebody's own, sorted the other way. */
  oldestFirst: boolean
  /** How many business partners stand on a page. */
  pageSize: number
}

export interface World {
  readonly books: Books
  readonly options: Installation
  readonly traps: Traps
}
