import { Problem, type Outcome, type Write, type Writer } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { decimal, percent } from '@linchpin/model'
import { z } from 'zod'
import { versionOf } from './changes.ts'
import { call, dialect, needNumber, type Session } from './client.ts'
import { customValues, customWrite } from './custom-fields.ts'
import { salesTaxes } from './lookups.ts'
import { readProducts } from './products.ts'
import { idOfKey, upsert, writeEach, type Values } from './writing.ts'

const productWrite = z.object({
  name: z.string().min(1).optional(),
  default_code: z.string().optional(),
  barcode: z.string().optional(),
  description_sale: z.string().optional(),
  /** 'goods' becomes what this Odoo calls a product that is kept in stock. */
  kind: z.enum(['goods', 'service', 'bundle', 'giftCard']).optional(),
  weight: decimal.optional(),
  active: z.boolean().optional(),
  tax_rate: percent.optional(),
  custom: customWrite,
})
export type ProductWrite = z.infer<typeof productWrite>

const mapping: Mapping = {
  from: 'Product',
  to: 'odoo.Product',
  fields: {
    name: 'name',
    default_code: 'sku',
    barcode: 'gtin',
    description_sale: 'description',
    kind: 'kind',
    weight: 'weightKg',
    active: 'active',
    tax_rate: 'taxRate',
  },
}

export const productWriter: Writer<Session, ProductWrite> = {
  schema: productWrite,
  mapping,
  batch: 20,
  repeat: 'safe',
  write: (session, writes) => writeEach(session, writes, writeProduct),
}

async function writeProduct(session: Session, { key, id, row }: Write<ProductWrite>): Promise<Outcome> {
  const known = id === null ? await idOfKey(session, 'product.product', key) : needNumber(id, 'Product')
  const [there] = known === null ? [] : await readProducts(session, [known])
  if (!there && id !== null)
    throw new Problem('refused', `Product ${id} is no longer in Odoo. Someone deleted it there.`)
  const more = {
    ...(await taxCommand(session, row)),
    ...(await customValues(session, 'product.product', row.custom, OURS)),
  }
  const target = there?.id ?? (await create(session, key, row))
  const changes = there ? { ...plainValues(row), ...more } : more
  if (Object.keys(changes).length > 0)
    await call(session, 'product.product', 'write', { ids: [target], args: { vals: changes } })
  const [now] = await readProducts(session, [target])
  return { key, is: 'applied', id: String(target), version: now ? versionOf(now) : null }
}

const OURS = [
  'name',
  'default_code',
  'barcode',
  'description_sale',
  'weight',
  'active',
  'taxes_id',
  'type',
  'is_storable',
  'detailed_type',
  'product_tmpl_id',
]

async function create(session: Session, key: string, row: ProductWrite): Promise<number> {
  if (row.name === undefined) throw new Problem('refused', 'A product needs a name in Odoo.')
  const { storable } = await dialect(session)
  const goods = row.kind === undefined || row.kind === 'goods'
  // Vouchers and bundles have no stock of their own here: the warehouse never counts them.
  const type: Values = goods ? storable : { type: row.kind === 'bundle' ? 'consu' : 'service' }
  return upsert(session, 'product.product', key, { ...plainValues(row), ...type })
}

/** The kind of a product is not changed once it has stock moves: Odoo forbids it, so only a create says it. */
function plainValues({
  name,
  default_code,
  barcode,
  description_sale,
  weight,
  active,
}: ProductWrite): Values {
  return {
    ...(name !== undefined && { name }),
    ...(default_code !== undefined && { default_code }),
    ...(barcode !== undefined && { barcode }),
    ...(description_sale !== undefined && { description_sale }),
    ...(weight !== undefined && { weight }),
    ...(active !== undefined && { active }),
  }
}

async function taxCommand(session: Session, { tax_rate }: ProductWrite): Promise<Record<string, unknown>> {
  if (tax_rate === undefined) return {}
  if (Number(tax_rate) === 0) return { taxes_id: [[6, 0, []]] }
  const tax = (await salesTaxes(session)).find(each => Number(each.rate) === Number(tax_rate))
  if (!tax)
    throw new Problem('refused', `Odoo has no sales tax of ${tax_rate} %. Make one there, then try again.`)
  return { taxes_id: [[6, 0, [tax.id]]] }
}
