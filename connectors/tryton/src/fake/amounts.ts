import { add, multiply, round, sum } from '@linchpin/model'
import { text, type Books, type Row } from './books.ts'

/** Tryton's arithmetic: a line is rounded to the cent, a tax is computed on the sum of its lines ("document" rounding). */

export function lineAmount(row: Row): string {
  if (row['type'] !== 'line') return '0'
  return round(multiply(decimalOf(row['quantity']), text(row['unit_price'] ?? '0')), 2)
}

export interface TaxSum {
  readonly tax: number
  readonly base: string
  readonly amount: string
}

export function taxesOf(books: Books, lines: readonly Row[]): TaxSum[] {
  const ids = [...new Set(lines.flatMap(line => (line['taxes'] ?? []) as number[]))]
  return ids.map(tax => {
    const base = sum(lines.filter(line => (line['taxes'] as number[]).includes(tax)).map(lineAmount))
    return { tax, base, amount: round(multiply(base, String(books.need('account.tax', tax)['rate'])), 2) }
  })
}

export function totalsOf(books: Books, lines: readonly Row[]) {
  const untaxed = round(sum(lines.map(lineAmount)), 2)
  const tax = round(sum(taxesOf(books, lines).map(each => each.amount)), 2)
  return { untaxed_amount: untaxed, tax_amount: tax, total_amount: round(add(untaxed, tax), 2) }
}

const decimalOf = (value: unknown) =>
  Number(value ?? 0)
    .toFixed(6)
    .replace(/\.?0+$/, '')
