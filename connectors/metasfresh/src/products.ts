import type { Cursor, Entity, Page, Snapshot } from '@linchpin/connector'
import { z } from 'zod'
import type { Session } from './client.ts'
import { decimalOf, figure, idText } from './fields.ts'
import { isOwnId } from './identifiers.ts'
import { changesIn, invoke, snapshotOf } from './process.ts'

/**
 * A product with its price and tax category on the price list that sells, from linchpin_products_json_v: the API's own
 * list (GET /material/products) knows neither price nor tax. See views/linchpin.sql.
 */
const raw = z.looseObject({
  Product_ID: z.int(),
  Value: z.string(),
  Name: z.string(),
  Description: z.string().nullish(),
  UPC: z.string().nullish(),
  UOM: z.string().nullish(),
  ProductType: z.string(),
  IsActive: z.boolean(),
  Updated: z.string(),
  TaxCategory: z.string().nullish(),
  Price: figure.nullish(),
  Currency: z.string().nullish(),
  IsTaxIncluded: z.boolean().nullish(),
})
const productRow = raw.extend({
  /** What the settings say of the tax category and the unit. */
  TaxRate: z.string().nullable(),
  Unit: z.string().nullable(),
})
type ProductRow = z.infer<typeof productRow>

function rowOf({ settings }: Session, row: z.infer<typeof raw>): ProductRow {
  const TaxRate = settings.taxCategories[row.TaxCategory ?? ''] ?? null
  return { ...row, TaxRate, Unit: settings.uoms[row.UOM ?? ''] ?? row.UOM ?? null }
}

/** What shipping, fees and a cent of rounding are booked on is no article of anybody's shop. */
function isForSale({ settings }: Session, row: ProductRow): boolean {
  const { freight, fees, rounding } = settings
  return ![...Object.values(freight), ...Object.values(fees), rounding].includes(row.Value)
}

/** Products of one kind: all, or those with a price. */
const reader = (keeps: (row: ProductRow) => boolean) => {
  const snapshots = (session: Session, rows: readonly z.infer<typeof raw>[]) =>
    rows
      .map(row => rowOf(session, row))
      .filter(row => isForSale(session, row) && keeps(row))
      .map(row => snapshotOf(String(row.Product_ID), row))
  return {
    changes: async (session: Session, after: Cursor | null, limit: number) => {
      const options = {
        shape: raw,
        overlapMs: session.settings.overlapMinutes * 60_000,
        snapshot: async (rows: readonly z.infer<typeof raw>[]) => snapshots(session, rows),
      }
      return (await changesIn(session, 'products', options, after, limit)) as Page<ProductRow>
    },
    get: async (session: Session, ids: readonly string[]): Promise<readonly Snapshot<ProductRow>[]> => {
      const found: z.infer<typeof raw>[] = []
      for (const id of ids.filter(isOwnId))
        found.push(...(await invoke(session, 'products', raw, { Product_ID: id })))
      return snapshots(session, found)
    },
  }
}

export const products: Entity<Session, 'Product', ProductRow> = {
  schema: productRow,
  mapping: {
    from: 'metasfresh.Product',
    to: 'Product',
    fields: {
      id: idText('Product_ID'),
      sku: 'Value',
      gtin: 'UPC',
      name: 'Name',
      description: 'Description',
      kind: { lookup: { I: 'goods' }, of: 'ProductType', else: { constant: 'service' } },
      active: 'IsActive',
      unit: 'Unit',
      taxRate: 'TaxRate',
      taxCategory: 'TaxCategory',
    },
  },
  ...reader(() => true),
  url: ({ settings }, id) => `${settings.url.replace(/\/*$/, '')}/window/140/${encodeURIComponent(id)}`,
}

export const prices: Entity<Session, 'Price', ProductRow> = {
  schema: productRow,
  mapping: {
    from: 'metasfresh.Price',
    to: 'Price',
    fields: {
      id: idText('Product_ID'),
      product: idText('Product_ID'),
      sku: 'Value',
      currency: 'Currency',
      taxInclusive: { first: ['IsTaxIncluded', { constant: false }] },
      unit: 'Unit',
      list: decimalOf('Price'),
    },
  },
  ...reader(row => row.Price != null && row.Currency != null),
}
