import { add, compare, multiply, round, subtract } from '@linchpin/model'
import { readThirdParties } from './accounts.ts'
import { contactsOf, withName } from './addresses.ts'
import type { Row } from './client.ts'
import { idOf, isId, numberIn, rowsIn, rowsOf, snapshotOf, textIn } from './rows.ts'
import type { OrderRow } from './orders.ts'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'

/** Orders with all that belongs to them: what of each line was sent, the invoices, the third party, the addresses. */
export async function getOrders(session: Session, ids: readonly string[]) {
  const orders: Row[] = []
  for (const id of new Set(ids.filter(isId))) {
    // Only one by one Dolibarr tells what an order is linked with.
    const order = await session.client.one(`/orders/${id}`, { contact_list: 0 })
    if (order) orders.push(order)
  }
  const socids = [...new Set(orders.map(order => textIn(order['socid'])))]
  const parties = await readThirdParties(session, socids)
  const contacts = orders.some(order => order['contacts_ids'] !== undefined)
    ? await contactsOf(session, socids)
    : []
  const invoices = await rowsOf(session, '/invoices', orders.flatMap(invoiceIds))
  const around = { parties, contacts: contacts.map(withName), invoices }
  const rows: OrderRow[] = []
  for (const order of orders) rows.push(await wholeOrder(session, order, around))
  return rows.map(snapshotOf)
}

/** What was read for all orders of a page at once. */
interface Around {
  readonly parties: readonly Row[]
  readonly contacts: readonly Row[]
  readonly invoices: readonly Row[]
}

async function wholeOrder(session: Session, order: Row, around: Around): Promise<OrderRow> {
  const own = rowsIn(order['lines'])
  for (const line of own) session.orderOfLine.set(idOf(line), idOf(order))
  const sent = await sentOf(session, order)
  const lines = own.map(line => withMeaning(line, session.settings, sent.get(idOf(line)) ?? '0'))
  const invoices = invoicesOf(order, around)
  const linked = (code: string) => {
    const link = rowsIn(order['contacts_ids']).find(each => each['code'] === code)
    return around.contacts.find(each => idOf(each) === textIn(link?.['id']))
  }
  return {
    ...order,
    number: numberIn(order),
    lines,
    thirdparty: around.parties.find(each => idOf(each) === textIn(order['socid'])) ?? null,
    shipping: [linked('SHIPPING')].filter(each => each !== undefined),
    billing: linked('BILLING') ?? null,
    fulfilment: fulfilmentOf(order, lines),
    invoicing: invoicingOf(order, invoices),
    payment: paymentOf(invoices),
  } as unknown as OrderRow
}

/** Order line → how many pieces left with shipments that are validated. */
async function sentOf(session: Session, order: Row): Promise<ReadonlyMap<string, string>> {
  const sent = new Map<string, string>()
  if (Number(textIn(order['statut'])) < 1) return sent
  const shipments = await session.client.list(`/orders/${idOf(order)}/shipment`)
  for (const shipment of shipments.filter(each => Number(textIn(each['statut'])) > 0))
    for (const line of rowsIn(shipment['lines'])) {
      const key = textIn(line['fk_origin_line'])
      sent.set(key, add(sent.get(key) ?? '0', textIn(line['qty_shipped']) || textIn(line['qty']) || '0'))
    }
  return sent
}

/** Those that are no drafts, and no abandoned ones. */
function invoicesOf(order: Row, { invoices }: Around): readonly Row[] {
  const linked = invoiceIds(order)
  return invoices.filter(
    row => linked.includes(idOf(row)) && row['type'] !== '2' && ['1', '2'].includes(textIn(row['statut'])),
  )
}

function invoiceIds(order: Row): string[] {
  const linked = (order['linkedObjectsIds'] as Row | undefined)?.['facture'] as Row | undefined
  return Object.values(linked ?? {}).map(textIn)
}

/** What a line is for us, and its discount as money. The same for lines of orders and of invoices. */
export function withMeaning(line: Row, { services }: Settings, sent = '0'): Row {
  return { ...line, role: roleOf(line, services), sent, taxes: taxesOf(line), discounts: discountsOf(line) }
}

function roleOf(line: Row, services: Settings['services']): string {
  const ref = textIn(line['product_ref'])
  const kind = (['shipping', 'fee', 'rounding'] as const).find(each => services[each] === ref)
  if (kind) return kind
  // 9 is a title or a subtotal of an extension.
  if (textIn(line['product_type']) === '9') return 'note'
  return textIn(line['product_type']) === '1' ? 'service' : 'item'
}

function taxesOf(line: Row): { rate: string; amount: string }[] {
  const rate = textIn(line['tva_tx'])
  return Number(rate) === 0 ? [] : [{ rate, amount: textIn(line['total_tva']) }]
}

function discountsOf(line: Row): { amount: string; base: string }[] {
  const percent = Number(textIn(line['remise_percent']) || '0')
  if (percent === 0) return []
  const base = round(multiply(textIn(line['subprice']), textIn(line['qty'])), 2)
  return [{ amount: subtract(base, textIn(line['total_ht'])), base }]
}

function fulfilmentOf(order: Row, lines: readonly Row[]): OrderRow['fulfilment'] {
  if (textIn(order['statut']) === '3') return 'complete'
  const goods = lines.filter(line => line['role'] === 'item')
  const done = goods.filter(line => compare(textIn(line['sent']), textIn(line['qty'])) >= 0)
  if (goods.length > 0 && done.length === goods.length) return 'complete'
  return goods.some(line => compare(textIn(line['sent']), '0') > 0) ? 'partial' : 'none'
}

const sumOf = (rows: readonly Row[], field: string) =>
  rows.reduce((sum, row) => add(sum, textIn(row[field]) || '0'), '0')

function invoicingOf(order: Row, invoices: readonly Row[]): OrderRow['invoicing'] {
  if (textIn(order['billed']) === '1') return 'complete'
  if (invoices.length === 0) return 'none'
  const billed = sumOf(invoices, 'total_ttc')
  return compare(billed, textIn(order['total_ttc'])) >= 0 ? 'complete' : 'partial'
}

function paymentOf(invoices: readonly Row[]): OrderRow['payment'] {
  const open = sumOf(invoices, 'remaintopay')
  if (invoices.length === 0 || compare(open, sumOf(invoices, 'total_ttc')) >= 0) return 'unpaid'
  return compare(open, '0') <= 0 ? 'paid' : 'partial'
}
