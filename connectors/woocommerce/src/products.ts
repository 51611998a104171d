import type { Candidate, Entity, Snapshot } from '@linchpin/connector'
import type { Mapping, MatchKeys } from '@linchpin/mapping'
import { contentHash } from '@linchpin/model'
import { list, type Session } from './client.ts'
import { inChunks } from './ids.ts'
import { present } from './party-mapping.ts'
import { changedSellables, readSellables } from './product-read.ts'
import { productRow, productRowOf, type ProductRow, type RawProduct, type Sellable } from './product-row.ts'
import { productWriter, type ProductWrite } from './product-writer.ts'
import { shopOf } from './shop.ts'
import { toKilograms } from './weight.ts'

const mapping: Mapping = {
  from: 'woocommerce.Product',
  to: 'Product',
  fields: {
    id: 'record_id',
    sku: present('sku'),
    gtin: present('global_unique_id'),
    // A variation is called 'Red, L'; people search for the shirt.
    name: {
      when: { has: 'parent' },
      then: {
        template: '{parent.name}: {name}',
      },
      else: { first: ['name', 'sku', { constant: '?' }] },
    },
    description: { first: ['description', 'short_description', 'parent.description'] },
    kind: {
      when: { is: ['virtual', { constant: true }] },
      then: { constant: 'service' },
      else: { constant: 'goods' },
    },
    active: {
      when: {
        all: [
          { is: ['status', { constant: 'publish' }] },
          { any: [{ not: { has: 'parent' } }, { is: ['parent.status', { constant: 'publish' }] }] },
        ],
      },
      then: { constant: true },
      else: { constant: false },
    },
    weightKg: present('weight_kg'),
    taxCategory: { first: ['tax_class', { constant: 'standard' }] },
    categories: { each: { first: ['parent.categories', 'categories'] }, as: { value: 'name' } },
    group: {
      when: { has: 'parent' },
      then: {
        object: {
          id: { format: 'text', of: 'parent.id' },
          name: 'parent.name',
          options: { each: 'attributes', where: { has: 'option' }, as: { name: 'name', value: 'option' } },
        },
      },
    },
    modifiedAt: { format: 'instant', of: 'date_modified_gmt' },
  },
}

export const products: Entity<Session, 'Product', ProductRow, ProductWrite> = {
  schema: productRow,
  mapping,
  changes: (session, after, limit) =>
    changedSellables(session, after, limit, sellable => rowOf(session, sellable), snapshot),
  get: async (session, ids) => {
    const rows: Snapshot<ProductRow>[] = []
    for (const sellable of await readSellables(session, ids)) rows.push(await snapshotOf(session, sellable))
    return rows
  },
  match: matchBySku,
  url: ({ settings }, id) =>
    `${settings.url.replace(/\/+$/, '')}/wp-admin/post.php?post=${encodeURIComponent(id.split('/')[0] ?? '')}&action=edit`,
  writer: productWriter,
}

export async function snapshotOf(session: Session, sellable: Sellable): Promise<Snapshot<ProductRow>> {
  return snapshot(await rowOf(session, sellable), sellable.id)
}

async function rowOf(session: Session, sellable: Sellable): Promise<ProductRow> {
  const { weightUnit } = await shopOf(session)
  return productRowOf(sellable, toKilograms(sellable.raw.weight, weightUnit))
}

function snapshot(row: ProductRow, id: string): Snapshot<ProductRow> {
  return { id, version: contentHash(row), row }
}

/** `sku` takes several, separated by commas, and compares without regard to case; we compare exactly. */
export async function matchBySku(session: Session, keys: readonly MatchKeys[]): Promise<Candidate[][]> {
  const skus = keys.flatMap(({ sku }) => (sku ? [sku] : []))
  const found = await findBySku(session, skus)
  return keys.map(({ sku }) =>
    sku ? found.filter(each => each.sku === sku).map(each => ({ id: each.id, by: `SKU ${sku}` })) : [],
  )
}

export async function findBySku(session: Session, skus: readonly string[]) {
  const found: { id: string; sku: string; raw: RawProduct }[] = []
  for (const chunk of inChunks([...new Set(skus)], 50))
    for (const raw of await list<RawProduct>(session, '/products', { sku: chunk.join(','), per_page: 100 }))
      if (raw.type !== 'variable')
        found.push({ id: raw.parent_id ? `${raw.parent_id}/${raw.id}` : String(raw.id), sku: raw.sku, raw })
  return found
}
