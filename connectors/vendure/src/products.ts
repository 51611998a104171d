import { inTurn, type Candidate, type Entity } from '@linchpin/connector'
import type { Mapping, MatchKeys } from '@linchpin/mapping'
import { dashboardUrl } from './pages.ts'
import { changesOfProducts } from './product-changes.ts'
import { getProducts, productRow, productVariants, type ProductRow } from './product-row.ts'
import { productWriter, type ProductWrite } from './product-writer.ts'
import type { Session } from './session.ts'
import { listVariants } from './variants.ts'

const productMapping: Mapping = {
  from: 'vendure.Product',
  to: 'Product',
  fields: {
    id: 'id',
    sku: 'sku',
    gtin: 'gtin',
    name: 'name',
    description: 'product.description',
    kind: { constant: 'goods' },
    active: {
      when: {
        all: [{ is: ['enabled', { constant: true }] }, { is: ['product.enabled', { constant: true }] }],
      },
      then: { constant: true },
      else: { constant: false },
    },
    taxRate: { format: 'decimal', of: 'taxRateApplied.value' },
    taxCategory: 'taxCategory.name',
    group: {
      when: { has: 'options' },
      then: {
        object: {
          id: 'product.id',
          name: 'product.name',
          options: { each: 'options', as: { name: 'group.name', value: 'name' } },
        },
      },
    },
    modifiedAt: { format: 'instant', of: 'updatedAt' },
    'extra.slug': 'product.slug',
    'extra.customFields': 'customFields',
  },
}

export const product: Entity<Session, 'Product', ProductRow, ProductWrite> = {
  schema: productRow,
  mapping: productMapping,
  changes: changesOfProducts,
  get: getProducts,
  match: (session, keys) => inTurn(keys, each => matchOne(session, each)),
  url: ({ settings }, id) => dashboardUrl(settings.url, `product-variants/${encodeURIComponent(id)}`),
  writer: productWriter,
}

/** More than one variant may carry an SKU: Vendure does not keep them unique. */
async function matchOne(session: Session, { sku, gtin }: MatchKeys): Promise<readonly Candidate[]> {
  const found: Candidate[] = []
  if (sku) for (const row of await having(session, 'sku', sku)) found.push({ id: row.id, by: `SKU ${sku}` })
  const field = session.settings.customFields.gtin
  if (gtin && (await session.facts()).customFields('ProductVariant').includes(field))
    for (const row of await having(session, field, gtin)) found.push({ id: row.id, by: `GTIN ${gtin}` })
  return found
}

async function having(session: Session, field: string, value: string): Promise<readonly ProductRow[]> {
  const rows = await listVariants(session, productVariants, { filter: { [field]: { eq: value } }, take: 10 })
  // On MySQL `eq` ignores case.
  return rows.filter(row => (field === 'sku' ? row.sku : row.gtin) === value)
}
