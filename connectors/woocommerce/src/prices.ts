import { Problem, type Entity, type Snapshot } from '@linchpin/connector'
import type { Expression } from '@linchpin/mapping'
import { compare, contentHash } from '@linchpin/model'
import { z } from 'zod'
import type { Session } from './client.ts'
import { present } from './party-mapping.ts'
import { changedSellables, readSellables } from './product-read.ts'
import { priceRow, priceRowOf, type PriceRow, type Sellable } from './product-row.ts'
import { matchBySku } from './products.ts'
import { sendToSellables } from './sellable-writer.ts'
import { shopOf } from './shop.ts'
import { gmtOf } from './wire.ts'

const priceWrite = z.object({
  /** The product: '12', or '10/12' for a variation. */
  product: z.string().optional(),
  currency: z.string().optional(),
  prices_include_tax: z.boolean().optional(),
  regular_price: z.string(),
  /** Empty for no sale. */
  sale_price: z.string(),
  /** Instants; empty for a sale that has begun, or does not end. */
  date_on_sale_from_gmt: z.string(),
  date_on_sale_to_gmt: z.string(),
})
export type PriceWrite = z.infer<typeof priceWrite>

const orEmpty = (path: string): Expression => ({ when: { has: path }, then: path, else: { constant: '' } })

/** The list price and one dated sale. WooCommerce begins and ends the sale itself. */
export const prices: Entity<Session, 'Price', PriceRow, PriceWrite> = {
  schema: priceRow,
  mapping: {
    from: 'woocommerce.Price',
    to: 'Price',
    fields: {
      id: 'record_id',
      product: 'record_id',
      sku: present('sku'),
      currency: 'currency',
      taxInclusive: { format: 'boolean', of: 'prices_include_tax' },
      list: { format: 'decimal', of: { first: ['regular_price', { constant: '0' }] } },
      sale: {
        when: { has: 'sale_price' },
        then: {
          object: {
            amount: { format: 'decimal', of: 'sale_price' },
            from: { format: 'instant', of: present('date_on_sale_from_gmt') },
            to: { format: 'instant', of: present('date_on_sale_to_gmt') },
          },
        },
      },
    },
  },
  changes: (session, after, limit) =>
    changedSellables(session, after, limit, sellable => rowOf(session, sellable), snapshot, isPriced),
  get: async (session, ids) => {
    const found: Snapshot<PriceRow>[] = []
    for (const sellable of (await readSellables(session, ids)).filter(isPriced))
      found.push(snapshot(await rowOf(session, sellable), sellable.id))
    return found
  },
  match: matchBySku,
  writer: {
    schema: priceWrite,
    mapping: {
      from: 'Price',
      to: 'woocommerce.Price',
      fields: {
        product: { link: 'Product', of: 'product', by: { sku: 'sku' } },
        currency: 'currency',
        prices_include_tax: 'taxInclusive',
        regular_price: 'list',
        sale_price: orEmpty('sale.amount'),
        date_on_sale_from_gmt: orEmpty('sale.from'),
        date_on_sale_to_gmt: orEmpty('sale.to'),
      },
    },
    batch: 100,
    repeat: 'safe',
    write: (session, writes) =>
      sendToSellables(session, writes, {
        productOf: row => row.product,
        fieldsOf: row => fieldsOf(session, row),
        versionOf: async sellable => contentHash(await rowOf(session, sellable)),
      }),
  },
}

async function fieldsOf(session: Session, row: PriceWrite): Promise<Record<string, unknown>> {
  const shop = await shopOf(session)
  if (row.currency !== undefined && row.currency !== shop.currency)
    throw new Problem('refused', `The price is in ${row.currency}, but the shop sells in ${shop.currency}.`)
  if (row.prices_include_tax !== undefined && row.prices_include_tax !== shop.pricesIncludeTax)
    throw new Problem(
      'refused',
      `The price is ${withTax(row.prices_include_tax)} tax, but the shop's prices are entered ${withTax(shop.pricesIncludeTax)} tax. Change one: WooCommerce → Settings → Tax.`,
    )
  // WooCommerce drops such a sale without a word, and answers 200.
  if (row.sale_price !== '' && compare(row.sale_price, row.regular_price) >= 0)
    throw new Problem(
      'refused',
      `The sale price ${row.sale_price} is not below the list price ${row.regular_price}, so the shop would drop it.`,
    )
  return {
    regular_price: row.regular_price,
    sale_price: row.sale_price,
    date_on_sale_from_gmt: row.date_on_sale_from_gmt && gmtOf(row.date_on_sale_from_gmt),
    date_on_sale_to_gmt: row.date_on_sale_to_gmt && gmtOf(row.date_on_sale_to_gmt),
  }
}

const withTax = (isInclusive: boolean) => (isInclusive ? 'with' : 'without')

async function rowOf(session: Session, sellable: Sellable): Promise<PriceRow> {
  return priceRowOf(sellable, await shopOf(session))
}

/** A product without a price is in the shop and cannot be bought. */
function isPriced({ raw }: Sellable): boolean {
  return raw.regular_price !== ''
}

function snapshot(row: PriceRow, id: string): Snapshot<PriceRow> {
  return { id, version: contentHash(row), row }
}
