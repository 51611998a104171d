import { add, divide, multiply, round, subtract } from '@linchpin/model'
import { textOf, type Values } from './books.ts'

const figure = (value: unknown) => textOf(value) || '0'

/** A line's sums as Dolibarr makes them: unit prices of five decimals, each sum of a line rounded to cents. */
export function sumsOf(line: Values): { net: string; tax: string; gross: string } {
  const price = round(figure(line['subprice']), 5)
  const left = divide(subtract('100', figure(line['remise_percent'])), '100', 12)
  const whole = multiply(multiply(price, figure(line['qty'])), left)
  const net = round(whole, 2)
  const factor = add('1', divide(figure(line['tva_tx']), '100', 12))
  const gross = round(multiply(whole, factor), 2)
  return { net, tax: subtract(gross, net), gross }
}

export function totalsOf(lines: readonly Values[]): { net: string; tax: string; gross: string } {
  return lines.map(sumsOf).reduce(
    (sum, each) => ({
      net: add(sum.net, each.net),
      tax: add(sum.tax, each.tax),
      gross: add(sum.gross, each.gross),
    }),
    { net: '0', tax: '0', gross: '0' },
  )
}

/** '20.00000000': money in Dolibarr's answers. */
export const money = (value: string) => round(value, 8)
export const withTax = (net: string, rate: unknown) =>
  round(multiply(net, add('1', divide(figure(rate), '100', 12))), 8)
export const withoutTax = (gross: string, rate: unknown) =>
  round(divide(gross, add('1', divide(figure(rate), '100', 12)), 12), 8)
