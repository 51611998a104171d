import type { Books, Row } from './books.ts'
import { invoiceWith, nextNumber, place, processAll } from './sales.ts'
import { makeProduct } from './seed.ts'

/** The people in front of the look-alike: what they do in Tryton's screens. Ids are Tryton's, as texts. */
export class People {
  readonly books: Books

  constructor(books: Books) {
    this.books = books
  }

  makeProduct(of: {
    sku: string
    name: string
    price: string
    rate: '19' | '7' | null
    stock?: number
    ean?: string
  }): string {
    return this.#do(() => {
      const category = of.rate === '19' ? 1 : of.rate === '7' ? 2 : 3
      const { rate: _rate, stock = 0, ...rest } = of
      const product = makeProduct(this.books, { ...rest, category })
      if (stock !== 0) this.#move(product, stock, 'LOST', 'STO', 'done')
      return String(product)
    })
  }

  setPrice(product: string, list_price: string): void {
    this.#do(() =>
      this.books.write('product.template', Number(this.books.need('product.product', product)['template']), {
        list_price,
      }),
    )
  }

  /** An inventory: so many are there now. */
  countStock(product: string, quantity: number): void {
    this.#do(() => {
      const warehouse = [place(this.books, 'WH')]
      const row = this.books.need('product.product', product)
      const there = Number(this.books.value('product.product', row, 'quantity', { locations: warehouse }))
      const more = quantity - there
      const [from, to] = more > 0 ? ['LOST', 'STO'] : ['STO', 'LOST']
      if (more !== 0) this.#move(row.id, Math.abs(more), from ?? '', to ?? '', 'done')
    })
  }

  expectStock(product: string, quantity: number): void {
    this.#do(() => this.#move(Number(product), quantity, 'SUP', 'IN', 'draft'))
  }

  /** Sends the open shipment of an order in one parcel; of each product only so many, when told. Answers its id. */
  ship(order: string, tracking: string, only?: Readonly<Record<string, number>>): string {
    return this.#do(() => {
      const { books } = this
      const sale = books.need('sale.sale', order)
      const open = (books.value('sale.sale', sale, 'shipments') as number[]).find(
        id => books.need('stock.shipment.out', id)['state'] === 'waiting',
      )
      if (open === undefined) throw new Error(`Order ${order} has no shipment that waits.`)
      const reference = `stock.shipment.out,${open}`
      const moves = books.where('stock.move', move => move['shipment'] === reference)
      for (const move of moves) {
        const quantity = only ? (only[String(move['product'])] ?? 0) : Number(move['quantity'])
        if (quantity === 0) books.delete('stock.move', move.id)
        else books.write('stock.move', move.id, { quantity, state: 'done' })
      }
      books.create('stock.package', { shipment: reference, shipping_reference: tracking })
      books.write('stock.shipment.out', open, { state: 'done', effective_date: books.today() })
      processAll(books, moves)
      return String(open)
    })
  }

  /** Posts all draft invoices of an order and answers their ids. */
  invoice(order: string): readonly string[] {
    return this.#do(() => {
      const sale = this.books.need('sale.sale', order)
      const drafts = (this.books.value('sale.sale', sale, 'invoices') as number[]).filter(
        id => this.books.need('account.invoice', id)['state'] === 'draft',
      )
      for (const id of drafts) this.#post(id)
      return drafts.map(String)
    })
  }

  pay(invoice: string): void {
    this.#do(() => {
      this.books.write('account.invoice', Number(invoice), { state: 'paid' })
      processAll(this.books, this.#billed(Number(invoice)))
    })
  }

  /** Credits an invoice in full; answers the credit note, which is an invoice with a negative total. */
  credit(invoice: string): string {
    return this.#do(() => {
      const { party, company, currency, invoice_address } = this.books.need('account.invoice', invoice)
      const lines = this.#billed(Number(invoice)).map(
        ({ type, product, unit, unit_price, description, taxes, quantity }) => ({
          type,
          product,
          unit,
          unit_price,
          description,
          taxes: [['add', taxes]],
          quantity: -Number(quantity),
        }),
      )
      const note = invoiceWith(this.books, { party, company, currency, invoice_address }, lines)
      this.#post(note)
      return String(note)
    })
  }

  #post(id: number): void {
    const date = this.books.today()
    this.books.write('account.invoice', id, {
      state: 'posted',
      number: nextNumber(this.books, 'account.invoice'),
      invoice_date: date,
    })
    this.books.create('account.move.line', { invoice: id, maturity_date: date })
    processAll(this.books, this.#billed(id))
  }

  #billed(invoice: number): Row[] {
    return this.books.where('account.invoice.line', line => line['invoice'] === invoice)
  }

  #move(product: number, quantity: number, from: string, to: string, state: string): void {
    const [from_location, to_location] = [place(this.books, from), place(this.books, to)]
    this.books.create('stock.move', { product, quantity, uom: 1, from_location, to_location, state })
  }

  #do<T>(work: () => T): T {
    return this.books.transaction(work)
  }
}
