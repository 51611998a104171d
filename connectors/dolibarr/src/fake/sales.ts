import { add, compare, subtract } from '@linchpin/model'
import { totalsOf } from './amounts.ts'
import { listOf, textOf, type Books, type Held, type Values } from './books.ts'
import { RestError } from './errors.ts'
import { WAREHOUSE } from './seed.ts'

/** What happens to orders, shipments and invoices, whoever asks for it: the API or the people at the screen. */

export function placeOrder(books: Books, body: Values): number {
  for (const field of ['socid', 'date'])
    if (body[field] === undefined) throw new RestError(400, `${field} field missing`)
  if (!books.find('thirdparties', body['socid'])) throw new RestError(500, 'Error creating order')
  const lines = listOf(body['lines']).map(line => numbered(books, line))
  const { rowid } = books.insert('orders', {
    ...body,
    lines,
    contacts: [],
    ref: '',
    statut: 0,
    billed: '0',
    date_creation: books.seconds(),
  })
  books.update('orders', rowid, { ref: `(PROV${rowid})` })
  return rowid
}

/** An article that Dolibarr does not have is taken without a word (seen on 16.0.3). */
export const numbered = (books: Books, line: Values): Values => ({ ...line, rowid: books.next('lines') })

/** Whatever its status: a cancelled order lives again, one that is being sent falls back to 1 (seen on 16.0.3). */
export function validateOrder(books: Books, id: unknown): void {
  const order = books.need('orders', id)
  const ref = textOf(order['ref'])
  const named = ref.startsWith('(PROV') ? numberOf(books, 'SO') : ref
  books.update('orders', id, { statut: 1, ref: named, date_validation: books.seconds() })
}

/** 'SO2611-0001': the prefix, year and month, and a number. */
export function numberOf(books: Books, prefix: string): string {
  const [year, month] = new Date(books.now()).toISOString().split('-')
  return `${prefix}${year?.slice(2)}${month}-${String(books.next(prefix)).padStart(4, '0')}`
}

/** So much of each order line (all that is left when nothing is said), taken off the stock at once. */
export function shipOrder(books: Books, id: unknown, parts: ReadonlyMap<string, string> | null): number {
  const order = books.need('orders', id)
  const lines = goodsOf(books, order).flatMap(line => {
    const left = subtract(textOf(line['qty']), sentOf(books, line))
    const wanted = parts === null ? left : (parts.get(textOf(line['fk_product'])) ?? '0')
    const { fk_product, rowid: fk_origin_line } = line
    return compare(wanted, '0') > 0
      ? [numbered(books, { fk_product, fk_origin_line, qty: wanted, entrepot_id: WAREHOUSE })]
      : []
  })
  if (lines.length === 0) throw new RestError(500, 'nothing of this order is left to be sent')
  const { rowid } = books.insert('shipments', {
    ref: '',
    socid: order['socid'],
    statut: 0,
    lines,
    date_creation: books.seconds(),
  })
  books.update('shipments', rowid, { ref: `(PROV${rowid})` })
  return rowid
}

export function validateShipment(books: Books, id: unknown): void {
  const shipment = books.need('shipments', id)
  books.update('shipments', id, { statut: 1, ref: numberOf(books, 'SH'), date_valid: books.seconds() })
  for (const line of listOf(shipment['lines'])) {
    moveStock(books, line['fk_product'], WAREHOUSE, `-${textOf(line['qty'])}`)
    const order = orderOfLine(books, line['fk_origin_line'])
    if (order && textOf(order['statut']) === '1') books.update('orders', order.rowid, { statut: 2 })
  }
}

export function moveStock(books: Books, product: unknown, warehouse: number, quantity: string): void {
  const row = books.find('products', product)
  if (!row) return
  const stock = (row['stock'] ?? {}) as Record<string, string>
  books.update('products', row.rowid, {
    stock: { ...stock, [warehouse]: add(stock[warehouse] ?? '0', quantity) },
  })
}

const goodsOf = (books: Books, order: Held) =>
  listOf(order['lines']).filter(
    line => textOf(books.find('products', line['fk_product'])?.['type'] ?? '1') === '0',
  )

function sentOf(books: Books, line: Values): string {
  return books
    .all('shipments')
    .filter(each => textOf(each['statut']) !== '-1')
    .flatMap(each => listOf(each['lines']))
    .filter(each => each['fk_origin_line'] === line['rowid'])
    .reduce((sum, each) => add(sum, textOf(each['qty'])), '0')
}

export const orderOfLine = (books: Books, line: unknown) =>
  books.all('orders').find(order => listOf(order['lines']).some(each => each['rowid'] === line))

/** A draft invoice of all lines of an order; its ref_ext is not copied (seen on 16.0.3). */
export function invoiceOrder(books: Books, id: unknown): number {
  const order = books.need('orders', id)
  return draftInvoice(books, {
    socid: order['socid'],
    type: '0',
    ref_client: order['ref_client'],
    orders: [String(order.rowid)],
    lines: listOf(order['lines']).map(line => numbered(books, line)),
  })
}

export function draftInvoice(books: Books, values: Values): number {
  const day = Math.floor(books.seconds() / 86_400) * 86_400
  const { rowid } = books.insert('invoices', {
    orders: [],
    paid: '0',
    date: day,
    date_lim_reglement: day,
    date_creation: books.seconds(),
    ...values,
    ref: '',
    statut: 0,
  })
  books.update('invoices', rowid, { ref: `(PROV${rowid})` })
  return rowid
}

export function validateInvoice(books: Books, id: unknown): void {
  const credit = textOf(books.need('invoices', id)['type']) === '2'
  books.update('invoices', id, { statut: 1, ref: numberOf(books, credit ? 'IC' : 'IN') })
}

export function payInvoice(books: Books, id: unknown): void {
  const { gross } = totalsOf(listOf(books.need('invoices', id)['lines']))
  books.update('invoices', id, { statut: 2, paid: gross })
}

/** A credit note over the whole of an invoice. */
export function creditInvoice(books: Books, id: unknown): number {
  const invoice = books.need('invoices', id)
  const back = (line: Values) => ({ ...line, subprice: subtract('0', textOf(line['subprice'])) })
  return draftInvoice(books, {
    socid: invoice['socid'],
    type: '2',
    fk_facture_source: String(invoice.rowid),
    lines: listOf(invoice['lines']).map(line => numbered(books, back(line))),
  })
}
