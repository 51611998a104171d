import type { Entity } from '@linchpin/connector'
import type { Fields, Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { thirdPartyRow } from './accounts.ts'
import { addressFields } from './addresses.ts'
import { changesOf } from './changes.ts'
import type { Row } from './client.ts'
import { chargesOf, lineShape, linesOf, lineTotals } from './document-lines.ts'
import { invoiceFile } from './invoice-file.ts'
import { readInvoices, type Kind } from './invoice-rows.ts'
import { arrayOptions, figure, text } from './rows.ts'
import { pageUrl, type Session } from './session.ts'

const invoiceRow = z.looseObject({
  id: figure,
  ref: z.string(),
  type: figure,
  /** 1 validated, 2 paid, 3 abandoned. */
  statut: figure,
  socid: figure,
  /** Midnight at the server, as `date` and `date_lim_reglement` are: the days that they mean there. */
  issued_on: text,
  due_on: text,
  date_modification: figure.optional(),
  ref_client: text,
  multicurrency_code: text,
  total_ht: figure,
  total_tva: figure,
  total_ttc: figure,
  remaintopay: figure.optional(),
  fk_facture_source: figure.optional(),
  last_main_doc: text,
  note_public: text,
  array_options: arrayOptions,
  lines: z.array(z.looseObject(lineShape)),
  /** The orders that it bills. */
  order_ids: z.array(z.string()),
  thirdparty: thirdPartyRow.nullable(),
})
export type InvoiceRow = z.infer<typeof invoiceRow>

function billing(sign: '+' | '-'): Fields {
  const open = { format: 'decimal', of: 'remaintopay' } as const
  return {
    id: { format: 'text', of: 'id' },
    number: 'ref',
    orders: 'order_ids',
    status: { lookup: 'status', of: 'statut', else: { constant: 'posted' } },
    issuedOn: 'issued_on',
    currency: { first: ['multicurrency_code', { constant: 'EUR' }] },
    taxInclusive: { constant: false },
    account: { format: 'text', of: 'socid' },
    buyerReference: 'ref_client',
    billingAddress: { when: { has: 'thirdparty.id' }, then: { object: addressFields('thirdparty') } },
    lines: linesOf('lines', sign),
    charges: chargesOf('lines', sign),
    totals: lineTotals('lines', 'total_ttc', sign),
    balance: sign === '-' ? { format: 'negate', of: open } : open,
    modifiedAt: { format: 'instant', of: 'date_modification' },
  }
}

const tables = { status: { '1': 'posted', '2': 'paid', '3': 'cancelled' } }
const invoiceMapping: Mapping = {
  from: 'dolibarr.Invoice',
  to: 'Invoice',
  tables,
  fields: { ...billing('+'), dueOn: 'due_on' },
}
const creditNoteMapping: Mapping = {
  from: 'dolibarr.CreditNote',
  to: 'CreditNote',
  tables,
  fields: {
    ...billing('-'),
    invoice: { when: { has: 'fk_facture_source' }, then: { format: 'text', of: 'fk_facture_source' } },
    reason: { format: 'plain', of: 'note_public' },
  },
}

export const invoices: Entity<Session, 'Invoice', InvoiceRow> = entity('invoice', invoiceMapping)
export const creditNotes: Entity<Session, 'CreditNote', InvoiceRow> = entity('credit note', creditNoteMapping)

function entity(kind: Kind, mapping: Mapping) {
  const get = (session: Session, ids: readonly string[]) => readInvoices(session, kind, ids)
  // 16 reads `!=` in a filter as `=`.
  const types = kind === 'credit note' ? '(t.type:=:2)' : '(t.type:in:0,1,3,4,5)'
  const source = { path: '/invoices', where: `(t.fk_statut:>:0) and ${types}` }
  return {
    schema: invoiceRow,
    mapping,
    changes: (session: Session, after: string | null, limit: number) =>
      changesOf<InvoiceRow & Row>(session, [source], { after, limit, get }),
    get,
    file: invoiceFile,
    url: (session: Session, id: string) => pageUrl(session, `/compta/facture/card.php?facid=${id}`),
  }
}
