import type { Candidate, Entity, Snapshot } from '@linchpin/connector'
import type { MatchKeys } from '@linchpin/mapping'
import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import { changesOf, type Source } from './changes.ts'
import { idText, named, unitName, UNITS } from './fields.ts'
import { productWriteRow, writeProducts, type ProductWriteRow } from './product-writer.ts'
import { numbers, searchRead, type Session } from './session.ts'
import { percentOf } from './wire.ts'

/** A variant, with what it shares with its siblings under `template`. */
const productRow = z.looseObject({
  id: z.int(),
  code: z.string().nullable(),
  name: z.string(),
  description: z.string().nullable(),
  type: z.enum(['goods', 'assets', 'service']),
  active: z.boolean(),
  list_price: z.string().nullable(),
  tax_percent: z.string().nullable(),
  ean: z.string().nullable(),
  write_date: z.string().nullable(),
  create_date: z.string(),
  default_uom: z.looseObject({ symbol: z.string() }),
  template: z.looseObject({
    id: z.int(),
    name: z.string(),
    products: z.array(z.int()),
  }),
  identifiers: z.array(z.looseObject({ type: z.string().nullable(), code: z.string() })),
  categories: z.array(named),
})
type ProductRow = z.infer<typeof productRow>

const FIELDS = [
  ...'code name description type active list_price write_date create_date salable'.split(' '),
  ...'default_uom.symbol sale_uom.symbol weight weight_uom.symbol attributes'.split(' '),
  ...'identifiers.type identifiers.code template.name template.products'.split(' '),
  ...'template.account_category.customer_taxes.rate categories.name'.split(' '),
]

async function getProducts(
  session: Session,
  texts: readonly string[],
): Promise<readonly Snapshot<ProductRow>[]> {
  const wanted = numbers(texts)
  if (wanted.length === 0) return []
  const fields = [...FIELDS, ...(session.settings.fields.Product ?? [])]
  const found = await searchRead(session, 'product.product', RAW, { where: [['id', 'in', wanted]], fields })
  return found.map(raw => {
    const rates = raw.template.account_category?.customer_taxes.flatMap(tax => tax.rate ?? []) ?? []
    const own = {
      tax_percent: rates.length === 1 ? percentOf(rates[0] ?? '0') : null,
      ean: raw.identifiers.find(each => each.type === 'ean')?.code ?? null,
    }
    const row = productRow.parse({ ...raw, ...own })
    return { id: String(row.id), version: contentHash(row), row }
  })
}

/** The list price is the template's, and so are the name and the taxes. */
export const productSources: readonly [Source, ...Source[]] = [
  { model: 'product.product' },
  { model: 'product.product', via: 'template' },
  { model: 'product.identifier', target: 'product' },
]

export async function matchProducts(
  session: Session,
  keys: readonly MatchKeys[],
): Promise<readonly (readonly Candidate[])[]> {
  const codes = keys.flatMap(key => key.sku ?? [])
  const eans = keys.flatMap(key => key.gtin ?? [])
  if (codes.length + eans.length === 0) return keys.map(() => [])
  const anEan = [
    'identifiers',
    'where',
    [
      ['type', '=', 'ean'],
      ['code', 'in', eans],
    ],
  ]
  const where = [['OR', ['code', 'in', codes], ...(eans.length > 0 ? [anEan] : [])]]
  const fields = ['code', 'identifiers.type', 'identifiers.code']
  const found = await searchRead(session, 'product.product', MATCHES, { where, fields })
  return keys.map(({ sku, gtin }) =>
    found.flatMap(({ id, code, identifiers }) => {
      if (sku !== undefined && code === sku) return [{ id: String(id), by: `SKU ${sku}` }]
      const ean = gtin !== undefined && identifiers.some(each => each.type === 'ean' && each.code === gtin)
      return ean ? [{ id: String(id), by: `GTIN ${gtin}` }] : []
    }),
  )
}

export const products: Entity<Session, 'Product', ProductRow, ProductWriteRow> = {
  schema: productRow,
  mapping: {
    from: 'tryton.Product',
    to: 'Product',
    fields: {
      id: idText('id'),
      sku: 'code',
      gtin: 'ean',
      name: 'name',
      description: 'description',
      kind: { lookup: { goods: 'goods', assets: 'goods', service: 'service' }, of: 'type' },
      active: 'active',
      unit: unitName('default_uom.symbol'),
      taxRate: 'tax_percent',
      categories: { each: 'categories', as: { value: 'name' } },
      group: {
        object: { id: idText('template.id'), name: 'template.name', options: { constant: [] } },
      },
      modifiedAt: { first: ['write_date', 'create_date'] },
    },
  },
  changes: changesOf({ sources: productSources, get: getProducts }),
  get: getProducts,
  match: matchProducts,
  url: ({ settings }, id) =>
    `${settings.url.replace(/\/*$/, '')}/#${settings.database}/model/product.product/${id}`,
  writer: {
    schema: productWriteRow,
    mapping: {
      from: 'Product',
      to: 'tryton.Product',
      fields: {
        code: 'sku',
        ean: 'gtin',
        name: 'name',
        description: 'description',
        type: { lookup: { goods: 'goods', service: 'service' }, of: 'kind', else: { constant: 'goods' } },
        active: 'active',
        unit: {
          lookup: Object.fromEntries(Object.entries(UNITS).map(([symbol, code]) => [code, symbol])),
          of: 'unit',
        },
        tax_percent: 'taxRate',
      },
    },
    batch: 20,
    repeat: 'find',
    settleMs: 15_000,
    find: async (session, writes) => {
      const found = await matchProducts(
        session,
        writes.map(({ row }) => (row.code === undefined ? {} : { sku: row.code })),
      )
      return new Map(
        writes.flatMap(({ key }, index) => (found[index]?.[0] ? [[key, found[index][0].id] as const] : [])),
      )
    },
    write: (session, writes) => writeProducts(session, writes, { get: getProducts, match: matchProducts }),
  },
}

const IDENTIFIERS = z.array(z.looseObject({ id: z.int(), type: z.string().nullable(), code: z.string() }))
const RATES = z.array(z.looseObject({ rate: z.string().nullable() }))
const RAW = z.array(
  z.looseObject({
    id: z.int(),
    identifiers: IDENTIFIERS,
    template: z.looseObject({ account_category: z.looseObject({ customer_taxes: RATES }).nullable() }),
  }),
)
const MATCHES = z.array(z.looseObject({ id: z.int(), code: z.string().nullable(), identifiers: IDENTIFIERS }))
