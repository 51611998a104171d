import { subtract } from '@linchpin/model'
import { withTax } from './amounts.ts'
import { textOf, type Books, type Held } from './books.ts'
import {
  creditInvoice,
  invoiceOrder,
  moveStock,
  payInvoice,
  shipOrder,
  validateInvoice,
  validateOrder,
  validateShipment,
} from './sales.ts'
import { WAREHOUSE } from './seed.ts'

export interface NewProduct {
  readonly sku: string
  readonly name: string
  readonly price: string
  readonly rate: string
  readonly stock?: string
  readonly ean?: string
}

/** What the people in front of it do, each one thing that Dolibarr's screens can. */
export class People {
  readonly #books: Books
  constructor(books: Books) {
    this.#books = books
  }

  makeProduct({ sku, name, price, rate, stock, ean }: NewProduct): string {
    const { rowid } = this.#books.insert('products', {
      ref: sku,
      label: name,
      type: '0',
      status: '1',
      price,
      price_ttc: withTax(price, rate),
      price_base_type: 'HT',
      tva_tx: rate,
      ...(ean !== undefined && { barcode: ean }),
    })
    if (stock !== undefined) this.countStock(String(rowid), stock)
    return String(rowid)
  }

  setPrice(product: string, price: string): void {
    const rate = this.#books.need('products', product)['tva_tx']
    this.#books.update('products', product, { price, price_ttc: withTax(price, rate), price_base_type: 'HT' })
  }

  setLevel(product: string, level: number, price: string): void {
    const levels = (this.#books.need('products', product)['levels'] ?? {}) as Record<string, string>
    this.#books.update('products', product, { levels: { ...levels, [level]: price } })
  }

  /** So many are there, whatever was thought before. */
  countStock(product: string, quantity: string): void {
    const stock = (this.#books.need('products', product)['stock'] ?? {}) as Record<string, string>
    moveStock(this.#books, product, WAREHOUSE, subtract(quantity, stock[WAREHOUSE] ?? '0'))
  }

  validate(order: string): void {
    validateOrder(this.#books, order)
  }
  cancel(order: string): void {
    this.#books.update('orders', order, { statut: -1 })
  }
  close(order: string): void {
    this.#books.update('orders', order, { statut: 3, date_cloture: this.#books.seconds() })
  }

  /** All that is left, or so many pieces of these products, leave with this number. */
  ship(order: string, tracking: string, parts?: Readonly<Record<string, number>>): string {
    const wanted = parts && new Map(Object.entries(parts).map(([id, count]) => [id, String(count)]))
    const shipment = shipOrder(this.#books, order, wanted ?? null)
    this.#books.update('shipments', shipment, { tracking_number: tracking, shipping_method: 'DHL' })
    validateShipment(this.#books, shipment)
    return String(shipment)
  }

  invoice(order: string): string {
    const invoice = invoiceOrder(this.#books, order)
    validateInvoice(this.#books, invoice)
    return String(invoice)
  }
  pay(invoice: string): void {
    payInvoice(this.#books, invoice)
  }
  credit(invoice: string): string {
    const note = creditInvoice(this.#books, invoice)
    validateInvoice(this.#books, note)
    return String(note)
  }

  productBySku(sku: string): Held {
    const found = this.#books.all('products').find(row => textOf(row['ref']) === sku)
    if (found) return found
    throw new Error(`the look-alike has no product ${sku}`)
  }
}
