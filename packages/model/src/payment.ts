import { z } from 'zod'
import { amount, currency, extra, id, instant } from './values.ts'

/** Money that came in, tied to the order or invoice that it pays. */
export const payment = z.object({
  id,
  number: z.string().optional(),
  order: id.optional(),
  invoice: id.optional(),
  account: id.optional(),
  method: z.string(),
  provider: z.string().optional(),
  /** The payment provider's own number. */
  reference: z.string().optional(),
  kind: z.enum(['payment', 'giftCard', 'storeCredit']),
  status: z.enum(['pending', 'authorized', 'captured', 'failed', 'voided']),
  amount,
  currency,
  at: instant.optional(),
  modifiedAt: instant.optional(),
  extra: extra.optional(),
})
export type Payment = z.infer<typeof payment>
