import { compare, round, subtract } from '@linchpin/model'
import { money, sumsOf, totalsOf } from './amounts.ts'
import { listOf, textOf, type Books, type Held, type Values } from './books.ts'
import { seconds, visible, type Viewing } from './viewing.ts'

export function orders(row: Held, { books, single, query }: Viewing): Values {
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
export function shipments(row: Held, { books }: Viewing): Values {
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

export function invoices(row: Held, { books, single }: Viewing): Values {
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
