import { z } from 'zod'
import { address } from './party.ts'
import { decimal, extra, id, instant, unit } from './values.ts'

/** One parcel number that a customer can follow. */
export const tracking = z.object({
  number: z.string(),
  carrier: z.string().optional(),
  url: z.string().optional(),
})
export type Tracking = z.infer<typeof tracking>

/** What left, or is about to leave, for one order (UBL DespatchAdvice; the shops say Shipment). */
export const shipment = z.object({
  id,
  number: z.string(),
  order: id,
  status: z.enum(['planned', 'ready', 'shipped', 'delivered', 'cancelled']),
  shippedAt: instant.optional(),
  deliveredAt: instant.optional(),
  carrier: z.string().optional(),
  tracking: z.array(tracking),
  /** Which of the order's deliveries this is part of. */
  delivery: id.optional(),
  deliveryAddress: address.optional(),
  lines: z.array(
    z.object({
      id,
      product: id.optional(),
      sku: z.string().optional(),
      name: z.string().optional(),
      orderLine: id.optional(),
      quantity: decimal,
      unit: unit.optional(),
    }),
  ),
  modifiedAt: instant.optional(),
  extra: extra.optional(),
})
export type Shipment = z.infer<typeof shipment>
