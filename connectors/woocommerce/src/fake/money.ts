import { add, divide, multiply, round, subtract, sum } from '@linchpin/model'
import type { Books, LineTax, ProductDoc, TaxDoc, TaxLine } from './books.ts'

export interface Taxed {
  readonly net: string
  readonly tax: string
}

/** The rate of a tax class in a country; none where nobody set one. */
export function rateFor(books: Books, taxClass: string, country: string): TaxDoc | null {
  const name = taxClass === '' ? 'standard' : taxClass
  return (
    books.taxes.find(tax => tax.class === name && (tax.country === country || tax.country === '')) ?? null
  )
}

/** Splits what a line costs, or adds to it, by the shop's setting; tax is rounded for each line, as by default there. */
export function taxed(basis: string, rate: TaxDoc | null, isInclusive: boolean): Taxed {
  const fraction = divide(rate?.rate ?? '0', '100')
  if (!isInclusive) return { net: round(basis, 2), tax: round(multiply(basis, fraction), 2) }
  const net = divide(basis, add('1', fraction), 10)
  const tax = round(subtract(basis, net), 2)
  return { net: round(subtract(basis, tax), 2), tax }
}

export function lineTaxes(rate: TaxDoc | null, total: string, subtotal: string): readonly LineTax[] {
  return rate ? [{ id: rate.id, total, subtotal }] : []
}

/** The order's tax lines: one a rate, with what it makes on goods and on shipping. */
export function taxLines(
  books: Books,
  goods: readonly { taxes: readonly LineTax[] }[],
  shipping: readonly { taxes: readonly LineTax[] }[],
): readonly TaxLine[] {
  const ids = new Set([...goods, ...shipping].flatMap(part => part.taxes.map(({ id }) => id)))
  return [...ids].flatMap(id => {
    const rate = books.taxes.get(id)
    if (!rate) return []
    return [
      {
        id: books.nextId('items'),
        rate_code: `${rate.country}-${rate.name.toUpperCase()}-1`,
        rate_id: id,
        label: rate.name,
        compound: false,
        tax_total: taxOf(goods, id),
        shipping_tax_total: taxOf(shipping, id),
        rate_percent: Number(rate.rate),
      },
    ]
  })
}

function taxOf(parts: readonly { taxes: readonly LineTax[] }[], id: number): string {
  const taxes = parts.flatMap(part => part.taxes).filter(tax => tax.id === id)
  return round(sum(taxes.map(({ total }) => total)), 2)
}

/** What a product costs now: the sale price between its dates. */
export function priceNow(product: ProductDoc, now: number): string {
  return isOnSale(product, now) ? product.sale_price : product.regular_price
}

export function isOnSale(product: ProductDoc, now: number): boolean {
  const { sale_price: sale, date_on_sale_from_gmt: from, date_on_sale_to_gmt: to } = product
  if (sale === '') return false
  return (from === null || Date.parse(`${from}Z`) <= now) && (to === null || now < Date.parse(`${to}Z`))
}

/** PHP's wc_format_decimal of what a caller sent. */
export function amountOf(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  return /^-?\d+(\.\d+)?$/.test(text) ? round(text, 2) : '0.00'
}
