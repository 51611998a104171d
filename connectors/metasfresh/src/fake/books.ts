import type { Shelf, ShelfTable } from '@linchpin/lookalike'

/** A row of one of the look-alike's tables; every one has its number and the stamp of its last change. */
export interface Stored {
  readonly id: number
  /** Local time of the server, without a zone, as PostgreSQL writes a timestamp: '2026-11-23T10:00:00.123'. */
  readonly updated: string
}
export interface Partner extends Stored {
  readonly fields: Readonly<Record<string, unknown>>
}
/** A location or a contact of a business partner. */
export interface Part extends Stored {
  readonly partner: number
  readonly fields: Readonly<Record<string, unknown>>
}
export interface Product extends Stored {
  readonly value: string
  readonly name: string
  readonly type: 'I' | 'S'
  readonly category: string
  readonly price: string
  readonly onHand: number
  readonly active: boolean
  readonly own: Readonly<Record<string, unknown>>
}
export interface CandidateRow extends Stored {
  readonly request: Readonly<Record<string, unknown>>
  readonly order: number | null
}
export interface OrderLine {
  readonly id: number
  readonly line: number
  readonly externalId: string
  readonly product: number
  readonly description: string
  readonly ordered: number
  readonly delivered: number
  readonly invoiced: number
  readonly price: string
  readonly net: string
  readonly rate: string
  readonly schedule: number
  /** Of the shipment schedule: what the export queue has done with it. */
  readonly exported: 'PENDING' | 'EXPORTED' | 'EXPORTED_AND_FORWARDED'
}
export interface Order extends Stored {
  readonly documentNo: string
  readonly status: 'CO' | 'RE' | 'CL'
  readonly header: string
  readonly poReference: string
  readonly dateOrdered: string
  readonly partner: number
  readonly currency: string
  readonly docType: string
  readonly lines: readonly OrderLine[]
  readonly total: string
  readonly own: Readonly<Record<string, unknown>>
}
export interface Shipment extends Stored {
  readonly documentNo: string
  readonly order: number
  readonly status: 'CO' | 'RE'
  readonly date: string
  readonly lines: readonly { readonly id: number; readonly product: number; readonly qty: number }[]
  readonly parcels: readonly string[]
}
export interface Invoice extends Stored {
  readonly documentNo: string
  readonly base: 'ARI' | 'ARC'
  readonly order: number
  readonly status: 'CO' | 'RE'
  readonly date: string
  readonly lines: readonly {
    readonly orderLine: OrderLine
    readonly qty: number
    readonly net: string
    readonly tax: string
  }[]
  readonly total: string
  readonly paid: boolean
}

/** What the look-alike keeps, on a shelf that survives a restart. */
export class Books {
  readonly partners: ShelfTable<Partner>
  readonly locations: ShelfTable<Part>
  readonly contacts: ShelfTable<Part>
  readonly products: ShelfTable<Product>
  readonly candidates: ShelfTable<CandidateRow>
  readonly orders: ShelfTable<Order>
  readonly shipments: ShelfTable<Shipment>
  readonly invoices: ShelfTable<Invoice>
  readonly payments: ShelfTable<{ readonly id: string }>
  readonly returns: ShelfTable<{ readonly id: number; readonly externalId: string }>
  /** S_ExternalReference: 'BPartner Linchpin shop/7' → id. */
  readonly references: ShelfTable<{ readonly id: number }>
  /** Exports of the queue: transaction → its schedules. */
  readonly exports: ShelfTable<{
    readonly schedules: readonly number[]
    readonly confirmed: readonly number[]
  }>
  readonly #shelf: Shelf
  readonly #now: () => number

  constructor(shelf: Shelf, now: () => number) {
    this.#shelf = shelf
    this.#now = now
    this.partners = shelf.table('C_BPartner')
    this.locations = shelf.table('C_BPartner_Location')
    this.contacts = shelf.table('AD_User')
    this.products = shelf.table('M_Product')
    this.candidates = shelf.table('C_OLCand')
    this.orders = shelf.table('C_Order')
    this.shipments = shelf.table('M_InOut')
    this.invoices = shelf.table('C_Invoice')
    this.payments = shelf.table('C_Payment')
    this.returns = shelf.table('CustomerReturn')
    this.references = shelf.table('S_ExternalReference')
    this.exports = shelf.table('M_ShipmentSchedule_ExportAudit')
  }

  now(): number {
    return this.#now()
  }

  /** The numbers of all tables come from one sequence and are large, as there. */
  next(): number {
    return this.#shelf.next('AD_Sequence', 1_000_000)
  }

  number(prefix: string): string {
    return `${prefix}${this.#shelf.next(prefix, 1001)}`
  }

  /** The clock on the wall of Berlin, where the server stands. */
  stamp(now = this.#now()): string {
    const wall = new Date(now).toLocaleString('sv-SE', { timeZone: 'Europe/Berlin' })
    return `${wall.replace(' ', 'T')}.${String(now % 1000).padStart(3, '0')}`
  }

  day(): string {
    return this.stamp().slice(0, 10)
  }

  /** A record by an identifier of any of the kinds that the look-alike knows: '123', 'ext-…', 'val-…'. */
  resolve(type: 'BPartner' | 'Product' | 'Location' | 'Contact', identifier: unknown): number | undefined {
    const text = String(identifier)
    if (/^\d+$/.test(text)) return Number(text)
    const [, system, reference] = /^ext-([a-zA-Z0-9_]+)-(.+)$/s.exec(text) ?? []
    if (system !== undefined) return this.references.get(`${type} ${system} ${reference}`)?.id
    const [, value] = /^val-(.+)$/s.exec(text) ?? []
    if (type === 'Product') return this.products.find(each => each.value === value)?.id
    if (type === 'BPartner') return this.partners.find(each => each.fields['code'] === value)?.id
    return undefined
  }

  refer(type: string, identifier: unknown, id: number): void {
    const [, system, reference] = /^ext-([a-zA-Z0-9_]+)-(.+)$/s.exec(String(identifier)) ?? []
    if (system !== undefined) this.references.put(`${type} ${system} ${reference}`, { id })
  }
}
