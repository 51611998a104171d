import { z } from 'zod'
import { fresh, merged, taxRates, type Books } from './books.ts'
import { list } from './lists.ts'
import { missing, wrong } from './refusal.ts'
import type { Routes } from './routes.ts'

const text = z.string()
const listInput = z.strictObject({
  title: text.optional(),
  description: text.optional(),
  type: text.optional(),
  status: text.optional(),
  starts_at: text.nullish(),
  ends_at: text.nullish(),
  rules: z.record(text, z.unknown()).optional(),
  metadata: z.record(text, z.unknown()).nullish(),
})
const price = z.object({
  id: text.optional(),
  variant_id: text,
  currency_code: text.optional(),
  amount: z.number().optional(),
  min_quantity: z.number().nullish(),
})
const batch = z.object({ create: z.array(price), update: z.array(price), delete: z.array(text) })

/** Price lists and tax rates. A second price of one variant in one list is taken without a word. */
export function pricingRoutes(books: Books): Routes {
  const { priceLists, listPrices, rules } = books
  return {
    'GET /price-lists': ({ query }) =>
      list(
        'price_lists',
        priceLists.all().map(row => ({ ...row })),
        query,
        { fields: ['id'] },
      ),
    'POST /price-lists': ({ body }) => {
      const { title, description, ...given } = listInput.parse(body)
      if (title === undefined || description === undefined)
        return wrong('Field title and description are required')
      const id = books.next('plist')
      const row = {
        ...fresh(books),
        id,
        title,
        description,
        type: given.type ?? 'sale',
        status: given.status ?? 'draft',
        starts_at: given.starts_at ?? null,
        ends_at: given.ends_at ?? null,
        rules: given.rules ?? {},
        metadata: merged(null, given.metadata),
      }
      return { price_list: priceLists.put(id, row) }
    },
    'POST /price-lists/:': ({ body, ids }) => {
      const there = priceLists.get(ids[0] ?? '') ?? missing('Price list', ids[0])
      const set = Object.fromEntries(
        Object.entries(listInput.parse(body)).filter(([, value]) => value !== undefined),
      )
      return { price_list: priceLists.put(there.id, { ...there, ...set, updated_at: books.stamp() }) }
    },
    'GET /price-lists/:/prices': ({ query, ids }) => {
      const rows = listPrices.having('list', ids[0] ?? '').map(row => ({
        ...row,
        price_set: { variant: books.variants.get(row.variant) ? { id: row.variant } : null },
      }))
      return list('prices', rows, query, { fields: [] })
    },
    'POST /price-lists/:/prices/batch': ({ body, ids }) => {
      const there = priceLists.get(ids[0] ?? '') ?? missing('Price list', ids[0])
      const { create, update, delete: gone } = batch.parse(body)
      for (const { variant_id: variant } of create)
        if (!books.variants.get(variant)) wrong(`Variants with IDs: ${variant} do not exist`)
      for (const each of create) {
        const id = books.next('price')
        const { variant_id: variant, currency_code = '', amount = 0, min_quantity = null } = each
        listPrices.put(id, { id, list: there.id, variant, currency_code, amount, min_quantity })
      }
      for (const { id = '', amount } of update) {
        const row = listPrices.get(id) ?? missing('Price', id)
        listPrices.put(id, { ...row, amount: amount ?? row.amount })
      }
      for (const id of gone) listPrices.remove(id)
      return { created: create, updated: update, deleted: { ids: gone } }
    },
    'GET /tax-rates': ({ query }) =>
      list(
        'tax_rates',
        taxRates.map(each => ({
          ...each,
          tax_region: { id: 'txreg_1', country_code: 'de', province_code: null },
          rules: rules.filter(({ rate }) => rate === each.id),
        })),
        query,
        { fields: [] },
      ),
    'POST /tax-rates/:/rules': ({ body, ids }) => {
      const rule = z.object({ reference: text, reference_id: text }).parse(body)
      const id = books.next('txrule')
      rules.put(id, { ...rule, id, rate: ids[0] ?? '' })
      return { tax_rate: { id: ids[0] } }
    },
    'DELETE /tax-rates/:/rules/:': ({ ids }) => {
      rules.remove(ids[1] ?? '')
      return { id: ids[1], object: 'tax_rate_rule', deleted: true }
    },
  }
}

export function rateFor({ rules }: Books, product: string): number {
  const rule = rules.find(each => each.reference === 'product' && each.reference_id === product)
  return taxRates.find(({ id, is_default }) => (rule ? id === rule.rate : is_default))?.rate ?? 0
}
