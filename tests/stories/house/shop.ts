import type { Faults, Handler } from '@linchpin/lookalike'

/** What somebody buys: pieces by SKU. */
export interface Basket {
  readonly lines: Readonly<Record<string, number>>
  /** Ten percent off the whole order. */
  readonly coupon?: boolean
  /** A guest's e-mail; without it, the shop's registered customer buys. */
  readonly guest?: string
}

export interface PlacedOrder {
  readonly id: string
  readonly number: string
  readonly total: string
}

/** An order as its customer sees it. */
export interface SeenOrder {
  readonly status: string
  readonly trackings: readonly string[]
  /** What leads to its invoices. */
  readonly invoices: readonly string[]
  /** The ERP's number of it. */
  readonly erpNumber: string | null
}

/** All that a story needs of a shop, whichever it is. */
export interface Shop {
  readonly connector: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly handler: Handler
  readonly faults: Faults
  readonly place: (basket: Basket) => PlacedOrder
  readonly order: (id: string) => SeenOrder
  readonly cancel: (id: string) => void | Promise<void>
  /** What its customer reads when all is done, and when it was called off. */
  readonly closedStatus: string
  readonly cancelledStatus: string
  /** Price and stock of what is on sale; undefined for what is not. */
  readonly product: (sku: string) => { readonly price: string; readonly stock: number } | undefined
  readonly skus: () => readonly string[]
  readonly sendWebhooks: () => Promise<unknown>
}

/** Made anew for each story, around the house's clock. */
export type MakeShop<Made extends Shop = Shop> = (place: {
  readonly now: () => number
  readonly host: string
  readonly deliver: (url: string, headers: Readonly<Record<string, string>>, body: string) => Promise<number>
}) => Made
