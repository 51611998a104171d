import { Decimal } from 'decimal.js'
import type { Orm } from './orm.ts'

export interface Amounts {
  readonly net: number
  readonly tax: number
  readonly total: number
}

/** One line as Odoo computes it when taxes are rounded per line: the tax first, then what is left of the total. */
export function lineAmounts(
  orm: Orm,
  line: { priceUnit: number; discount: number; quantity: number; taxes: readonly number[] },
): Amounts {
  const base = new Decimal(line.priceUnit)
    .mul(new Decimal(100).sub(line.discount))
    .div(100)
    .mul(line.quantity)
  const taxes = line.taxes.flatMap(id => orm.get('account.tax', id) ?? [])
  const included = taxes.filter(tax => tax['price_include'] === true)
  const added = taxes.filter(tax => tax['price_include'] !== true)
  const rate = (some: typeof taxes) =>
    some.reduce((sum, tax) => sum.add(Number(tax['amount'])), new Decimal(0)).div(100)
  const contained = round(base.sub(base.div(rate(included).add(1))))
  const net = round(base).sub(contained)
  const onTop = added.reduce(
    (sum, tax) => sum.add(round(net.mul(Number(tax['amount'])).div(100))),
    new Decimal(0),
  )
  const tax = contained.add(onTop)
  return { net: net.toNumber(), tax: tax.toNumber(), total: net.add(tax).toNumber() }
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total.add(value), new Decimal(0)).toNumber()
}

function round(value: Decimal): Decimal {
  return value.toDecimalPlaces(2, Decimal.ROUND_HALF_UP)
}
