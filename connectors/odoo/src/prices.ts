import type { Entity } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { changesOf, idsOf, snapshotOf, type Source } from './changes.ts'
import { numbersOf, readRows, type Row, type Session } from './client.ts'
import { amountOf, appliesTo, itemsOf, productsOf, type Item } from './pricelist-items.ts'
import { decimal, many2one, text } from './partners.ts'
import { priceWriter, type PriceWrite } from './price-writer.ts'
import { companyTaxes, productSources } from './products.ts'

const item = z.looseObject({
  id: z.number(),
  min_quantity: decimal,
  date_start: text,
  date_end: text,
  /** What the item comes to for this product. */
  amount: decimal,
})
const priceRow = z.looseObject({
  id: z.number(),
  default_code: text,
  lst_price: decimal,
  currency_id: many2one,
  /** Whether `lst_price` contains tax, by the product's taxes. */
  price_include: z.boolean(),
  /** The item of the configured pricelist that holds for one piece, now or next. */
  sale_item: item.nullable(),
  /** Its items for larger quantities. */
  break_items: z.array(item),
})
export type PriceRow = z.infer<typeof priceRow>

const period = {
  from: { when: { has: 'date_start' }, then: { format: 'instant', of: 'date_start' } },
  to: { when: { has: 'date_end' }, then: { format: 'instant', of: 'date_end' } },
} as const

const mapping: Mapping = {
  from: 'odoo.Price',
  to: 'Price',
  fields: {
    id: { format: 'text', of: 'id' },
    product: { format: 'text', of: 'id' },
    sku: 'default_code',
    currency: 'currency_id[1]',
    taxInclusive: 'price_include',
    list: 'lst_price',
    sale: {
      when: { has: 'sale_item.amount' },
      then: {
        object: {
          amount: 'sale_item.amount',
          from: {
            when: { has: 'sale_item.date_start' },
            then: { format: 'instant', of: 'sale_item.date_start' },
          },
          to: { when: { has: 'sale_item.date_end' }, then: { format: 'instant', of: 'sale_item.date_end' } },
        },
      },
    },
    breaks: { each: 'break_items', as: { minimumQuantity: 'min_quantity', amount: 'amount', ...period } },
  },
}

function sources(session: Session): readonly Source[] {
  const { pricelist } = session.settings
  if (pricelist === undefined) return productSources
  const items: Source = {
    model: 'product.pricelist.item',
    domain: [['pricelist_id', '=', pricelist]],
    fields: ['applied_on', 'product_id', 'product_tmpl_id'],
    of: productsOf,
  }
  return [...productSources, items]
}

export const prices: Entity<Session, 'Price', PriceRow, PriceWrite> = {
  schema: priceRow,
  mapping,
  changes: (session, after, limit) =>
    changesOf(session, sources(session), { after, limit, rows: readPrices }),
  get: async (session, ids) => (await readPrices(session, numbersOf(ids))).map(snapshotOf),
  writer: priceWriter,
}

const fields = [
  'default_code',
  'lst_price',
  'list_price',
  'currency_id',
  'product_tmpl_id',
  'categ_id',
  'taxes_id',
  'write_date',
]

export async function readPrices(session: Session, ids: readonly number[]): Promise<PriceRow[]> {
  const { pricelist, shippingCode, feeCode, roundingCode } = session.settings
  const ours = new Set<unknown>([shippingCode, feeCode, roundingCode])
  const rows = (await readRows(session, 'product.product', ids, fields)).filter(
    row => !ours.has(row['default_code']),
  )
  const taxes = await companyTaxes(session, rows)
  const items = rows.length === 0 || pricelist === undefined ? [] : await itemsOf(session, pricelist, rows)
  return rows.map(row => {
    const own = idsOf(row['taxes_id']).flatMap(id => taxes.get(id) ?? [])
    const price_include = own.length > 0 && own.every(tax => tax.included)
    return { ...row, price_include, ...offers(session, row, items) } as unknown as PriceRow
  })
}

/** Of the items that fit this product and have not ended: the one for one piece, and those for more. */
function offers(
  session: Session,
  row: Row,
  items: readonly Item[],
): Pick<PriceRow, 'sale_item' | 'break_items'> {
  const today = new Date(session.io.now()).toISOString().slice(0, 19).replace('T', ' ')
  const fitting = items
    .filter(each => appliesTo(each, row) && (each.date_end === null || each.date_end >= today))
    .flatMap(each => {
      const amount = amountOf(each, String(row['lst_price']))
      return amount === null ? [] : [{ ...each, amount }]
    })
  const single = fitting.filter(each => Number(each.min_quantity) <= 1)
  return {
    sale_item: single[0] ?? null,
    break_items: fitting
      .filter(each => Number(each.min_quantity) > 1)
      .toSorted((a, b) => Number(a.min_quantity) - Number(b.min_quantity) || a.id - b.id),
  }
}
