import { add, compare, round, subtract } from '@linchpin/model'
import { stampIn } from '../changes.ts'
import { money, sumsOf, totalsOf, withTax } from './amounts.ts'
import { listOf, textOf, type Books, type Held, type TableName, type Values } from './books.ts'
import { codeOf } from './seed.ts'
import type { Traps } from './traps.ts'

export interface Viewing {
  readonly books: Books
  readonly traps: Traps
  /** Whether one record was asked for, and not a list: only then Dolibarr tells what it is linked with. */
  readonly single: boolean
  readonly query: URLSearchParams
}

/** A row as the API shows it: ids and money as texts, times as seconds, and nulls, as there are in the real answers. */
export function viewOf(table: TableName, row: Held, viewing: Viewing): Values {
  return { id: String(row.rowid), entity: '1', array_options: [], ...VIEWS[table](row, viewing) }
}

const VIEWS: Readonly<Record<TableName, (row: Held, viewing: Viewing) => Values>> = {
  thirdparties: row => ({ ...party(row), ref: String(row.rowid), client: textOf(row['client']) }),
  contacts: row => ({ ...party(row), socid: textOf(row['socid']), fk_soc: textOf(row['socid']) }),
  products,
  orders,
  shipments,
  invoices,
}

const visible = (row: Held): Values =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !HIDDEN.has(name)))
const HIDDEN = new Set(['rowid', 'tms', 'stock', 'levels', 'contacts', 'orders', 'paid', 'printed'])
const seconds = (row: Held) => Math.floor(row.tms / 1000)

function party(row: Held): Values {
  return {
    ...visible(row),
    country_code: codeOf(row['country_id']),
    tva_intra: row['tva_intra'] ?? '',
    date_modification: seconds(row),
    linkedObjectsIds: null,
  }
}

function products(row: Held, { books, traps, query }: Viewing): Values {
  const stamp = stampIn(row.tms, traps.timeZone)
  const price = textOf(row['price']) || '0'
  const stock = stockOf(row)
  const withStock = query.get('includestockdata') === '1'
  return {
    ...visible(row),
    price: money(price),
    price_ttc: money(textOf(row['price_ttc']) || withTax(price, row['tva_tx'])),
    tva_tx: round(textOf(row['tva_tx']) || '0', 4),
    // A product's times are texts in the server's own time, where those of orders are seconds.
    date_modification: stamp.replace(/(....)(..)(..)(..)(..)(..)/, '$1-$2-$3 $4:$5:$6'),
    stock_reel: withStock ? Number(stock) : stock,
    ...(withStock && {
      stock_theorique: Number(subtract(stock, reservedOf(books, row.rowid))),
      stock_warehouse: shelvesOf(row),
    }),
    ...(traps.priceLevels > 0 ? levelsOf(row, traps.priceLevels) : { multiprices: [] }),
  }
}

export const stockOf = (row: Held) =>
  Object.values((row['stock'] ?? {}) as Record<string, string>).reduce(add, '0')
const shelvesOf = (row: Held) =>
  Object.fromEntries(
    Object.entries((row['stock'] ?? {}) as Record<string, string>).map(([id, real]) => [id, { real, id }]),
  )

function levelsOf(row: Held, count: number): Values {
  const own = (row['levels'] ?? {}) as Record<string, string>
  const levels = Array.from({ length: count }, (_, index) => String(index + 1))
  const prices = (found: (level: string) => string | null) =>
    Object.fromEntries(levels.map(level => [level, found(level)]))
  const at = (level: string) => own[level] ?? (level === '1' ? textOf(row['price']) || '0' : null)
  return {
    multiprices: prices(level => at(level) && money(at(level) ?? '0')),
    multiprices_ttc: prices(level => at(level) && withTax(at(level) ?? '0', row['tva_tx'])),
    multiprices_base_type: prices(level => (at(level) === null ? null : 'HT')),
  }
}

/** What validated orders still want of a product: ordered less sent. */
export function reservedOf(books: Books, product: number): string {
  const open = books.all('orders').filter(order => ['1', '2'].includes(textOf(order['statut'])))
  const of = (lines: readonly Values[]) =>
    lines.filter(line => textOf(line['fk_product']) === String(product))
  const sumOf = (lines: readonly Values[]) => lines.reduce((sum, line) => add(sum, textOf(line['qty'])), '0')
  const ordered = sumOf(open.flatMap(order => of(listOf(order['lines']))))
  const openLines = new Set(open.flatMap(order => listOf(order['lines']).map(line => textOf(line['rowid']))))
  const sent = sumOf(
    books
      .all('shipments')
      .filter(each => ['1', '2'].includes(textOf(each['statut'])))
      .flatMap(each => of(listOf(each['lines'])))
      .filter(line => openLines.has(textOf(line['fk_origin_line']))),
  )
  return subtract(ordered, sent)
}

function orders(row: Held, { books, single, query }: Viewing): Values {
  const contacts = listOf(row['contacts'])
  const invoices = books
    .all('invoices')
    .filter(each => (each['orders'] as string[]).includes(String(row.rowid)))
  return {
    ...visible(row),
    ...totals(row),
    statut: textOf(row['statut']),
    status: textOf(row['statut']),
    socid: textOf(row['socid']),
    lines: listOf(row['lines']).map(line => lineView(books, line)),
    date_modification: seconds(row),
    multicurrency_code: 'EUR',
    contacts_ids: query.get('contact_list') === '0' ? contacts : contacts.map(each => each['id']),
    ...(single && linked('facture', invoices)),
    online_payment_url: 'https://look-alike.example/pay?securekey=none',
  }
}

const linked = (name: string, rows: readonly Held[]) =>
  rows.length === 0
    ? { linkedObjectsIds: [] }
    : { linkedObjectsIds: { [name]: Object.fromEntries(rows.map(row => [row.rowid, String(row.rowid)])) } }

function totals(row: Held): Values {
  const { net, tax, gross } = totalsOf(listOf(row['lines']))
  return { total_ht: money(net), total_tva: money(tax), total_ttc: money(gross) }
}

function lineView(books: Books, line: Values): Values {
  const { net, tax, gross } = sumsOf(line)
  const product = books.find('products', line['fk_product'])
  return {
    ...line,
    id: textOf(line['rowid']),
    rowid: textOf(line['rowid']),
    fk_product: line['fk_product'] === undefined ? null : textOf(line['fk_product']),
    product_type: textOf(line['product_type']) || '0',
    product_ref: product?.['ref'] ?? null,
    product_label: product?.['label'] ?? null,
    qty: textOf(line['qty']),
    subprice: money(textOf(line['subprice']) || '0'),
    remise_percent: textOf(line['remise_percent']) || '0',
    tva_tx: round(textOf(line['tva_tx']) || '0', 4),
    total_ht: money(net),
    total_tva: money(tax),
    total_ttc: money(gross),
  }
}

/** Names no order, only the lines that it sends; and shows no stamp. */
function shipments(row: Held, { books }: Viewing): Values {
  return {
    ...visible(row),
    origin: 'commande',
    origin_id: null,
    statut: textOf(row['statut']),
    socid: textOf(row['socid']),
    tracking_url: row['tracking_number'] ?? '',
    lines: listOf(row['lines']).map(line => ({
      ...line,
      id: textOf(line['rowid']),
      fk_product: textOf(line['fk_product']),
      fk_origin: 'orderline',
      fk_origin_line: textOf(line['fk_origin_line']),
      qty: textOf(line['qty']),
      qty_shipped: textOf(line['qty']),
      product_ref: books.find('products', line['fk_product'])?.['ref'] ?? null,
      product_label: books.find('products', line['fk_product'])?.['label'] ?? null,
    })),
  }
}

function invoices(row: Held, { books, single }: Viewing): Values {
  const { gross } = totalsOf(listOf(row['lines']))
  const open = subtract(gross, textOf(row['paid']) || '0')
  const orderRows = (row['orders'] as string[]).flatMap(id => books.find('orders', id) ?? [])
  return {
    ...visible(row),
    ...totals(row),
    statut: textOf(row['statut']),
    status: textOf(row['statut']),
    socid: textOf(row['socid']),
    paye: textOf(row['statut']) === '2' ? '1' : '0',
    remaintopay: compare(open, '0') === 0 ? '0' : round(open, 2),
    lines: listOf(row['lines']).map(line => lineView(books, line)),
    date_modification: seconds(row),
    ref_ext: null,
    ...(single && linked('commande', orderRows)),
  }
}
