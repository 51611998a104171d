import type { Candidate, Entity } from '@linchpin/connector'
import type { Mapping, MatchKeys } from '@linchpin/mapping'
import { z } from 'zod'
import { changesOf } from './changes.ts'
import type { Row } from './client.ts'
import { productWriter, type ProductWrite } from './product-writer.ts'
import { arrayOptions, figure, idOf, oneByOne, rowsOf, rowsSaying, snapshotOf, text, textIn } from './rows.ts'
import { pageUrl, type Session } from './session.ts'

const productRow = z.looseObject({
  id: figure,
  ref: z.string(),
  ref_ext: text,
  label: z.string(),
  description: text,
  barcode: text,
  /** 0 a product, 1 a service. */
  type: figure,
  /** Whether it is for sale. */
  status: figure,
  tva_tx: figure.optional(),
  weight: figure.optional(),
  /** 0 kilograms, -3 grams, 3 tons, -6 milligrams; 98 and 99 are ounces and pounds. */
  weight_units: figure.optional(),
  array_options: arrayOptions,
})
export type ProductRow = z.infer<typeof productRow>

const inKilograms = (unit: string, factor: string) =>
  ({
    when: {
      all: [{ is: ['weight_units', { constant: unit }] }, { greater: ['weight', { constant: '0' }] }],
    },
    then: { calculate: 'multiply', of: ['weight', { constant: factor }] },
  }) as const

const mapping: Mapping = {
  from: 'dolibarr.Product',
  to: 'Product',
  fields: {
    id: { format: 'text', of: 'id' },
    sku: 'ref',
    gtin: 'barcode',
    name: 'label',
    description: { format: 'plain', of: 'description' },
    kind: {
      when: { is: ['type', { constant: '1' }] },
      then: { constant: 'service' },
      else: { constant: 'goods' },
    },
    active: {
      when: { is: ['status', { constant: '1' }] },
      then: { constant: true },
      else: { constant: false },
    },
    weightKg: {
      first: [
        inKilograms('0', '1'),
        inKilograms('-3', '0.001'),
        inKilograms('3', '1000'),
        inKilograms('-6', '0.000001'),
      ],
    },
    taxRate: { format: 'decimal', of: 'tva_tx' },
  },
}

export const products: Entity<Session, 'Product', ProductRow, ProductWrite> = {
  schema: productRow,
  mapping,
  changes: (session, after, limit) =>
    changesOf<ProductRow>(session, [{ path: '/products' }], { after, limit, get: getProducts }),
  get: getProducts,
  match: matchProducts,
  url: (session, id) => pageUrl(session, `/product/card.php?id=${id}`),
  writer: productWriter(getProducts),
}

async function getProducts(session: Session, ids: readonly string[]) {
  const rows = await rowsOf(session, '/products', ids)
  return rows
    .filter(row => !isCharge(session, row['ref']))
    .map(row => snapshotOf(withoutStock(row) as unknown as ProductRow))
}

/** The services that we book charges and rounding on are no articles of anybody's. */
export function isCharge({ settings }: Session, ref: unknown): boolean {
  const { shipping, fee, rounding } = settings.services
  return [shipping, fee, rounding].includes(textIn(ref))
}

/** Each stock movement changes these, and they say nothing of the article. */
export const withoutStock = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !MOVED_BY_STOCK.has(name)))
const MOVED_BY_STOCK = new Set(['stock_reel', 'stock_theorique', 'stock_warehouse', 'pmp'])

export async function matchProducts(
  session: Session,
  keys: readonly MatchKeys[],
): Promise<readonly (readonly Candidate[])[]> {
  return oneByOne(keys, key => candidates(session, key))
}

async function candidates(session: Session, { sku, gtin }: MatchKeys): Promise<readonly Candidate[]> {
  const said = async (field: string, wanted: string | undefined, what: string) => {
    const rows = await rowsSaying(
      session,
      '/products',
      field,
      wanted ?? '',
      row => textIn(row[field]) === wanted && !isCharge(session, row['ref']),
    )
    return rows.map(row => ({ id: idOf(row), by: `${what} ${wanted}` }))
  }
  const bySku = await said('ref', sku, 'SKU')
  const byGtin = await said('barcode', gtin, 'bar code')
  return [...bySku, ...byGtin.filter(each => !bySku.some(other => other.id === each.id))]
}
