import type { Entity } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { changesOf, idOf, idsIn, idsOf, snapshotOf, type Source } from './changes.ts'
import { numbersOf, readRows, searchRead, type Row, type Session } from './client.ts'
import { amountOf, itemFields, type Item } from './pricelist-items.ts'
import { decimal, many2one, text } from './partners.ts'
import { pricelistWriter, type PriceListWrite } from './pricelist-writer.ts'

const pricelistRow = z.looseObject({
  id: z.number(),
  name: z.string(),
  currency_id: many2one,
  active: z.boolean(),
  write_date: text,
  /** The items that name a product, one for each variant, with the price that each comes to. */
  item_ids: z.array(
    z.looseObject({
      id: z.number(),
      product: z.number(),
      default_code: text,
      min_quantity: decimal,
      amount: decimal,
      date_start: text,
      date_end: text,
    }),
  ),
})
export type PriceListRow = z.infer<typeof pricelistRow>

const mapping: Mapping = {
  from: 'odoo.PriceList',
  to: 'PriceList',
  fields: {
    id: { format: 'text', of: 'id' },
    name: 'name',
    currency: 'currency_id[1]',
    taxInclusive: { constant: false },
    items: {
      each: 'item_ids',
      as: {
        product: { format: 'text', of: 'product' },
        sku: 'default_code',
        minimumQuantity: { when: { greater: ['min_quantity', { constant: '0' }] }, then: 'min_quantity' },
        amount: 'amount',
        from: { when: { has: 'date_start' }, then: { format: 'instant', of: 'date_start' } },
        to: { when: { has: 'date_end' }, then: { format: 'instant', of: 'date_end' } },
      },
    },
    active: 'active',
    modifiedAt: { format: 'instant', of: 'write_date' },
  },
}

const sources: readonly Source[] = [
  { model: 'product.pricelist' },
  { model: 'product.pricelist.item', fields: ['pricelist_id'], of: idsIn('pricelist_id') },
]

export const pricelists: Entity<Session, 'PriceList', PriceListRow, PriceListWrite> = {
  schema: pricelistRow,
  mapping,
  changes: (session, after, limit) => changesOf(session, sources, { after, limit, rows: readPricelists }),
  get: async (session, ids) => (await readPricelists(session, numbersOf(ids))).map(snapshotOf),
  writer: pricelistWriter,
}

export async function readPricelists(session: Session, ids: readonly number[]): Promise<PriceListRow[]> {
  const lists = await readRows(session, 'product.pricelist', ids, [
    'name',
    'currency_id',
    'active',
    'item_ids',
    'write_date',
  ])
  const items = await readRows(
    session,
    'product.pricelist.item',
    lists.flatMap(list => idsOf(list['item_ids'])),
    itemFields,
  )
  const variants = await variantsOf(session, items)
  return lists.map(list => {
    const own = items.filter(item => idOf(item['pricelist_id']) === list.id) as Item[]
    return { ...list, item_ids: own.flatMap(item => pricesOf(item, variants)) } as unknown as PriceListRow
  })
}

async function variantsOf(session: Session, items: readonly Row[]): Promise<Row[]> {
  const templates = items.flatMap(item => idOf(item['product_tmpl_id']) ?? [])
  if (templates.length === 0) return []
  return searchRead(session, 'product.product', {
    domain: [['product_tmpl_id', 'in', templates]],
    fields: ['default_code', 'lst_price', 'product_tmpl_id'],
  })
}

function pricesOf(item: Item, variants: readonly Row[]): Row[] {
  const variant = idOf(item['product_id'])
  const template = idOf(item['product_tmpl_id'])
  const fits = (row: Row) =>
    item.applied_on === '0_product_variant'
      ? row.id === variant
      : item.applied_on === '1_product' && idOf(row['product_tmpl_id']) === template
  return variants.filter(fits).flatMap(row => {
    const amount = amountOf(item, String(row['lst_price']))
    return amount === null ? [] : [{ ...item, product: row.id, default_code: row['default_code'], amount }]
  })
}
