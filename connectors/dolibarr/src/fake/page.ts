import { escape, page } from '@linchpin/lookalike'
import { totalsOf } from './amounts.ts'
import { listOf, textOf, type Books, type Held } from './books.ts'
import { RestError } from './errors.ts'
import type { People } from './people.ts'

/** The orders as a page for people who look, with a button for each thing that comes next. */
export function overview(books: Books): Response {
  const head =
    '<tr><th>Order<th>Shop<th>Customer<th>Status<th>Parcels<th>Invoices<th class="n">Total<th></tr>'
  const rows = books
    .all('orders')
    .toReversed()
    .map(order => rowOf(books, order))
  return page(
    'ERP look-alike (Dolibarr)',
    'A look-alike for tests and demonstration. It is not Dolibarr.',
    `<h1>Orders</h1><div class="scroll"><table>${head}${rows.join('')}</table></div>`,
  )
}

const STATUS: Readonly<Record<string, string>> = {
  '-1': 'cancelled',
  '0': 'draft',
  '1': 'validated',
  '2': 'being sent',
  '3': 'closed',
}

function rowOf(books: Books, order: Held): string {
  const status = textOf(order['statut'])
  const own = new Set(listOf(order['lines']).map(line => line['rowid']))
  const parcels = books
    .all('shipments')
    .filter(each => listOf(each['lines']).some(line => own.has(line['fk_origin_line'])))
  const invoices = books
    .all('invoices')
    .filter(each => (each['orders'] as string[]).includes(String(order.rowid)))
  const buyer = books.find('thirdparties', order['socid'])
  const cells = [
    order['ref'],
    order['ref_client'],
    buyer?.['name'],
    STATUS[status],
    parcels.map(each => `${textOf(each['ref'])} ${textOf(each['tracking_number'])}`).join(', '),
    invoices.map(each => textOf(each['ref'])).join(', '),
  ]
  const total = Number(totalsOf(listOf(order['lines'])).gross).toFixed(2)
  return `<tr>${cells.map(cell => `<td>${escape(cell)}`).join('')}<td class="n">${total}<td>${buttons(order, status, invoices)}</tr>`
}

function buttons(order: Held, status: string, invoices: readonly Held[]): string {
  const button = (what: string, id: number, field = '') =>
    `<form class="inline" method="post" action="/people/${what}/${id}">${field}<button class="quiet">${what}</button></form>`
  const tracking =
    '<input name="tracking" size="12" placeholder="tracking number" aria-label="tracking number">'
  const unpaid = invoices.filter(each => textOf(each['statut']) === '1')
  return [
    ...(status === '0' ? [button('validate', order.rowid)] : []),
    ...(status === '1' || status === '2' ? [button('ship', order.rowid, tracking)] : []),
    ...(status === '0' || status === '1' ? [button('cancel', order.rowid)] : []),
    ...(Number(status) > 0 && invoices.length === 0 ? [button('invoice', order.rowid)] : []),
    ...unpaid.map(each => button('pay', each.rowid)),
  ].join(' ')
}

/** What a button asks for, and back to the page; null when the request is no button. */
export async function actOnPage(request: Request, url: URL, people: People): Promise<Response | null> {
  const [, what = '', id = ''] = /^\/people\/(\w+)\/(\d+)$/.exec(url.pathname) ?? []
  if (request.method !== 'POST' || what === '') return null
  const form = new URLSearchParams(await request.text())
  const deeds: Readonly<Record<string, () => unknown>> = {
    validate: () => people.validate(id),
    ship: () => people.ship(id, form.get('tracking') || `DEMO${id.padStart(6, '0')}`),
    cancel: () => people.cancel(id),
    invoice: () => people.invoice(id),
    pay: () => people.pay(id),
  }
  try {
    deeds[what]?.()
  } catch (error) {
    if (!(error instanceof RestError)) throw error
    return page('ERP look-alike (Dolibarr)', 'It is not Dolibarr.', `<p>${escape(error.message)}</p>`)
  }
  return new Response(null, { status: 303, headers: { location: '/' } })
}
