import type { Fields } from '@linchpin/mapping'
import { z } from 'zod'
import { ofProduct, ofProductFields } from './product.ts'

const text = z.string()

/** A reduced price from one instant until another; either may be missing. */
const sale = z.object({ amount: text, from: text.optional(), to: text.optional() })

/** A price for a shop: what a product costs, and its sale. */
export const priceWrite = z.object({
  ...ofProduct,
  currency: text,
  taxInclusive: z.boolean(),
  list: text,
  sale: sale.optional(),
})
export const priceFields: Fields = {
  ...ofProductFields,
  currency: 'currency',
  taxInclusive: 'taxInclusive',
  list: 'list',
  sale: {
    when: { has: 'sale' },
    then: { object: { amount: 'sale.amount', from: 'sale.from', to: 'sale.to' } },
  },
}

/**
 * For a shop whose prices have no dates: whether the sale is on at an instant, and the instant (ms since 1970) at which
 * that changes; null when it stays.
 */
export function saleNow(
  { sale: given }: Pick<z.infer<typeof priceWrite>, 'sale'>,
  now: number,
): { isOn: boolean; again: number | null } {
  if (!given) return { isOn: false, again: null }
  const from = given.from === undefined ? -Infinity : Date.parse(given.from)
  const to = given.to === undefined ? Infinity : Date.parse(given.to)
  if (now >= to || to <= from) return { isOn: false, again: null }
  if (now < from) return { isOn: false, again: from }
  return { isOn: true, again: to === Infinity ? null : to }
}
