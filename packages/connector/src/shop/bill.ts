import type { Fields } from '@linchpin/mapping'
import { z } from 'zod'
import { Problem } from '../problem.ts'

const text = z.string()

/** What a customer is told of an invoice or a credit note, for a shop that has none of its own. */
export const billWrite = z.object({
  orders: z.array(text).min(1),
  number: text.min(1),
  status: z.enum(['draft', 'posted', 'paid', 'cancelled']),
  payable: text,
  currency: text,
  issuedOn: text.optional(),
  /** Where the customer gets the PDF. */
  url: text.optional(),
})
export const billFields: Fields = {
  orders: { each: 'orders', as: { value: { link: 'SalesOrder', of: '.' } } },
  number: 'number',
  status: 'status',
  payable: 'totals.payable',
  currency: 'currency',
  issuedOn: 'issuedOn',
  url: 'document.url',
}

/** Throws a refusal of what no customer may see, or of which an order is not at the shop. `title` is 'Invoice'. */
export function checkBill(
  { number, status, orders }: Pick<z.infer<typeof billWrite>, 'number' | 'status' | 'orders'>,
  there: readonly { readonly id: string }[],
  { title, shop }: { readonly title: string; readonly shop: string },
): void {
  if (status === 'draft')
    throw new Problem('refused', `${title} ${number} is a draft; customers are shown posted ones only.`)
  const missing = orders.find(order => !there.some(({ id }) => id === order))
  if (missing === undefined) return
  throw new Problem('refused', `Order ${missing} of ${title.toLowerCase()} ${number} is not in ${shop}.`)
}
