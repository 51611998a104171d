import {
  Problem,
  shotNow,
  writeEach,
  type Entity,
  type Outcome,
  type Snapshot,
  type Write,
} from '@linchpin/connector'
import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import { changesOf } from './changes.ts'
import { idText, unitName } from './fields.ts'
import { companyOf } from './lookups.ts'
import { matchProducts, productSources } from './products.ts'
import { numbers, searchRead, type Session } from './session.ts'
import { wire } from './wire.ts'

/** A product's list price: net, in the company's currency, per unit of stock. The record's id is the product's. */
const priceRow = z.looseObject({
  id: z.int(),
  code: z.string().nullable(),
  list_price: z.string(),
  /** Of the company; a list price has none of its own. */
  currency: z.string(),
  default_uom: z.looseObject({ symbol: z.string() }),
  write_date: z.string().nullable(),
  create_date: z.string(),
})
type PriceRow = z.infer<typeof priceRow>

const priceWriteRow = z.looseObject({
  product: z.string().optional(),
  list_price: z.string().optional(),
  currency: z.string().optional(),
  tax_included: z.boolean().optional(),
})
type PriceWriteRow = z.infer<typeof priceWriteRow>

async function getPrices(session: Session, texts: readonly string[]): Promise<readonly Snapshot<PriceRow>[]> {
  const wanted = numbers(texts)
  if (wanted.length === 0) return []
  const { currency } = await companyOf(session)
  const fields = ['code', 'list_price', 'default_uom.symbol', 'write_date', 'create_date']
  const found = await searchRead(session, 'product.product', RAW, { where: [['id', 'in', wanted]], fields })
  return found.flatMap(raw => {
    if (raw.list_price === null) return []
    const row = priceRow.parse({ ...raw, currency })
    return [{ id: String(row.id), version: contentHash(row), row }]
  })
}

export const prices: Entity<Session, 'Price', PriceRow, PriceWriteRow> = {
  schema: priceRow,
  mapping: {
    from: 'tryton.Price',
    to: 'Price',
    fields: {
      id: idText('id'),
      product: idText('id'),
      sku: 'code',
      currency: 'currency',
      taxInclusive: { constant: false },
      unit: unitName('default_uom.symbol'),
      list: 'list_price',
      modifiedAt: { first: ['write_date', 'create_date'] },
    },
  },
  changes: changesOf({ sources: productSources, get: getPrices }),
  get: getPrices,
  match: matchProducts,
  writer: {
    schema: priceWriteRow,
    mapping: {
      from: 'Price',
      to: 'tryton.Price',
      fields: {
        product: { link: 'Product', of: 'product', by: { sku: 'sku' } },
        list_price: 'list',
        currency: 'currency',
        tax_included: 'taxInclusive',
      },
    },
    updatesOnly: true,
    repeat: 'safe',
    batch: 20,
    write: writePrices,
  },
}

function writePrices(session: Session, writes: readonly Write<PriceWriteRow>[]): Promise<readonly Outcome[]> {
  return writeEach(writes, session.io.signal, async ({ key, id, row }) => {
    const target = id ?? row.product ?? ''
    const fields = ['template', 'code', 'template.products']
    const where = [['id', 'in', numbers([target])]]
    const [there] = await searchRead(session, 'product.product', TEMPLATES, { where, fields })
    if (!there)
      throw new Problem('refused', `Tryton has no product with the id ${target}, so it cannot have a price.`)
    await check(session, there.code ?? target, row)
    if (row.list_price !== undefined)
      await session.client.call(z.unknown(), 'model.product.template.write', [
        [there.template.id],
        { list_price: wire.decimal(row.list_price) },
      ])
    const shot = await shotNow(session, target, getPrices)
    return { key, is: 'applied', id: target, version: shot?.version ?? null }
  })
}

async function check(session: Session, name: string, row: PriceWriteRow): Promise<void> {
  const { currency } = await companyOf(session)
  if (row.currency !== undefined && row.currency !== currency)
    throw new Problem(
      'refused',
      `The price of ${name} is in ${row.currency}, and list prices in Tryton are in ${currency}.`,
    )
  if (row.tax_included === true)
    throw new Problem(
      'refused',
      `The price of ${name} includes tax, and list prices in Tryton do not. Send net prices.`,
    )
}

const RAW = z.array(z.looseObject({ id: z.int(), list_price: z.string().nullable() }))
const TEMPLATES = z.array(
  z.looseObject({
    id: z.int(),
    code: z.string().nullable(),
    template: z.looseObject({ id: z.int(), products: z.array(z.int()) }),
  }),
)
