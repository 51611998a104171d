import { escape, page } from '@linchpin/lookalike'
import { OdooError } from './errors.ts'
import type { FakeOdoo } from './index.ts'
import type { Orm, Stored } from './orm.ts'
import { act } from './web-actions.ts'
import { invoicesOf, orderBody } from './web-order.ts'
import { stockBody } from './web-stock.ts'
import { style, table, type Column } from './web-table.ts'

const NOTICE = 'A look-alike of Odoo, for demonstration. It is not Odoo, and its data is made up.'

/** A small page for the people at the ERP: confirm, pick, pack, ship, invoice. Null for other paths. */
export async function answerWeb(fake: FakeOdoo, request: Request): Promise<Response | null> {
  const { pathname, searchParams } = new URL(request.url)
  if (pathname === '/') return new Response(null, { status: 302, headers: { location: '/web' } })
  if (!/^\/web(\/|$)/.test(pathname)) return null
  if (request.method === 'POST') return post(fake, request)
  const said = searchParams.get('said')
  const show = (title: string, body: string) =>
    page(`${title} · demo ERP`, NOTICE, style + menu(pathname) + banner(said) + body)
  const { orm } = fake
  if (pathname === '/web') return show('Orders', ordersBody(orm))
  if (pathname === '/web/stock') return show('Stock and prices', stockBody(orm))
  const order = orm.get('sale.order', Number(/^\/web\/orders\/(\d+)$/.exec(pathname)?.[1]))
  if (order) return show(String(order['name']), orderBody(orm, order))
  const paper = await invoicePaper(orm, /^\/web\/invoices\/(\d+)\.pdf$/.exec(pathname)?.[1])
  return paper ?? null
}

async function post(fake: FakeOdoo, request: Request): Promise<Response> {
  const origin = request.headers.get('origin')
  // A page of somebody else must not press our buttons.
  if (origin !== null && origin !== new URL(request.url).origin)
    return new Response('Forbidden', { status: 403 })
  const form = new URLSearchParams(await request.text())
  const back = form.get('back') ?? '/web'
  const location = /^\/web(\/|$)/.test(back) ? back : '/web'
  try {
    await act(fake, form)
    return new Response(null, { status: 303, headers: { location } })
  } catch (error) {
    if (!(error instanceof OdooError)) throw error
    return new Response(null, {
      status: 303,
      headers: { location: `${location}?said=${encodeURIComponent(error.message)}` },
    })
  }
}

function menu(pathname: string): string {
  const link = (href: string, label: string) =>
    `<a href="${href}"${href === pathname ? ' aria-current="page"' : ''}>${label}</a>`
  return `<nav>${link('/web', 'Orders')}${link('/web/stock', 'Stock and prices')}</nav>`
}

function banner(said: string | null): string {
  return said === null ? '' : `<p class="card" role="alert">${escape(said)}</p>`
}

function ordersBody(orm: Orm): string {
  const orders = orm
    .all('sale.order')
    .toSorted((a, b) => b.id - a.id)
    .slice(0, 200)
  if (orders.length === 0)
    return '<h1>Orders</h1><p class="muted">No orders yet. Place one in the shop, and it appears here.</p>'
  return `<h1>Orders</h1>${table(
    columns,
    orders.map(order => orderRow(orm, order)),
  )}`
}

const columns: readonly Column[] = [
  ['Order'],
  ['Reference'],
  ['Customer'],
  ['State'],
  ['Delivery'],
  ['Invoices'],
  ['Total', 'n'],
]

function orderRow(orm: Orm, order: Stored): string[] {
  const customer = orm.related('sale.order', order, 'partner_id')
  const total = orm.number('sale.order', order, 'amount_total').toFixed(2)
  const currency = orm.related('sale.order', order, 'currency_id')?.['name']
  const invoices = invoicesOf(orm, order).map(move => String(move['name']))
  return [
    `<a href="/web/orders/${order.id}">${escape(order['name'])}</a>`,
    escape(order['client_order_ref'] || ''),
    escape(customer?.['name']),
    `<span class="tag">${escape(stateName(String(order['state'])))}</span>`,
    escape(orm.value('sale.order', order, 'delivery_status') || ''),
    escape(invoices.join(', ')),
    `${total} ${escape(currency)}`,
  ]
}

export function stateName(state: string): string {
  return (
    { draft: 'Quotation', sent: 'Quotation sent', sale: 'Sales order', cancel: 'Cancelled' }[state] ?? state
  )
}

async function invoicePaper(orm: Orm, id: string | undefined): Promise<Response | null> {
  const paper = orm
    .all('ir.attachment')
    .find(row => row['res_model'] === 'account.move' && row['res_id'] === Number(id))
  if (!paper) return null
  const headers = {
    'content-type': 'application/pdf',
    'content-disposition': `inline; filename="${String(paper['name'])}"`,
  }
  return new Response(Buffer.from(String(paper['datas']), 'base64'), { headers })
}
