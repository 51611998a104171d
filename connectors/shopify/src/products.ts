import { inTurn, type Candidate, type Entity } from '@linchpin/connector'
import type { Mapping, MatchKeys } from '@linchpin/mapping'
import { adminPage } from './pages.ts'
import { changesOfProducts } from './product-changes.ts'
import { getProducts, productRow, type ProductRow } from './product-row.ts'
import { productWriter, type ProductWrite } from './product-writer.ts'
import type { Session } from './session.ts'
import { variantsHaving } from './variant-search.ts'

const productMapping: Mapping = {
  from: 'shopify.Product',
  to: 'Product',
  fields: {
    id: 'id',
    sku: 'sku',
    gtin: 'barcode',
    name: {
      when: { is: ['product.hasOnlyDefaultVariant', { constant: true }] },
      then: 'product.title',
      else: { template: '{product.title} - {title}' },
    },
    description: { format: 'plain', of: 'product.descriptionHtml' },
    kind: {
      when: { is: ['product.isGiftCard', { constant: true }] },
      then: { constant: 'giftCard' },
      else: {
        when: { is: ['inventoryItem.requiresShipping', { constant: true }] },
        then: { constant: 'goods' },
        else: { constant: 'service' },
      },
    },
    active: { lookup: { ACTIVE: true, UNLISTED: true }, of: 'product.status', else: { constant: false } },
    weightKg: {
      when: { has: 'inventoryItem.measurement.weight.unit' },
      then: {
        calculate: 'multiply',
        of: [
          'inventoryItem.measurement.weight.value',
          { lookup: 'kilograms', of: 'inventoryItem.measurement.weight.unit' },
        ],
        scale: 6,
      },
    },
    brand: 'product.vendor',
    categories: {
      when: { has: 'product.productType' },
      then: { each: { constant: ['type'] }, as: { value: '$.product.productType' } },
    },
    group: {
      when: { is: ['product.hasOnlyDefaultVariant', { constant: false }] },
      then: {
        object: {
          id: 'product.id',
          name: 'product.title',
          options: { each: 'selectedOptions', as: { name: 'name', value: 'value' } },
        },
      },
    },
    modifiedAt: { format: 'instant', of: 'updatedAt' },
    'extra.handle': 'product.handle',
    'extra.taxable': 'taxable',
    'extra.metafields': 'metafields.nodes',
  },
  tables: { kilograms: { KILOGRAMS: '1', GRAMS: '0.001', OUNCES: '0.028349523125', POUNDS: '0.45359237' } },
}

export const product: Entity<Session, 'Product', ProductRow, ProductWrite> = {
  schema: productRow,
  mapping: productMapping,
  changes: changesOfProducts,
  get: getProducts,
  match: (session, keys) => inTurn(keys, each => matchOne(session, each)),
  url: ({ settings }, id) => adminPage(settings.url, `variants/${encodeURIComponent(id)}`),
  writer: productWriter,
}

/** More than one variant may carry an SKU: Shopify does not keep them unique. */
async function matchOne(session: Session, { sku, gtin }: MatchKeys): Promise<readonly Candidate[]> {
  const found: Candidate[] = []
  if (sku)
    for (const { id } of await variantsHaving(session, 'sku', sku)) found.push({ id, by: `SKU ${sku}` })
  if (gtin)
    for (const { id } of await variantsHaving(session, 'barcode', gtin))
      found.push({ id, by: `GTIN ${gtin}` })
  return found
}
