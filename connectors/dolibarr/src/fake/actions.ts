import { pdfOf } from '@linchpin/lookalike'
import { listOf, textOf, type Books, type Values } from './books.ts'
import { RestError } from './errors.ts'
import {
  invoiceOrder,
  moveStock,
  numbered,
  orderOfLine,
  shipOrder,
  validateInvoice,
  validateOrder,
  validateShipment,
} from './sales.ts'
import { countryOf, MODULES } from './seed.ts'

export interface Call {
  readonly books: Books
  readonly body: Values
  readonly query: URLSearchParams
  /** What stands in the places of the path. */
  readonly params: readonly string[]
}
/** Rows to be shown by their table; anything else is the answer itself. */
export type Answer =
  | {
      readonly show: 'orders' | 'shipments' | 'invoices'
      readonly ids: readonly number[]
      readonly list?: true
    }
  | { readonly value: unknown }
  | { readonly nothing: true }

/** All that is no plain list or record, by method and path. */
export const ACTIONS: readonly (readonly [string, RegExp, (call: Call) => Answer])[] = [
  ['GET', /^\/status$/, () => ({ value: { success: { code: 200, dolibarr_version: '16.0.3' } } })],
  ['GET', /^\/setup\/modules$/, () => ({ value: MODULES })],
  ['GET', /^\/setup\/dictionary\/countries\/byCode\/([^/]+)$/, country],
  ['GET', /^\/setup\/dictionary\/states$/, () => ({ value: STATES })],
  [
    'POST',
    /^\/stockmovements$/,
    ({ books, body }) => {
      moveStock(books, body['product_id'], Number(body['warehouse_id']), textOf(body['qty']))
      return { value: books.next('movements') }
    },
  ],
  [
    'POST',
    /^\/orders\/(\d+)\/validate$/,
    call => {
      validateOrder(call.books, order(call))
      return { show: 'orders', ids: [order(call)] }
    },
  ],
  ['POST', /^\/orders\/(\d+)\/settodraft$/, toDraft],
  [
    'POST',
    /^\/orders\/(\d+)\/close$/,
    call => {
      call.books.update('orders', order(call), { statut: 3, date_cloture: call.books.seconds() })
      return { show: 'orders', ids: [order(call)] }
    },
  ],
  ['POST', /^\/orders\/(\d+)\/lines$/, addLine],
  ['DELETE', /^\/orders\/(\d+)\/lines\/(\d+)$/, dropLine],
  ['POST', /^\/orders\/(\d+)\/contact\/(\d+)\/(\w+)$/, link],
  ['DELETE', /^\/orders\/(\d+)\/contact\/(\d+)\/(\w+)$/, unlink],
  ['GET', /^\/orders\/(\d+)\/shipment$/, shipmentsOf],
  [
    'POST',
    /^\/orders\/(\d+)\/shipment\/(\d+)$/,
    call => ({ value: shipOrder(call.books, order(call), null) }),
  ],
  [
    'POST',
    /^\/shipments\/(\d+)\/validate$/,
    ({ books, params: [id = ''] }) => {
      validateShipment(books, id)
      return { show: 'shipments', ids: [Number(id)] }
    },
  ],
  [
    'POST',
    /^\/invoices\/createfromorder\/(\d+)$/,
    call => ({
      show: 'invoices',
      ids: [invoiceOrder(call.books, order(call))],
    }),
  ],
  [
    'POST',
    /^\/invoices\/(\d+)\/validate$/,
    ({ books, params: [id = ''] }) => {
      validateInvoice(books, id)
      return { show: 'invoices', ids: [Number(id)] }
    },
  ],
  [
    'POST',
    /^\/invoices\/(\d+)\/markAsCreditAvailable$/,
    ({ params: [id = ''] }) => ({
      show: 'invoices',
      ids: [Number(id)],
    }),
  ],
  [
    'GET',
    /^\/documents\/download$/,
    ({ books, query }) => paper(books, query.get('original_file') ?? '', false),
  ],
  ['PUT', /^\/documents\/builddoc$/, ({ books, body }) => paper(books, textOf(body['original_file']), true)],
]

const STATES = [{ id: '398', code: 'BE', name: 'Berlin', active: '1' }]

function country({ params: [code = ''] }: Call): Answer {
  const found = countryOf(decodeURIComponent(code))
  if (found) return { value: found }
  throw new RestError(404, 'country not found')
}

function order({ books, params: [id = ''] }: Call): number {
  const found = books.find('orders', id)
  if (found) return found.rowid
  throw new RestError(404, 'Order not found')
}

/** Answers 304 for one that is a draft already. */
function toDraft(call: Call): Answer {
  const id = order(call)
  if (textOf(call.books.need('orders', id)['statut']) === '0') return { nothing: true }
  call.books.update('orders', id, { statut: 0 })
  return { show: 'orders', ids: [id] }
}

function addLine(call: Call): Answer {
  const held = call.books.need('orders', order(call))
  if (textOf(held['statut']) !== '0') throw new RestError(400, '')
  const line = numbered(call.books, call.body)
  call.books.update('orders', held.rowid, { lines: [...listOf(held['lines']), line] })
  return { value: line['rowid'] }
}

function dropLine(call: Call): Answer {
  const held = call.books.need('orders', order(call))
  const lines = listOf(held['lines']).filter(line => textOf(line['rowid']) !== call.params[1])
  call.books.update('orders', held.rowid, { lines })
  return { show: 'orders', ids: [held.rowid] }
}

/** What is linked already is answered by 304. Another table in Dolibarr, so the order's stamp stands still. */
function link(call: Call): Answer {
  const [, id = '', code = ''] = call.params
  const held = call.books.need('orders', order(call))
  const contacts = listOf(held['contacts'])
  if (contacts.some(each => each['id'] === id && each['code'] === code)) return { nothing: true }
  call.books.update(
    'orders',
    held.rowid,
    { contacts: [...contacts, { id, code, source: 'external' }] },
    held.tms,
  )
  return { value: { success: { code: 200, message: 'Contact linked to the order' } } }
}

function unlink(call: Call): Answer {
  const [, id = '', code = ''] = call.params
  const held = call.books.need('orders', order(call))
  const contacts = listOf(held['contacts']).filter(each => each['id'] !== id || each['code'] !== code)
  call.books.update('orders', held.rowid, { contacts }, held.tms)
  return { value: { success: { code: 200, message: 'Contact unlinked from order' } } }
}

function shipmentsOf(call: Call): Answer {
  const id = order(call)
  const own = call.books
    .all('shipments')
    .filter(each =>
      listOf(each['lines']).some(line => orderOfLine(call.books, line['fk_origin_line'])?.rowid === id),
    )
  if (own.length === 0) throw new RestError(404, 'Shipments not found ')
  return { show: 'shipments', ids: own.map(each => each.rowid), list: true }
}

/** A paper is kept once it was printed; before that the download does not find it. */
function paper(books: Books, file: string, print: boolean): Answer {
  const ref = file.split('/')[0] ?? ''
  const invoice = books.all('invoices').find(row => row['ref'] === ref)
  if (!invoice || (!print && invoice['printed'] !== true)) throw new RestError(404, 'File not found')
  if (print) books.update('invoices', invoice.rowid, { printed: true, last_main_doc: `facture/${file}` })
  const bytes = pdfOf(['This is no invoice: a look-alike of Dolibarr printed it.', `Invoice ${ref}`])
  const content = Buffer.from(bytes).toString('base64')
  return {
    value: { filename: `${ref}.pdf`, 'content-type': 'application/pdf', filesize: bytes.length, content },
  }
}
