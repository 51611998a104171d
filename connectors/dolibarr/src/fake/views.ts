import { round, subtract } from '@linchpin/model'
import { stampIn } from '../changes.ts'
import { money, withTax } from './amounts.ts'
import { textOf, type Held, type TableName, type Values } from './books.ts'
import { invoices, orders, shipments } from './document-views.ts'
import { codeOf } from './seed.ts'
import { reservedOf, stockOf } from './stock-counts.ts'
import { seconds, visible, type Viewing } from './viewing.ts'

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
