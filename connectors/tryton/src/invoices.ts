import { Problem, type Entity, type File, type Snapshot } from '@linchpin/connector'
import type { Fields } from '@linchpin/mapping'
import { absolute, contentHash, negate } from '@linchpin/model'
import { z } from 'zod'
import { changesOf, type Source } from './changes.ts'
import { address, addressFields, addressIn, idText, named, relation } from './fields.ts'
import {
  billed,
  billedLine,
  chargeFields,
  isCharge,
  isItem,
  itemFields,
  lineFields,
  rawLine,
  totalsFields,
} from './lines.ts'
import { numbers, remembered, searchRead, type Session } from './session.ts'
import { wire } from './wire.ts'

/** A customer invoice, once it is posted. Tryton has no credit notes: they are invoices with a negative total. */
const invoiceRow = z.looseObject({
  id: z.int(),
  number: z.string(),
  reference: z.string().nullable(),
  state: z.enum(['posted', 'paid', 'cancelled']),
  invoice_date: z.string().nullable(),
  due_date: z.string().nullable(),
  party: relation,
  currency: z.looseObject({ code: z.string() }),
  invoice_address: address.nullable(),
  payment_term: named.nullable(),
  untaxed_amount: z.string(),
  tax_amount: z.string(),
  total_amount: z.string(),
  rounding_amount: z.string(),
  net_amount: z.string(),
  amount_to_pay: z.string(),
  sales: z.array(z.int()),
  lines: z.array(billedLine.extend({ sale_line: z.string().nullable() })),
  write_date: z.string().nullable(),
  create_date: z.string(),
})
type InvoiceRow = z.infer<typeof invoiceRow>

const FIELDS = [
  ...'number reference description state invoice_date party.name currency.code write_date create_date'.split(
    ' ',
  ),
  ...'untaxed_amount tax_amount total_amount amount_to_pay sales payment_term.name'.split(' '),
  ...'lines_to_pay.maturity_date taxes.amount taxes.tax'.split(' '),
  ...addressFields('invoice_address'),
  ...lineFields,
  'lines.origin',
]

type Kind = 'Invoice' | 'CreditNote'
const issued = (kind: Kind) => [
  ['type', '=', 'out'],
  ['state', 'in', ['posted', 'paid', 'cancelled']],
  ['number', '!=', null],
  ['total_amount', kind === 'Invoice' ? '>=' : '<', wire.decimal('0')],
]

function getter(kind: Kind) {
  return async (session: Session, texts: readonly string[]): Promise<readonly Snapshot<InvoiceRow>[]> => {
    const wanted = numbers(texts)
    if (wanted.length === 0) return []
    const { company } = await session.client.context()
    const fields = [...FIELDS, ...(session.settings.fields[kind] ?? [])]
    const where = [['id', 'in', wanted], ['company', '=', company], ...issued(kind)]
    const found = await searchRead(session, 'account.invoice', RAW, { where, fields })
    return found.map(raw => {
      const row = invoiceRow.parse(kind === 'Invoice' ? rowOf(session, raw) : turned(rowOf(session, raw)))
      return { id: String(row.id), version: contentHash(row), row }
    })
  }
}

function rowOf(session: Session, raw: z.infer<typeof RAW>[number]) {
  // Here Tryton tells the tax of each rate, so nothing is computed again.
  const taxes = raw.taxes.map(({ tax, amount }) => ({ tax: tax ?? 0, amount }))
  const days = raw.lines_to_pay.flatMap(line => line.maturity_date ?? [])
  const whole = billed(session, raw, taxes)
  const lines = whole.lines.map(line => ({
    ...line,
    sale_line: saleLineOf('origin' in line ? line.origin : null),
  }))
  return { ...raw, ...whole, lines, due_date: days.toSorted().at(-1) ?? null }
}

const saleLineOf = (origin: unknown) => /^sale\.line,(\d+)$/.exec(String(origin))?.[1] ?? null

/** A credit note's amounts are what is given back: positive. */
function turned(row: ReturnType<typeof rowOf>) {
  const turn = (amount: string) => negate(amount)
  const lines = row.lines.map(line => ({
    ...line,
    quantity: line.quantity === null ? null : -line.quantity,
    amount: turn(line.amount),
    tax_amount: turn(line.tax_amount),
    gross_amount: turn(line.gross_amount),
    tax_list: line.tax_list.map(tax => ({ ...tax, amount: turn(tax.amount) })),
  }))
  return {
    ...row,
    lines,
    untaxed_amount: turn(row.untaxed_amount),
    tax_amount: turn(row.tax_amount),
    total_amount: turn(row.total_amount),
    rounding_amount: turn(row.rounding_amount),
    net_amount: turn(row.net_amount),
    amount_to_pay: absolute(row.amount_to_pay),
  }
}

const fields: Fields = {
  id: idText('id'),
  number: 'number',
  orders: { each: 'sales', as: { value: { format: 'text', of: '.' } } },
  status: 'state',
  issuedOn: 'invoice_date',
  currency: 'currency.code',
  taxInclusive: { constant: false },
  account: idText('party.id'),
  buyerReference: 'reference',
  paymentTerms: 'payment_term.name',
  billingAddress: addressIn('invoice_address'),
  lines: { each: 'lines', where: isItem, as: { ...itemFields, orderLine: 'sale_line' } },
  charges: { each: 'lines', where: isCharge, as: chargeFields },
  totals: totalsFields,
  balance: 'amount_to_pay',
  modifiedAt: { first: ['write_date', 'create_date'] },
}

const ofInvoice = (kind: Kind): readonly [Source, ...Source[]] => [
  { model: 'account.invoice', where: issued(kind) },
]

function entityOf(kind: Kind) {
  const get = getter(kind)
  return {
    schema: invoiceRow,
    changes: changesOf({ sources: ofInvoice(kind), get }),
    get,
    file: invoiceFile,
    url: invoiceUrl,
  }
}

export const invoices: Entity<Session, 'Invoice', InvoiceRow> = {
  ...entityOf('Invoice'),
  mapping: { from: 'tryton.Invoice', to: 'Invoice', fields: { ...fields, dueOn: 'due_date' } },
}

export const creditNotes: Entity<Session, 'CreditNote', InvoiceRow> = {
  ...entityOf('CreditNote'),
  mapping: { from: 'tryton.CreditNote', to: 'CreditNote', fields },
}

/**
 * What Tryton prints. Its template makes an OpenDocument text; a PDF comes when the report's extension says so and
 * LibreOffice is on the server. A posted invoice keeps its first rendering for ever, in the format of that day.
 */
async function invoiceFile(session: Session, id: string): Promise<File | null> {
  const [invoice] = numbers([id])
  const there = [
    ['id', 'in', numbers([id])],
    ['state', 'in', ['posted', 'paid']],
  ]
  const [found] = await searchRead(session, 'account.invoice', FOUND, { where: there, fields: ['number'] })
  if (invoice === undefined || !found) return null
  const data = { model: 'account.invoice', id: invoice, ids: [invoice], action_id: await reportId(session) }
  const [extension, bytes] = await session.client.ask(REPORT, 'report.account.invoice.execute', [
    [invoice],
    data,
  ])
  const name = `Invoice-${found.number ?? id}.${extension}`.replace(/[/\\]/g, '-')
  return { name, mediaType: MEDIA_TYPES[extension] ?? 'application/octet-stream', bytes }
}

function reportId(session: Session): Promise<number> {
  return remembered(session, 'invoice report', async () => {
    const where = [
      ['report_name', '=', 'account.invoice'],
      ['active', '=', true],
    ]
    const [report] = await searchRead(session, 'ir.action.report', FOUND, { where, fields: ['name'] })
    if (!report)
      throw new Problem('settings', 'Tryton has no invoice report that is active. Switch it on there.')
    return report.id
  })
}

function invoiceUrl({ settings }: Session, id: string): string {
  return `${settings.url.replace(/\/*$/, '')}/#${settings.database}/model/account.invoice/${id}`
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  odt: 'application/vnd.oasis.opendocument.text',
  html: 'text/html',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
}
const REPORT = z.tuple([z.string(), z.instanceof(Uint8Array)]).rest(z.unknown())
const FOUND = z.array(z.looseObject({ id: z.int(), number: z.string().nullish() }))
const RAW = z.array(
  z.looseObject({
    id: z.int(),
    currency: z.looseObject({ code: z.string() }),
    untaxed_amount: z.string(),
    tax_amount: z.string(),
    total_amount: z.string(),
    amount_to_pay: z.string(),
    lines: z.array(rawLine),
    taxes: z.array(z.looseObject({ tax: z.int().nullable(), amount: z.string() })),
    lines_to_pay: z.array(z.looseObject({ maturity_date: z.string().nullable() })),
  }),
)
