import { z } from 'zod'
import { tracking } from './shipment.ts'
import { amount, currency, decimal, extra, id, instant } from './values.ts'

/** Leave to send goods back, and what became of them. */
export const returnAuthorization = z.object({
  id,
  number: z.string(),
  order: id,
  account: id.optional(),
  status: z.enum(['requested', 'approved', 'declined', 'received', 'closed', 'cancelled']),
  resolution: z.enum(['refund', 'exchange', 'repair', 'none']).optional(),
  lines: z.array(
    z.object({
      id,
      orderLine: id.optional(),
      product: id.optional(),
      sku: z.string().optional(),
      quantity: decimal,
      received: decimal.optional(),
      reason: z.string().optional(),
      restock: z.boolean().optional(),
      location: id.optional(),
    }),
  ),
  /** Parcels on their way back. */
  tracking: z.array(tracking).optional(),
  /** The order that replaces what came back. */
  exchangeOrder: id.optional(),
  at: instant.optional(),
  modifiedAt: instant.optional(),
  extra: extra.optional(),
})
export type ReturnAuthorization = z.infer<typeof returnAuthorization>

/** Money that went back. It exists apart from the return: goods may come back unpaid, money without goods. */
export const refund = z.object({
  id,
  number: z.string().optional(),
  order: id,
  payment: id.optional(),
  creditNote: id.optional(),
  returnAuthorization: id.optional(),
  status: z.enum(['pending', 'settled', 'failed']),
  amount,
  currency,
  reason: z.string().optional(),
  lines: z
    .array(
      z.object({
        orderLine: id.optional(),
        product: id.optional(),
        sku: z.string().optional(),
        quantity: decimal,
        amount,
        /** How much of `amount` is tax. */
        tax: amount.optional(),
        restock: z.boolean().optional(),
      }),
    )
    .optional(),
  /** Shipping and fees that were given back. */
  charges: z
    .array(z.object({ charge: id.optional(), name: z.string().optional(), amount, tax: amount.optional() }))
    .optional(),
  at: instant.optional(),
  modifiedAt: instant.optional(),
  extra: extra.optional(),
})
export type Refund = z.infer<typeof refund>
