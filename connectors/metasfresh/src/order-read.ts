import { add, compare, subtract, sum } from '@linchpin/model'
import { z } from 'zod'
import { figure } from './fields.ts'
import type { Settings } from './settings.ts'
import { taxed } from './taxed.ts'

const text = z.string().nullish()

const rawLine = z.looseObject({
  OrderLine_ID: z.int(),
  Order_Line: z.int(),
  ExternalId: text,
  Product_ID: z.int(),
  Product_Value: z.string(),
  Product_Name: z.string(),
  Description: text,
  QtyOrdered: figure,
  QtyDelivered: figure,
  QtyInvoiced: figure,
  PriceActual: figure,
  LineNetAmt: figure,
  TaxRate: figure,
})

/** A row of linchpin_sales_orders_json_v; see views/linchpin.sql. */
export const rawOrder = z.looseObject({
  Order_ID: z.int(),
  DocumentNo: z.string(),
  DocStatus: z.string(),
  POReference: text,
  ExternalId: text,
  DateOrdered: z.string(),
  Updated: z.string(),
  Partner_ID: z.int(),
  Partner_Value: text,
  Partner_Name: text,
  PaymentTerm: text,
  Currency: z.string(),
  GrandTotal: figure,
  Lines: z.array(rawLine),
  Invoices: z.array(
    z.looseObject({ Invoice_ID: z.int(), DocStatus: z.string(), GrandTotal: figure, IsPaid: z.boolean() }),
  ),
})
export type RawOrder = z.infer<typeof rawOrder>

const progress = z.enum(['none', 'partial', 'complete'])

/** The row with what follows from it: its id with us, the tax of each line, how far it has come. */
export const saleRow = rawOrder.extend({
  Id: z.string(),
  Lines: z.array(
    rawLine.extend({
      TaxAmt: z.string(),
      GrossAmt: z.string(),
      Taxes: z.array(z.object({ rate: z.string(), amount: z.string() })),
      IsCharge: z.boolean(),
      IsRounding: z.boolean(),
    }),
  ),
  NetAmt: z.string(),
  TaxAmt: z.string(),
  Rounding: z.string(),
  Fulfilment: progress,
  Invoicing: progress,
  Payment: z.enum(['unpaid', 'partial', 'paid']),
})
export type SaleRow = z.infer<typeof saleRow>

export function completed(settings: Settings, row: RawOrder): SaleRow {
  const charges = new Set([...Object.values(settings.freight), ...Object.values(settings.fees)])
  const parts = row.Lines.map(line => ({
    ...line,
    IsCharge: charges.has(line.Product_Value),
    IsRounding: line.Product_Value === settings.rounding,
  }))
  const billed = taxed(
    parts.map(line => ({ net: String(line.LineNetAmt), rate: String(line.TaxRate) })),
    row.Currency,
  )
  const Lines = parts.map((line, at) => ({ ...line, ...billed[at] })) as SaleRow['Lines']
  const kept = Lines.filter(line => !line.IsRounding)
  const NetAmt = sum(kept.map(line => String(line.LineNetAmt)))
  const TaxAmt = sum(kept.map(line => line.TaxAmt))
  const goods = kept.filter(line => !line.IsCharge)
  return {
    ...row,
    Id: row.ExternalId || String(row.Order_ID),
    Lines,
    NetAmt,
    TaxAmt,
    Rounding: subtract(String(row.GrandTotal), add(NetAmt, TaxAmt)),
    Fulfilment: progressOf(goods.map(line => [line.QtyOrdered, line.QtyDelivered])),
    Invoicing: progressOf(kept.map(line => [line.QtyOrdered, line.QtyInvoiced])),
    Payment: paymentOf(row, progressOf(kept.map(line => [line.QtyOrdered, line.QtyInvoiced]))),
  }
}

type Progress = z.infer<typeof progress>

function progressOf(parts: readonly (readonly [wanted: number, done: number])[]): Progress {
  const begun = parts.some(([, done]) => compare(String(done), '0') > 0)
  const isDone = parts.every(([wanted, done]) => compare(String(done), String(wanted)) >= 0)
  if (isDone) return begun ? 'complete' : 'none'
  return begun ? 'partial' : 'none'
}

function paymentOf(row: RawOrder, invoicing: Progress): SaleRow['Payment'] {
  const live = row.Invoices.filter(({ DocStatus }) => DocStatus === 'CO' || DocStatus === 'CL')
  const paid = live.filter(({ IsPaid }) => IsPaid)
  if (paid.length === 0) return 'unpaid'
  return paid.length === live.length && invoicing === 'complete' ? 'paid' : 'partial'
}
