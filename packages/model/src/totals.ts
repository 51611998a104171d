import {
  absolute,
  add,
  compare,
  decimalsIn,
  divide,
  equal,
  isNegative,
  isZero,
  multiply,
  subtract,
  sum,
} from './decimal.ts'
import { decimalsOf, fitsCurrency, minorUnit, sumMoney } from './money.ts'
import type { Charge, DocumentDiscount, DocumentLine, Presentment, Totals } from './order.ts'
import { quantityLeft } from './quantity.ts'
import type { Amount, Currency, Decimal } from './values.ts'

/** What orders, invoices and credit notes have in common, as far as money goes. */
export interface BillingDocument {
  readonly currency: Currency
  readonly taxInclusive: boolean
  readonly lines: readonly DocumentLine[]
  readonly charges: readonly Charge[]
  readonly discounts?: readonly DocumentDiscount[] | undefined
  readonly presentment?: Presentment | undefined
  readonly totals: Totals
}

/** The totals of lines and charges by adding up, in the currency's decimals. `rounding` is part of what is payable. */
export function totalsOf(
  document: Pick<BillingDocument, 'currency' | 'lines' | 'charges'>,
  rounding: Amount = '0',
): Totals {
  const { currency } = document
  const parts = [...document.lines, ...document.charges]
  const net = sumMoney(
    parts.map(part => part.net),
    currency,
  )
  const tax = sumMoney(
    parts.map(part => part.tax),
    currency,
  )
  const payable = sumMoney([net, tax, rounding], currency)
  return isZero(rounding)
    ? { net, tax, payable }
    : { net, tax, rounding: sumMoney([rounding], currency), payable }
}

/**
 * Why a document does not add up: sentences for people, each naming the line and the figures; none when it does.
 * Taxes are facts: that they add up is checked, that they are the right percentage is not.
 */
export function documentProblems(document: BillingDocument): string[] {
  const { currency } = document
  return [
    ...document.lines.flatMap(line => lineProblems(line, document)),
    ...document.charges.flatMap(charge => partProblems(charge, nameOf('Charge', charge), currency)),
    ...(document.discounts ?? []).flatMap(discount => discountProblems(discount, document)),
    ...totalsProblems(document),
    ...presentmentProblems(document),
  ]
}

function lineProblems(line: DocumentLine, document: BillingDocument): string[] {
  const name = nameOf('Line', line)
  return [
    ...partProblems(line, name, document.currency),
    ...cancelProblems(line, name),
    ...priceProblems(line, name, document),
  ]
}

function cancelProblems({ quantity, cancelled = '0' }: DocumentLine, name: string): string[] {
  const isPart =
    !isNegative(multiply(quantity, cancelled)) && compare(absolute(cancelled), absolute(quantity)) <= 0
  return isPart ? [] : [`${name}: ${cancelled} of ${quantity} are cancelled, which is more than there are.`]
}

/** What holds for a line and for a charge alike. */
function partProblems(part: DocumentLine | Charge, name: string, currency: Currency): string[] {
  const { tax, taxes = [], discounts = [] } = part
  const taxed = sum(taxes.map(({ amount }) => amount))
  return [
    ...sumProblems(part, name, currency),
    ...discounts.flatMap(({ amount }) => decimalsProblems(amount, `${name}: a discount`, currency)),
    ...taxes.flatMap(({ amount }) => decimalsProblems(amount, `${name}: a tax`, currency)),
    ...(part.taxes && !equal(taxed, tax)
      ? [`${name}: its taxes by rate add up to ${taxed}, but its tax is ${tax} ${currency}.`]
      : []),
  ]
}

function sumProblems({ net, tax, gross }: Shown, name: string, currency: Currency): string[] {
  const added = add(net, tax)
  return [
    ...decimalsProblems(net, `${name}: its net`, currency),
    ...decimalsProblems(tax, `${name}: its tax`, currency),
    ...decimalsProblems(gross, `${name}: its gross`, currency),
    ...(equal(added, gross)
      ? []
      : [`${name}: net ${net} and tax ${tax} make ${added}, but its gross is ${gross} ${currency}.`]),
  ]
}

type Shown = Pick<DocumentLine, 'net' | 'tax' | 'gross'>

function priceProblems(line: DocumentLine, name: string, document: BillingDocument): string[] {
  const basis = document.taxInclusive ? 'gross' : 'net'
  const quantity = quantityLeft(line)
  const discount = sum((line.discounts ?? []).map(({ amount }) => amount))
  const expected = subtract(multiply(quantity, line.unitPrice), discount)
  const difference = absolute(subtract(expected, line[basis]))
  if (compare(difference, toleranceOf(line.unitPrice, quantity, document.currency)) <= 0) return []
  const less = isZero(discount) ? '' : ` less discounts of ${discount}`
  return [
    `${name}: ${quantity} × ${line.unitPrice}${less} is ${expected}, but its ${basis} is ${line[basis]} ${document.currency}.`,
  ]
}

// One minor unit, for the line was rounded. A unit price with more decimals than the currency was rounded too, by up to
// half of its last place, and that much for every piece: at 0.3333 each, 10,000 pieces may be off by 0.50.
function toleranceOf(unitPrice: Decimal, quantity: Decimal, currency: Currency): Amount {
  const decimals = decimalsIn(unitPrice)
  if (decimals <= decimalsOf(currency)) return minorUnit(currency)
  const halfLastPlace = divide('0.5', `1${'0'.repeat(decimals)}`, decimals + 1)
  return add(minorUnit(currency), multiply(absolute(quantity), halfLastPlace))
}

function discountProblems(discount: DocumentDiscount, document: BillingDocument): string[] {
  const name = `Discount ${discount.code ?? discount.id}`
  const shares = [...document.lines, ...document.charges]
    .flatMap(part => part.discounts ?? [])
    .filter(share => share.of === 'document' && share.discount === discount.id)
  const shared = sum(shares.map(({ amount }) => amount))
  const problems = decimalsProblems(discount.amount, `${name}: its amount`, document.currency)
  if (!equal(shared, discount.amount))
    problems.push(
      `${name} is ${discount.amount}, but the shares of it on lines and charges add up to ${shared} ${document.currency}.`,
    )
  return problems
}

function totalsProblems(document: BillingDocument): string[] {
  const { currency, totals } = document
  const problems = Object.entries(totals).flatMap(([what, amount]) =>
    amount === undefined ? [] : decimalsProblems(amount, `The total ${what}`, currency),
  )
  for (const what of ['net', 'tax'] as const) {
    const added = sum([...document.lines, ...document.charges].map(part => part[what]))
    if (!equal(added, totals[what]))
      problems.push(
        `Lines and charges have ${what} ${added} in sum, but the total ${what} is ${totals[what]} ${currency}.`,
      )
  }
  return [...problems, ...payableProblems(totals, 'The total', currency)]
}

function payableProblems(totals: Sums, name: string, currency: Currency): string[] {
  const { net, tax, rounding, payable } = totals
  if (net === undefined || tax === undefined || payable === undefined) return []
  const added = sum([net, tax, rounding ?? '0'])
  if (equal(added, payable)) return []
  const rounded = rounding === undefined ? '' : ` and rounding ${rounding}`
  return [`${name} net ${net}, tax ${tax}${rounded} make ${added}, but payable is ${payable} ${currency}.`]
}

type Sums = { [what in keyof Totals]?: Totals[what] | undefined }

/** The second currency is checked within itself: its rate may be rounded, and its prices set by hand. */
function presentmentProblems({ presentment, lines, currency, totals }: BillingDocument): string[] {
  if (!presentment) return []
  const shown = presentment.currency
  const problems = decimalsProblems(presentment.payable, 'The payable amount as shown', shown)
  if (shown === currency && !equal(presentment.payable, totals.payable))
    problems.push(
      `The customer was shown ${presentment.payable} ${shown}, but payable is ${totals.payable} ${currency}.`,
    )
  for (const line of lines)
    if (line.presentment)
      problems.push(...sumProblems(line.presentment, `${nameOf('Line', line)} as shown`, shown))
  return [...problems, ...payableProblems(presentment, 'As shown to the customer,', shown)]
}

function decimalsProblems(amount: Amount, name: string, currency: Currency): string[] {
  return fitsCurrency(amount, currency)
    ? []
    : [`${name} is ${amount}, but ${currency} has ${decimalsOf(currency)} decimals.`]
}

function nameOf(what: string, part: { id: string; name: string }): string {
  return `${what} ${part.id} (${part.name})`
}
