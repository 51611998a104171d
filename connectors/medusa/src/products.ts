import { inTurn, type Candidate, type Entity } from '@linchpin/connector'
import type { Mapping, MatchKeys } from '@linchpin/mapping'
import { adminUrl } from './pages.ts'
import { changesOfProducts } from './product-changes.ts'
import { getProducts, productRow, variantsHaving, type ProductRow } from './product-row.ts'
import { productWriter, type ProductWrite } from './product-writer.ts'
import type { Session } from './session.ts'

const productMapping: Mapping = {
  from: 'medusa.Product',
  to: 'Product',
  fields: {
    id: 'id',
    sku: 'sku',
    gtin: { first: ['ean', 'upc', 'barcode'] },
    name: 'name',
    description: 'product.description',
    kind: { constant: 'goods' },
    active: {
      when: { is: ['product.status', { constant: 'published' }] },
      then: { constant: true },
      else: { constant: false },
    },
    group: {
      when: { is: ['grouped', { constant: true }] },
      then: {
        object: {
          id: 'product.id',
          name: 'product.title',
          options: { each: 'options', as: { name: 'option.title', value: 'value' } },
        },
      },
    },
    modifiedAt: { format: 'instant', of: 'updated_at' },
    'extra.handle': 'product.handle',
    'extra.metadata': 'metadata',
  },
}

export const product: Entity<Session, 'Product', ProductRow, ProductWrite> = {
  schema: productRow,
  mapping: productMapping,
  changes: changesOfProducts,
  get: getProducts,
  match: (session, keys) => inTurn(keys, each => matchOne(session, each)),
  url: (session, id) => adminUrl(session, `products?q=${encodeURIComponent(id)}`),
  writer: productWriter,
}

async function matchOne(session: Session, { sku, gtin }: MatchKeys): Promise<readonly Candidate[]> {
  const found: Candidate[] = []
  if (sku)
    for (const { id } of await variantsHaving(session, 'sku', sku)) found.push({ id, by: `SKU ${sku}` })
  if (gtin)
    for (const field of ['ean', 'upc', 'barcode'] as const)
      for (const { id } of await variantsHaving(session, field, gtin)) found.push({ id, by: `GTIN ${gtin}` })
  return found
}
