import { add, allocate, divide, isZero, multiply, roundMoney, sum } from '@linchpin/model'

export interface Taxed {
  readonly TaxAmt: string
  readonly GrossAmt: string
  readonly Taxes: { readonly rate: string; readonly amount: string }[]
}

/**
 * metasfresh reckons tax for the document, by rate (C_Tax.IsDocumentLevel). Shared out to the lines so that they add up
 * to what it says: each rate's tax over all its lines, then each line's part of that.
 */
export function taxed(
  lines: readonly { readonly net: string; readonly rate: string }[],
  currency: string,
): readonly Taxed[] {
  const taxes = lines.map(() => '0')
  for (const rate of new Set(lines.map(line => line.rate))) {
    const own = lines.flatMap((line, at) => (line.rate === rate ? [at] : []))
    const nets = own.map(at => lines[at]?.net ?? '0')
    const tax = roundMoney(divide(multiply(sum(nets), rate), '100'), currency)
    const shares = isZero(tax) ? [] : allocate(tax, nets, currency)
    for (const [turn, at] of own.entries()) taxes[at] = shares[turn] ?? '0'
  }
  return lines.map(({ net, rate }, at) => {
    const amount = taxes[at] ?? '0'
    return { TaxAmt: amount, GrossAmt: add(net, amount), Taxes: isZero(rate) ? [] : [{ rate, amount }] }
  })
}
