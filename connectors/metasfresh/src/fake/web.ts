import { escape, page } from '@linchpin/lookalike'
import { Refused } from './answers.ts'
import type { Invoice, Order } from './books.ts'
import type { People } from './people.ts'
import type { World } from './world.ts'

const NOTICE =
  'A look-alike of metasfresh, for tests and demonstration. It is not metasfresh, and its data is made up.'

interface Desk {
  readonly world: World
  readonly people: People
}

/** A small page for the people at the ERP: process, ship, invoice, pay, cancel. Null for other paths. */
export async function answerWeb(desk: Desk, request: Request): Promise<Response | null> {
  const { pathname, searchParams, origin } = new URL(request.url)
  if (pathname !== '/') return null
  if (request.method === 'GET') return overview(desk, searchParams.get('said'))
  // A page of somebody else must not press our buttons.
  const from = request.headers.get('origin')
  if (from !== null && from !== origin) return new Response('Forbidden', { status: 403 })
  const said = act(desk, new URLSearchParams(await request.text()))
  const location = said === null ? '/' : `/?said=${encodeURIComponent(said)}`
  return new Response(null, { status: 303, headers: { location } })
}

/** Does it, or says why not. */
function act({ people }: Desk, form: URLSearchParams): string | null {
  const id = form.get('id') ?? ''
  try {
    switch (form.get('do') ?? '') {
      case 'process':
        people.clearCandidates()
        return null
      case 'ship':
        people.ship(id, form.get('tracking') || null)
        return null
      case 'invoice':
        return people.invoice(id).length > 0
          ? null
          : 'There is nothing to bill: goods are billed once they are shipped.'
      case 'pay':
        people.pay(id)
        return null
      case 'cancel':
        people.cancel(id)
        return null
      default:
        return 'There is no such button.'
    }
  } catch (error) {
    if (error instanceof Refused || error instanceof Error) return error.message
    throw error
  }
}

function overview({ world: { books }, people }: Desk, said: string | null): Response {
  const waiting = books.candidates.filter(({ order }) => order === null).length
  const head =
    '<tr><th>Order<th>Reference<th>State<th>Lines<th class="n">Total<th>Invoices<th>What to do</tr>'
  const rows = books.orders
    .all()
    .toReversed()
    .map(order => orderRow(order, billsOf(books.invoices.all(), order)))
  const goods = books.products.filter(product => product.type === 'I')
  const stock = goods.map(
    ({ value, name, price, onHand }) =>
      `<tr><td>${escape(value)}<td>${escape(name)}<td class="n">${escape(price)}<td class="n">${onHand}<td class="n">${people.free(value)}</tr>`,
  )
  const body = [
    said === null ? '' : `<p class="card" role="alert">${escape(said)}</p>`,
    `<h1>Orders</h1><p>${waiting} order candidates wait. ${button('process', 0, 'Process them')}</p>`,
    `<div class="scroll"><table>${head}${rows.join('')}</table></div>`,
    `<h2>Stock</h2><table><tr><th>Product<th>Name<th class="n">Price<th class="n">On hand<th class="n">Available</tr>${stock.join('')}</table>`,
  ]
  return page('ERP look-alike (metasfresh)', NOTICE, body.join(''))
}

const billsOf = (invoices: readonly Invoice[], order: Order) =>
  invoices.filter(each => each.order === order.id)

function orderRow(order: Order, bills: readonly Invoice[]): string {
  const isOpen = order.status === 'CO'
  const left = order.lines.reduce((sum, line) => sum + line.ordered - line.delivered, 0)
  const lines = order.lines
    .map(line => `${escape(line.description)} ${line.delivered}/${line.ordered}`)
    .join('<br>')
  const told = bills.map(
    ({ id, documentNo, paid }) =>
      `${escape(documentNo)} ${paid ? 'paid' : button('pay', id, 'Mark as paid')}`,
  )
  const ship = `<form class="inline" method="post"><input type="hidden" name="do" value="ship"><input type="hidden" name="id" value="${order.id}"><input name="tracking" aria-label="Parcel number" placeholder="Parcel number" size="12"> <button>Ship</button></form>`
  const todo = isOpen
    ? `${left > 0 ? ship : ''} ${button('invoice', order.id, 'Invoice')} ${button('cancel', order.id, 'Reverse')}`
    : ''
  return `<tr><td>${escape(order.documentNo)}<td>${escape(order.poReference)}<td>${order.status}<td>${lines}<td class="n">${escape(order.total)}<td>${told.join('<br>')}<td>${todo}</tr>`
}

const button = (what: string, id: number, label: string) =>
  `<form class="inline" method="post"><input type="hidden" name="do" value="${what}"><input type="hidden" name="id" value="${id}"><button class="quiet">${label}</button></form>`
