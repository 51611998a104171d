import { add, compare, divide, multiply, subtract, sum } from './decimal.ts'
import { allocate, decimalsOf, roundMoney, sumMoney } from './money.ts'
import type { Charge, DocumentDiscount, DocumentLine, LineDiscount, Tax, Totals } from './order.ts'
import { quantityLeft } from './quantity.ts'
import { totalsOf } from './totals.ts'
import type { Amount, Currency, Decimal } from './values.ts'

/**
 * Documents that add up by construction, for whoever computes amounts instead of reading them: look-alike shops, the
 * demo, tests. An amount that a real system told is a fact and is never computed again.
 */

/** What all amounts of one document share. `taxInclusive`: prices and discounts are gross. */
export interface Pricing {
  readonly currency: Currency
  readonly taxInclusive: boolean
}

/** A tax that applies to a line; several apply to the same net, as state and county taxes do. */
export type TaxRate = Omit<Tax, 'amount'>

/** A line before its amounts are known: everything else about it, and the taxes that apply. */
export type LineDraft = Omit<DocumentLine, 'net' | 'tax' | 'gross' | 'taxes'> & {
  readonly rates: readonly TaxRate[]
}

/** A charge before its amounts are known; `price` is before discounts, in the document's price basis. */
export type ChargeDraft = Omit<Charge, 'net' | 'tax' | 'gross' | 'taxes'> & {
  readonly price: Amount
  readonly rates: readonly TaxRate[]
}

export interface Draft extends Pricing {
  readonly lines: readonly LineDraft[]
  readonly charges?: readonly ChargeDraft[]
  readonly discounts?: readonly DocumentDiscount[]
  readonly rounding?: Amount
}

export interface Priced extends Pricing {
  readonly lines: DocumentLine[]
  readonly charges: Charge[]
  readonly discounts: DocumentDiscount[]
  readonly totals: Totals
}

/** A whole document's amounts: document discounts are allocated to the lines, then lines and charges taxed and added. */
export function buildDocument(draft: Draft): Priced {
  const { currency, taxInclusive } = draft
  const { lines, discounts } = allocateDiscounts(draft.discounts ?? [], draft.lines, currency)
  const parts = {
    currency,
    taxInclusive,
    lines: lines.map(line => buildLine(line, draft)),
    charges: (draft.charges ?? []).map(charge => buildCharge(charge, draft)),
  }
  return { ...parts, discounts, totals: totalsOf(parts, draft.rounding) }
}

/** One line with its amounts: what is left of its quantity, at its price, less its discounts, taxed. */
export function buildLine({ rates, ...line }: LineDraft, pricing: Pricing): DocumentLine {
  return { ...line, ...taxed(lineBase(line, pricing.currency), rates, pricing) }
}

export function buildCharge({ rates, price, ...charge }: ChargeDraft, pricing: Pricing): Charge {
  return { ...charge, ...taxed(lessDiscounts(price, charge.discounts, pricing.currency), rates, pricing) }
}

/**
 * Gives each line its share of a discount on the whole document, by what the lines cost after their other discounts.
 * Gift cards, tips and deposits are money, not goods, and get no share. A discount larger than the goods is a RangeError.
 */
export function allocateDiscount(
  discount: DocumentDiscount,
  lines: readonly LineDraft[],
  currency: Currency,
): { discount: DocumentDiscount; lines: LineDraft[] } {
  const bases = lines.map(line => (isDiscountable(line) ? lineBase(line, currency) : '0'))
  const base = sumMoney(bases, currency)
  const amount = roundMoney(discount.amount, currency)
  if (compare(amount, base) > 0)
    throw new RangeError(
      `Discount ${discount.id} of ${amount} ${currency} is more than the ${base} it is taken from.`,
    )
  const shares = allocate(amount, bases, currency)
  return {
    discount: { ...discount, amount, base },
    lines: lines.map((line, index) =>
      withShare(line, { ...discount, amount: shares[index]!, base: bases[index]! }),
    ),
  }
}

function allocateDiscounts(
  discounts: readonly DocumentDiscount[],
  drafts: readonly LineDraft[],
  currency: Currency,
) {
  let lines = [...drafts]
  const allocated: DocumentDiscount[] = []
  for (const discount of discounts) {
    const next = allocateDiscount(discount, lines, currency)
    lines = next.lines
    allocated.push(next.discount)
  }
  return { lines, discounts: allocated }
}

function withShare(line: LineDraft, { id, ...share }: DocumentDiscount): LineDraft {
  if (compare(share.amount, '0') === 0) return line
  const discount: LineDiscount = { ...share, of: 'document', discount: id }
  return { ...line, discounts: [...(line.discounts ?? []), discount] }
}

function isDiscountable(line: LineDraft): boolean {
  return line.kind === 'item' || line.kind === 'bundle' || line.kind === 'service'
}

/** What is left of a line, in the document's price basis. */
function lineBase(line: Omit<LineDraft, 'rates'>, currency: Currency): Amount {
  return lessDiscounts(multiply(quantityLeft(line), line.unitPrice), line.discounts, currency)
}

function lessDiscounts(
  price: Amount,
  discounts: readonly LineDiscount[] | undefined,
  currency: Currency,
): Amount {
  const discount = sum((discounts ?? []).map(({ amount }) => amount))
  return roundMoney(subtract(roundMoney(price, currency), discount), currency)
}

function taxed(base: Amount, rates: readonly TaxRate[], { currency, taxInclusive }: Pricing) {
  const amounts = taxInclusive ? taxesWithin(base, rates, currency) : taxesOn(base, rates, currency)
  const tax = sumMoney(amounts, currency)
  const net = taxInclusive ? roundMoney(subtract(base, tax), currency) : base
  const taxes: Tax[] = rates.map((rate, index) => ({ ...rate, amount: amounts[index]! }))
  return { net, tax, gross: sumMoney([net, tax], currency), taxes }
}

function taxesOn(net: Amount, rates: readonly TaxRate[], currency: Currency): Amount[] {
  return rates.map(({ rate }) => roundMoney(multiply(multiply(net, rate), '0.01'), currency))
}

// The tax within a gross amount is rounded once for all rates together and then shared out, so that net and taxes make
// the gross again.
function taxesWithin(gross: Amount, rates: readonly TaxRate[], currency: Currency): Amount[] {
  const rate: Decimal = sum(rates.map(each => each.rate))
  const exact = divide(multiply(gross, rate), add('100', rate), decimalsOf(currency))
  return rates.length === 0
    ? []
    : allocate(
        roundMoney(exact, currency),
        rates.map(each => each.rate),
        currency,
      )
}
