import { inTurn, type Candidate, type Entity } from '@linchpin/connector'
import type { Mapping, MatchKeys } from '@linchpin/mapping'
import { z } from 'zod'
import { changesOf, idOf, idsOf, snapshotOf, type Source } from './changes.ts'
import { call, numbersOf, readRows, searchRead, type Row, type Session } from './client.ts'
import { companyOf, taxOf, type SalesTax } from './lookups.ts'
import { decimal, many2one, text } from './partners.ts'
import { productWriter, type ProductWrite } from './product-writer.ts'

export const productRow = z.looseObject({
  id: z.number(),
  name: z.string(),
  default_code: text,
  barcode: text,
  active: z.boolean(),
  sale_ok: z.boolean(),
  type: z.string(),
  description_sale: text,
  weight: decimal,
  uom_id: many2one,
  categ_id: many2one,
  product_tmpl_id: many2one,
  product_variant_count: z.number(),
  lst_price: decimal,
  currency_id: many2one,
  write_date: text,
  /** The records of `taxes_id` that belong to our company. */
  taxes: z.array(z.looseObject({ id: z.number(), name: z.string(), rate: decimal, included: z.boolean() })),
  /** The records of `product_template_attribute_value_ids`. */
  attribute_values: z.array(z.looseObject({ id: z.number(), name: z.string(), attribute_id: many2one })),
})
export type ProductRow = z.infer<typeof productRow>

/** UN/ECE codes of the units that every Odoo has; another unit keeps its name. */
export const units = {
  Units: 'C62',
  Dozens: 'DZN',
  kg: 'KGM',
  g: 'GRM',
  m: 'MTR',
  cm: 'CMT',
  L: 'LTR',
  Hours: 'HUR',
  Days: 'DAY',
}

const mapping: Mapping = {
  from: 'odoo.Product',
  to: 'Product',
  tables: { kind: { service: 'service', combo: 'bundle' }, units },
  fields: {
    id: { format: 'text', of: 'id' },
    sku: 'default_code',
    gtin: 'barcode',
    name: 'name',
    description: 'description_sale',
    kind: { lookup: 'kind', of: 'type', else: { constant: 'goods' } },
    active: {
      when: { all: [{ is: ['active', { constant: true }] }, { is: ['sale_ok', { constant: true }] }] },
      then: { constant: true },
      else: { constant: false },
    },
    unit: { lookup: 'units', of: 'uom_id[1]', else: 'uom_id[1]' },
    weightKg: { when: { greater: ['weight', { constant: '0' }] }, then: 'weight' },
    taxRate: 'taxes[0].rate',
    'categories[0]': 'categ_id[1]',
    group: {
      when: { greater: ['product_variant_count', { constant: '1' }] },
      then: {
        object: {
          id: { format: 'text', of: 'product_tmpl_id[0]' },
          name: 'name',
          options: { each: 'attribute_values', as: { name: 'attribute_id[1]', value: 'name' } },
        },
      },
    },
    modifiedAt: { format: 'instant', of: 'write_date' },
  },
}

/** The name, the price and the taxes of a variant are its template's, whose changes do not touch the variant. */
export const productSources: readonly Source[] = [
  { model: 'product.product' },
  {
    model: 'product.template',
    fields: ['product_variant_ids'],
    of: async (session, rows) => {
      const archived = { active_test: false }
      const variants = await searchRead(session, 'product.product', {
        domain: [['product_tmpl_id', 'in', rows.map(row => row.id)]],
        fields: ['product_tmpl_id'],
        context: archived,
      })
      return rows.map(row =>
        variants.filter(each => idOf(each['product_tmpl_id']) === row.id).map(each => each.id),
      )
    },
  },
]

export const products: Entity<Session, 'Product', ProductRow, ProductWrite> = {
  schema: productRow,
  mapping,
  changes: (session, after, limit) =>
    changesOf(session, productSources, { after, limit, rows: readProducts }),
  get: async (session, ids) => (await readProducts(session, numbersOf(ids))).map(snapshotOf),
  match: (session, keys) => inTurn(keys, key => candidates(session, key)),
  url: (session, id) =>
    `${session.settings.url.replace(/\/+$/, '')}/web#id=${id}&model=product.product&view_type=form`,
  writer: productWriter,
}

const fields = [
  'name',
  'default_code',
  'barcode',
  'active',
  'sale_ok',
  'type',
  'is_storable',
  'description_sale',
  'weight',
  'uom_id',
  'categ_id',
  'product_tmpl_id',
  'product_variant_count',
  'product_template_attribute_value_ids',
  'lst_price',
  'currency_id',
  'taxes_id',
  'write_date',
]

/** Products but for our own service products, which are the form of charges. */
export async function readProducts(session: Session, ids: readonly number[]): Promise<ProductRow[]> {
  const { shippingCode, feeCode, roundingCode } = session.settings
  const ours = new Set<unknown>([shippingCode, feeCode, roundingCode])
  const rows = (await readRows(session, 'product.product', ids, fields)).filter(
    row => !ours.has(row['default_code']),
  )
  const taxes = await companyTaxes(session, rows)
  const values = await readRows(
    session,
    'product.template.attribute.value',
    rows.flatMap(row => idsOf(row['product_template_attribute_value_ids'])),
    ['name', 'attribute_id'],
  )
  return rows.map(row => {
    const own = idsOf(row['product_template_attribute_value_ids'])
    return {
      ...row,
      taxes: idsOf(row['taxes_id']).flatMap(id => taxes.get(id) ?? []),
      attribute_values: values.filter(value => own.includes(value.id)),
    } as unknown as ProductRow
  })
}

/** A product carries the taxes of every company that sells it. */
export async function companyTaxes(session: Session, rows: readonly Row[]): Promise<Map<number, SalesTax>> {
  const company = await companyOf(session)
  const ids = rows.flatMap(row => idsOf(row['taxes_id']))
  const taxes = await readRows(session, 'account.tax', ids, ['name', 'amount', 'price_include', 'company_id'])
  const own = taxes.filter(tax => idOf(tax['company_id']) === company.id)
  return new Map(own.map(tax => [tax.id, taxOf(tax)]))
}

async function candidates(session: Session, { sku, gtin }: MatchKeys): Promise<Candidate[]> {
  const bySku = sku ? await exactly(session, 'default_code', sku) : []
  const byGtin = gtin ? await exactly(session, 'barcode', gtin) : []
  return [
    ...bySku.map(id => ({ id: String(id), by: `SKU ${sku}` })),
    ...byGtin.filter(id => !bySku.includes(id)).map(id => ({ id: String(id), by: `GTIN ${gtin}` })),
  ]
}

async function exactly(session: Session, field: string, value: string): Promise<number[]> {
  return call<number[]>(session, 'product.product', 'search', {
    args: { domain: [[field, '=', value]], limit: 20 },
  })
}
