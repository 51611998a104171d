import type { Faults, Handler } from '@linchpin/lookalike'

/** An order as the people at the ERP see it. */
export interface BookedOrder {
  readonly id: string
  readonly number: string
  readonly total: string
  readonly state: 'draft' | 'confirmed' | 'cancelled'
}

export interface Article {
  readonly sku: string
  readonly name: string
  readonly price: number
  readonly stock: number
  readonly rate?: number
}

/** All that a story needs of an ERP, whichever it is. */
export interface Erp {
  readonly connector: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly handler: Handler
  readonly faults: Faults
  /** All its sales orders, or those that name this number of the shop. */
  readonly orders: (shopNumber?: string) => readonly BookedOrder[]
  /** What is on sale and kept in stock, at its list price without tax. */
  readonly goods: () => readonly { readonly sku: string; readonly price: number; readonly stock: number }[]
  readonly free: (sku: string) => number
  /** All that is left of an order, or so many pieces of a SKU, leave with this number on the parcel. */
  readonly ship: (order: string, tracking: string, parts?: Readonly<Record<string, number>>) => void
  /** Posts what is to be billed, and answers the invoices' ids. */
  readonly invoice: (order: string) => Promise<readonly string[]>
  readonly pay: (invoice: string) => void
  readonly cancel: (order: string) => void | Promise<void>
  readonly setStock: (sku: string, quantity: number) => void
  readonly setPrice: (sku: string, price: number) => void
  readonly addProduct: (article: Article) => void
}

export type MakeErp<Made extends Erp = Erp> = (place: {
  readonly now: () => number
  readonly host: string
}) => Made
