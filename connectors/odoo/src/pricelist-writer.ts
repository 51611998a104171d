import { Problem, type Outcome, type Write, type Writer } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { amount, decimal, instant } from '@linchpin/model'
import { z } from 'zod'
import { odooTime, versionOf } from './changes.ts'
import { call, needNumber, searchRead, type Session } from './client.ts'
import { readPricelists, type PriceListRow } from './pricelists.ts'
import { idOfKey, upsert, writeEach } from './writing.ts'

const priceListWrite = z.object({
  name: z.string().min(1).optional(),
  currency: z.string().optional(),
  active: z.boolean().optional(),
  items: z
    .array(
      z.object({
        product_id: z.string(),
        min_quantity: decimal.optional(),
        amount,
        from: instant.optional(),
        to: instant.optional(),
      }),
    )
    .optional(),
})
export type PriceListWrite = z.infer<typeof priceListWrite>

const mapping: Mapping = {
  from: 'PriceList',
  to: 'odoo.PriceList',
  fields: {
    name: 'name',
    currency: 'currency',
    active: 'active',
    items: {
      each: 'items',
      as: {
        product_id: { link: 'Product', of: 'product', by: { sku: 'sku' } },
        min_quantity: 'minimumQuantity',
        amount: 'amount',
        from: 'from',
        to: 'to',
      },
    },
  },
}

export const pricelistWriter: Writer<Session, PriceListWrite> = {
  schema: priceListWrite,
  mapping,
  batch: 5,
  repeat: 'safe',
  write: (session, writes) => writeEach(session, writes, writePricelist),
}

async function writePricelist(session: Session, { key, id, row }: Write<PriceListWrite>): Promise<Outcome> {
  const known = id === null ? await idOfKey(session, 'product.pricelist', key) : needNumber(id, 'Price list')
  const [there] = known === null ? [] : await readPricelists(session, [known])
  if (!there && id !== null)
    throw new Problem('refused', `Pricelist ${id} is no longer in Odoo. Someone deleted it there.`)
  const target = there?.id ?? (await create(session, key, row))
  const vals = { ...header(row), ...items(there, row) }
  if (Object.keys(vals).length > 0)
    await call(session, 'product.pricelist', 'write', { ids: [target], args: { vals } })
  const [now] = await readPricelists(session, [target])
  return { key, is: 'applied', id: String(target), version: now ? versionOf(now) : null }
}

async function create(session: Session, key: string, { name, currency }: PriceListWrite): Promise<number> {
  if (name === undefined) throw new Problem('refused', 'A pricelist needs a name in Odoo.')
  return upsert(session, 'product.pricelist', key, {
    name,
    ...(currency !== undefined && { currency_id: await currencyId(session, currency) }),
  })
}

async function currencyId(session: Session, currency: string): Promise<number> {
  const [row] = await searchRead(session, 'res.currency', {
    domain: [['name', '=', currency]],
    fields: ['name'],
  })
  if (row) return row.id
  throw new Problem('refused', `Odoo does not use ${currency}. Activate the currency there, then try again.`)
}

function header({ name, active }: PriceListWrite): Record<string, unknown> {
  return { ...(name !== undefined && { name }), ...(active !== undefined && { active }) }
}

/** All items at once, in one transaction; nothing when they are there already. */
function items(there: PriceListRow | undefined, { items: wanted }: PriceListWrite): Record<string, unknown> {
  if (wanted === undefined) return {}
  const lines = wanted.map(item => ({
    applied_on: '0_product_variant',
    product_id: needNumber(item.product_id, 'Product'),
    compute_price: 'fixed',
    fixed_price: Number(item.amount),
    min_quantity: Number(item.min_quantity ?? 0),
    date_start: item.from === undefined ? false : odooTime(item.from),
    date_end: item.to === undefined ? false : odooTime(item.to),
  }))
  const texts = lines.map(line =>
    [line.product_id, line.fixed_price, line.min_quantity, line.date_start, line.date_end].join(),
  )
  const present = there?.item_ids.map(each =>
    [
      each.product,
      Number(each.amount),
      Number(each.min_quantity),
      each.date_start ?? false,
      each.date_end ?? false,
    ].join(),
  )
  if (present && String(present.toSorted()) === String(texts.toSorted())) return {}
  return { item_ids: [[5, 0, 0], ...lines.map(line => [0, 0, line])] }
}
