import type { Entity } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { changesOf, snapshotOf, type Source } from './changes.ts'
import { numbersOf, readRows, type Session } from './client.ts'
import { decimal, many2one, text } from './partners.ts'

const paymentRow = z.looseObject({
  id: z.number(),
  name: text,
  payment_type: z.string(),
  state: z.string(),
  partner_id: many2one,
  currency_id: many2one,
  journal_id: many2one,
  amount: decimal,
  date: text,
  write_date: text,
  /** The text of a payment: `ref` up to 17, `memo` since. */
  memo: text.optional(),
  ref: text.optional(),
  reconciled_invoice_ids: z.array(z.number()),
})
type PaymentRow = z.infer<typeof paymentRow>

const mapping: Mapping = {
  from: 'odoo.Payment',
  to: 'Payment',
  tables: {
    status: {
      draft: 'pending',
      posted: 'captured',
      in_process: 'captured',
      paid: 'captured',
      canceled: 'voided',
      cancel: 'voided',
      rejected: 'failed',
    },
  },
  fields: {
    id: { format: 'text', of: 'id' },
    number: 'name',
    invoice: {
      when: { has: 'reconciled_invoice_ids[0]' },
      then: { format: 'text', of: 'reconciled_invoice_ids[0]' },
    },
    account: { when: { has: 'partner_id[0]' }, then: { format: 'text', of: 'partner_id[0]' } },
    method: { first: ['journal_id[1]', { constant: 'bank' }] },
    reference: { first: ['memo', 'ref'] },
    kind: { constant: 'payment' },
    status: { lookup: 'status', of: 'state', else: { constant: 'pending' } },
    amount: 'amount',
    currency: 'currency_id[1]',
    at: { format: 'instant', of: 'date' },
    modifiedAt: { format: 'instant', of: 'write_date' },
  },
}

const sources: readonly Source[] = [{ model: 'account.payment', domain: [['payment_type', '=', 'inbound']] }]

export const payments: Entity<Session, 'Payment', PaymentRow> = {
  schema: paymentRow,
  mapping,
  changes: (session, after, limit) => changesOf(session, sources, { after, limit, rows: readPayments }),
  get: async (session, ids) => (await readPayments(session, numbersOf(ids))).map(snapshotOf),
}

const fields = [
  'name',
  'payment_type',
  'state',
  'partner_id',
  'currency_id',
  'journal_id',
  'amount',
  'date',
  'memo',
  'ref',
  'reconciled_invoice_ids',
  'write_date',
]

async function readPayments(session: Session, ids: readonly number[]): Promise<PaymentRow[]> {
  const rows = await readRows(session, 'account.payment', ids, fields)
  return rows.filter(row => row['payment_type'] === 'inbound') as unknown as PaymentRow[]
}
