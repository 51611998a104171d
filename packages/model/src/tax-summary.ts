import { compare, isZero, plain } from './decimal.ts'
import { sumMoney } from './money.ts'
import type { Charge, DocumentLine } from './order.ts'
import type { BillingDocument } from './totals.ts'
import type { Amount, Decimal } from './values.ts'

/** What was taxed at one rate, and how much tax that made (UBL TaxSubtotal). */
export interface TaxSubtotal {
  /** Missing where the source told a tax but not its rate. */
  readonly rate?: Decimal
  readonly category?: string
  readonly name?: string
  readonly taxable: Amount
  readonly amount: Amount
}

/**
 * The taxes of a document by rate and category, the highest rate first. The amounts add up to the document's tax. So do
 * the taxable amounts to its net, except where two taxes apply to one line: its net then counts for each.
 */
export function taxSummary(document: Pick<BillingDocument, 'currency' | 'lines' | 'charges'>): TaxSubtotal[] {
  const groups = new Map<string, Portion[]>()
  for (const portion of [...document.lines, ...document.charges].flatMap(portionsOf)) {
    const key = `${portion.rate ?? ''} ${portion.category ?? ''}`
    const group = groups.get(key)
    if (group) group.push(portion)
    else groups.set(key, [portion])
  }
  return [...groups.values()].map(group => subtotal(group, document.currency)).sort(byRate)
}

type Portion = TaxSubtotal

function portionsOf({ net, tax, taxes }: DocumentLine | Charge): Portion[] {
  if (!taxes?.length) return isZero(net) && isZero(tax) ? [] : [untold(net, tax)]
  return taxes.map(({ rate, amount, category, name }) => ({
    rate: plain(rate),
    ...(category && { category }),
    ...(name && { name }),
    taxable: net,
    amount,
  }))
}

function untold(net: Amount, tax: Amount): Portion {
  return { ...(isZero(tax) && { rate: '0' }), taxable: net, amount: tax }
}

function subtotal(group: readonly Portion[], currency: string): TaxSubtotal {
  const names = new Set(group.map(({ name }) => name))
  const { rate, category, name } = group[0]!
  return {
    ...(rate !== undefined && { rate }),
    ...(category && { category }),
    // One rate can go by several names ("VAT", "VAT shipping"); then none of them names the sum.
    ...(name && names.size === 1 && { name }),
    taxable: sumMoney(
      group.map(portion => portion.taxable),
      currency,
    ),
    amount: sumMoney(
      group.map(portion => portion.amount),
      currency,
    ),
  }
}

function byRate(left: TaxSubtotal, right: TaxSubtotal): number {
  const rates = compare(right.rate ?? '-1', left.rate ?? '-1')
  return rates || ((left.category ?? '') < (right.category ?? '') ? -1 : 1)
}
