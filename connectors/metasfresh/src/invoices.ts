import type { Cursor, Entity, File, Page, Snapshot } from '@linchpin/connector'
import type { Fields } from '@linchpin/mapping'
import { absolute, add, isZero, subtract, sum } from '@linchpin/model'
import { z } from 'zod'
import { call, download, type Session } from './client.ts'
import { decimalOf, figure, idText } from './fields.ts'
import { headerIn, isOwnId } from './identifiers.ts'
import { changesIn, snapshotOf } from './process.ts'
import type { Settings } from './settings.ts'

const text = z.string().nullish()
const rawLine = z.looseObject({
  Invoice_Line: z.int(),
  Invoice_QtyInvoiced: figure,
  Order_POReference: text,
  PricePerUnit: figure,
  NetAmt: figure,
  Tax_Percent: figure,
  Tax_Amount: figure,
  Product_Name: text,
  Product_Supplier_ProductNo: text,
})

/** A row of metasfresh's own view of completed invoices, as Historical_Invoices_JSON answers it. */
const raw = z.looseObject({
  Invoice_ID: z.int(),
  Invoice_DocumentNo: z.string(),
  Invoice_Date: z.string(),
  DocType_Base: z.string(),
  DocStatus: z.string(),
  /** Its process is asked by it (UpdatedGE); an example in the source does not show it. */
  Updated: text,
  Order_POReference: text,
  Invoice_Currency_Code: z.string(),
  Invoice_GrandTotal: figure,
  CreditMemo_Reason: text,
  CreditMemo_ReasonText: text,
  Lines: z.array(rawLine),
})
type Raw = z.infer<typeof raw>

const invoiceRow = raw.extend({
  Orders: z.array(z.string()),
  Status: z.enum(['posted', 'paid', 'cancelled']),
  OpenAmt: z.string().nullable(),
  Lines: z.array(
    rawLine.extend({
      Net: z.string(),
      Tax: z.string(),
      Gross: z.string(),
      Taxes: z.array(z.object({ rate: z.string(), amount: z.string() })),
      IsCharge: z.boolean(),
      IsRounding: z.boolean(),
    }),
  ),
  Net: z.string(),
  Tax: z.string(),
  Rounding: z.string(),
  Total: z.string(),
})
type InvoiceRow = z.infer<typeof invoiceRow>

/** Java's `isPaid` of a Lombok value comes as `paid` or as `isPaid`, as its Jackson is set. */
const paymentStatus = z.looseObject({
  invoiceId: z.union([z.int(), z.looseObject({ value: z.int() })]),
  openAmt: figure,
  paid: z.boolean().optional(),
  isPaid: z.boolean().optional(),
})
const PAYMENTS = z.looseObject({ response: z.array(paymentStatus) })
type Payments = ReadonlyMap<number, { readonly isPaid: boolean; readonly openAmt: string }>

/** Whether they are paid, which the view does not tell: the days of these invoices, asked for at once. */
async function paymentsOf(session: Session, rows: readonly Raw[]): Promise<Payments> {
  const days = rows.map(row => row.Invoice_Date.slice(0, 10)).toSorted()
  const [first, last] = [days[0], days.at(-1)]
  if (first === undefined || last === undefined) return new Map()
  const end = new Date(Date.parse(`${last}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
  const query = `startDateIncl=${first}&endDateExcl=${end}`
  const org = encodeURIComponent(session.settings.org)
  const answer = await call(session, `/invoices/sales/paymentstatus/${org}?${query}`, PAYMENTS)
  const found = answer?.response ?? []
  return new Map(
    found.map(each => [
      typeof each.invoiceId === 'number' ? each.invoiceId : each.invoiceId.value,
      { isPaid: each.paid ?? each.isPaid ?? false, openAmt: String(each.openAmt) },
    ]),
  )
}

function rowOf(settings: Settings, row: Raw, payments: Payments): InvoiceRow {
  const charges = new Set([...Object.values(settings.freight), ...Object.values(settings.fees)])
  const Lines = row.Lines.map(line => {
    const [Net, Tax] = [absolute(String(line.NetAmt)), absolute(String(line.Tax_Amount))]
    const product = line.Product_Supplier_ProductNo ?? ''
    const kind = { IsCharge: charges.has(product), IsRounding: product === settings.rounding }
    const rate = String(line.Tax_Percent)
    const Taxes = isZero(rate) ? [] : [{ rate, amount: Tax }]
    return { ...line, Net, Tax, Gross: add(Net, Tax), Taxes, ...kind }
  })
  const kept = Lines.filter(line => !line.IsRounding)
  const [Net, Tax] = [sum(kept.map(line => line.Net)), sum(kept.map(line => line.Tax))]
  const Total = absolute(String(row.Invoice_GrandTotal))
  const references = [row.Order_POReference, ...row.Lines.map(line => line.Order_POReference)]
  const paid = payments.get(row.Invoice_ID)
  const isGone = row.DocStatus === 'RE' || row.DocStatus === 'VO'
  return {
    ...row,
    Orders: [...new Set(references.flatMap(each => headerIn(each) ?? []))],
    Status: isGone ? 'cancelled' : paid?.isPaid ? 'paid' : 'posted',
    OpenAmt: paid?.openAmt ?? null,
    Lines,
    Net,
    Tax,
    Total,
    Rounding: subtract(Total, add(Net, Tax)),
  }
}

/** Of the base types, ARI is an invoice and ARC a credit memo. */
function readerOf(base: 'ARI' | 'ARC') {
  const snapshot = async (session: Session, rows: readonly Raw[]): Promise<Snapshot<InvoiceRow>[]> => {
    const own = rows.filter(row => row.DocType_Base === base)
    // The endpoint leaves credit memos out.
    const payments = base === 'ARI' ? await paymentsOf(session, own) : new Map()
    return own.map(row => snapshotOf(String(row.Invoice_ID), rowOf(session.settings, row, payments)))
  }
  return async (session: Session, after: Cursor | null, limit: number) => {
    const options = {
      shape: raw,
      overlapMs: session.settings.overlapMinutes * 60_000,
      snapshot: (rows: readonly Raw[]) => snapshot(session, rows),
    }
    return (await changesIn(session, 'invoices', options, after, limit)) as Page<InvoiceRow>
  }
}

const amounts = {
  net: 'Net',
  tax: 'Tax',
  gross: 'Gross',
  taxes: { each: 'Taxes', as: { rate: 'rate', amount: 'amount' } },
} as const
const line = {
  id: idText('Invoice_Line'),
  name: { first: ['Product_Name', { constant: 'Item' }] },
  ...amounts,
} as const

const fields: Fields = {
  id: idText('Invoice_ID'),
  number: 'Invoice_DocumentNo',
  orders: { each: 'Orders', as: { value: '.' } },
  status: 'Status',
  issuedOn: { format: 'day', of: 'Invoice_Date' },
  currency: 'Invoice_Currency_Code',
  taxInclusive: { constant: false },
  buyerReference: 'Order_POReference',
  lines: {
    each: 'Lines',
    where: {
      all: [{ is: ['IsCharge', { constant: false }] }, { is: ['IsRounding', { constant: false }] }],
    },
    as: {
      ...line,
      kind: { constant: 'item' },
      sku: 'Product_Supplier_ProductNo',
      quantity: { format: 'absolute', of: decimalOf('Invoice_QtyInvoiced') },
      unitPrice: decimalOf('PricePerUnit'),
    },
  },
  charges: {
    each: 'Lines',
    where: { is: ['IsCharge', { constant: true }] },
    as: { ...line, kind: { constant: 'shipping' } },
  },
  totals: { object: { net: 'Net', tax: 'Tax', rounding: 'Rounding', payable: 'Total' } },
  balance: 'OpenAmt',
}

/** The PDF that metasfresh archived; null while there is none. */
async function file(session: Session, id: string): Promise<File | null> {
  if (!isOwnId(id)) return null
  const bytes = await download(session, `/invoices/${id}/pdf`)
  return bytes === null ? null : { name: `invoice-${id}.pdf`, mediaType: 'application/pdf', bytes }
}

const common = {
  schema: invoiceRow,
  file,
  url: ({ settings }: Session, id: string) =>
    `${settings.url.replace(/\/*$/, '')}/window/167/${encodeURIComponent(id)}`,
}

export const invoices: Entity<Session, 'Invoice', InvoiceRow> = {
  ...common,
  mapping: { from: 'metasfresh.Invoice', to: 'Invoice', fields },
  changes: readerOf('ARI'),
}

export const creditNotes: Entity<Session, 'CreditNote', InvoiceRow> = {
  ...common,
  mapping: {
    from: 'metasfresh.CreditNote',
    to: 'CreditNote',
    fields: { ...fields, reason: { first: ['CreditMemo_ReasonText', 'CreditMemo_Reason'] } },
  },
  changes: readerOf('ARC'),
}
