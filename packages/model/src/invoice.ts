import { z } from 'zod'
import { charge, documentDiscount, documentLine, presentment, totals } from './order.ts'
import { address } from './party.ts'
import { amount, currency, day, extra, id, instant } from './values.ts'

/** A file that belongs to a record: the PDF of an invoice, say (UBL AttachedDocument). */
export const document = z.object({
  id,
  name: z.string(),
  mediaType: z.string(),
  /** The record that it belongs to. */
  of: z.object({ entity: z.string(), id }).optional(),
  sizeBytes: z.int().nonnegative().optional(),
  sha256: z.string().optional(),
  /** Where its reader can fetch it. Linchpin fills this in when it serves the file itself. */
  url: z.string().optional(),
  modifiedAt: instant.optional(),
})
export type Document = z.infer<typeof document>

const billing = {
  id,
  number: z.string(),
  orders: z.array(id),
  status: z.enum(['draft', 'posted', 'paid', 'cancelled']),
  issuedOn: day.optional(),
  currency,
  presentment: presentment.optional(),
  taxInclusive: z.boolean(),
  account: id.optional(),
  buyerReference: z.string().optional(),
  paymentTerms: z.string().optional(),
  billingAddress: address.optional(),
  lines: z.array(documentLine),
  charges: z.array(charge),
  discounts: z.array(documentDiscount).optional(),
  totals,
  /** What is still to be paid. */
  balance: amount.optional(),
  document: document.optional(),
  modifiedAt: instant.optional(),
  extra: extra.optional(),
}

/** UBL Invoice, type code 380. */
export const invoice = z.object({ ...billing, dueOn: day.optional() })
export type Invoice = z.infer<typeof invoice>

/** UBL CreditNote, type code 381. Its amounts are positive: they are what is given back. */
export const creditNote = z.object({ ...billing, invoice: id.optional(), reason: z.string().optional() })
export type CreditNote = z.infer<typeof creditNote>
