import { Problem, type Outcome, type Write, type Writer } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { amount, decimal, instant } from '@linchpin/model'
import { z } from 'zod'
import { odooTime, versionOf } from './changes.ts'
import { call, needNumber, searchRead, type Session } from './client.ts'
import { removeItems } from './pricelist-items.ts'
import { readPrices, type PriceRow } from './prices.ts'
import { nameOfKey, upsert, writeEach, type Values } from './writing.ts'

const period = { from: instant.optional(), to: instant.optional() }
const priceWrite = z.object({
  product_id: z.string(),
  lst_price: amount,
  currency: z.string().optional(),
  tax_included: z.boolean().optional(),
  sale: z.object({ amount, ...period }).optional(),
  breaks: z.array(z.object({ minimumQuantity: decimal, amount, ...period })).optional(),
})
export type PriceWrite = z.infer<typeof priceWrite>

const mapping: Mapping = {
  from: 'Price',
  to: 'odoo.Price',
  fields: {
    product_id: { link: 'Product', of: 'product', by: { sku: 'sku' } },
    lst_price: 'list',
    currency: 'currency',
    tax_included: 'taxInclusive',
    sale: 'sale',
    breaks: 'breaks',
  },
}

export const priceWriter: Writer<Session, PriceWrite> = {
  schema: priceWrite,
  mapping,
  batch: 20,
  // A price is a product's: writing it twice is writing it once.
  repeat: 'safe',
  write: (session, writes) => writeEach(session, writes, writePrice),
}

async function writePrice(session: Session, { key, id: known, row }: Write<PriceWrite>): Promise<Outcome> {
  const id = needNumber(known ?? row.product_id, 'Product')
  const [there] = await readPrices(session, [id])
  if (!there) throw new Problem('refused', `Product ${id} is no longer in Odoo, so it cannot have a price.`)
  checkBasis(there, row)
  if (Number(there.lst_price) !== Number(row.lst_price))
    await call(session, 'product.product', 'write', {
      ids: [id],
      args: { vals: { lst_price: Number(row.lst_price) } },
    })
  const rest = await writeItems(session, there, row)
  const [now] = await readPrices(session, [id])
  return { key, is: 'applied', id: String(id), version: now ? versionOf(now) : null, ...(rest && { rest }) }
}

function checkBasis(there: PriceRow, row: PriceWrite): void {
  const name = there.default_code ?? there.id
  const currency = there.currency_id?.[1]
  if (row.currency !== undefined && row.currency !== currency)
    throw new Problem(
      'refused',
      `The price of ${name} is in ${row.currency}, and Odoo keeps it in ${currency}.`,
    )
  if (row.tax_included !== undefined && row.tax_included !== there.price_include)
    throw new Problem(
      'refused',
      `The price of ${name} is ${row.tax_included ? 'gross' : 'net'}, and Odoo's tax of it says otherwise. Let the flow convert it, or change the tax there.`,
    )
}

/** Sale and breaks are items of the configured pricelist, one each under a key of ours; ours that are left over go. */
async function writeItems(session: Session, there: PriceRow, row: PriceWrite): Promise<Problem | null> {
  const { pricelist } = session.settings
  const wanted = [...(row.sale ? [{ ...row.sale, minimumQuantity: '0' }] : []), ...(row.breaks ?? [])]
  if (pricelist === undefined)
    return wanted.length === 0
      ? null
      : new Problem(
          'refused',
          'Sale prices and quantity breaks need a pricelist: name one in the settings of this connection.',
        )
  const kept: number[] = []
  for (const each of wanted) {
    const values: Values = {
      pricelist_id: pricelist,
      applied_on: '0_product_variant',
      product_id: there.id,
      compute_price: 'fixed',
      fixed_price: each.amount,
      min_quantity: each.minimumQuantity,
      date_start: each.from === undefined ? '' : odooTime(each.from),
      date_end: each.to === undefined ? '' : odooTime(each.to),
    }
    const key = `${prefix(pricelist, there.id)}${each.minimumQuantity}/${each.from ?? ''}`
    kept.push(await upsert(session, 'product.pricelist.item', key, values))
  }
  await removeItems(session, await leftOver(session, pricelist, there.id, kept))
  return null
}

const prefix = (pricelist: number, product: number) => `price/${pricelist}/${product}/`

async function leftOver(
  session: Session,
  pricelist: number,
  product: number,
  kept: readonly number[],
): Promise<number[]> {
  // Without its hash, the name of a key of this product begins like those of all its items.
  const start = nameOfKey(prefix(pricelist, product)).replace(/_[0-9a-f]{12}$/, '')
  const data = await searchRead(session, 'ir.model.data', {
    domain: [
      ['module', '=', '__linchpin__'],
      ['model', '=', 'product.pricelist.item'],
      ['name', '=like', `${start.replaceAll('_', '\\_')}%`],
      ['res_id', 'not in', kept],
    ],
    fields: ['res_id'],
  })
  return data.map(row => row['res_id'] as number)
}
