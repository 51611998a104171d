import { Problem } from '@linchpin/connector'
import { Decimal } from 'decimal.js'
import { dialect, needNumber, type Session } from './client.ts'
import { digitsOf, salesTaxes, serviceProduct, type SalesTax } from './lookups.ts'
import type { OrderWrite } from './order-write-row.ts'

/** A line as Odoo shall have it: numbers where Odoo takes numbers. */
export interface WantedLine {
  readonly product: number | null
  readonly name: string
  readonly quantity: number
  readonly priceUnit: number
  /** In percent. */
  readonly discount: number
  readonly taxes: readonly number[]
}

/** Every line that the order shall have, but for the rounding, which only Odoo's own total can tell. */
export async function wantedLines(session: Session, row: OrderWrite): Promise<WantedLine[]> {
  const taxes = await salesTaxes(session)
  const digits = await digitsUsed(session)
  const lines: WantedLine[] = []
  for (const line of row.order_line) {
    const quantity = new Decimal(line.product_uom_qty)
    if (quantity.isZero()) continue
    if (quantity.decimalPlaces() > digits.quantity)
      throw new Problem(
        'refused',
        `Line "${line.name}" has the quantity ${quantity.toFixed()}, and Odoo keeps ${digits.quantity} decimals of a quantity. Raise them there (Decimal Accuracy) or correct the order.`,
      )
    const product = await productOf(session, line)
    lines.push(
      priced({ ...line, product, quantity, unitPrice: line.price_unit }, row, taxes, session, digits),
    )
  }
  for (const charge of row.charges) {
    const code = charge.kind === 'shipping' ? session.settings.shippingCode : session.settings.feeCode
    const product = await serviceProduct(session, code)
    const unitPrice = row.tax_included ? charge.price_total : charge.price_subtotal
    lines.push(
      priced({ ...charge, product, quantity: new Decimal(1), unitPrice }, row, taxes, session, digits),
    )
  }
  return [...lines, ...row.notes.map(note)]
}

interface Digits {
  readonly price: number
  readonly discount: number
  readonly quantity: number
}

async function digitsUsed(session: Session): Promise<Digits> {
  const { quantityDigits } = await dialect(session)
  return {
    price: await digitsOf(session, 'Product Price'),
    discount: await digitsOf(session, 'Discount'),
    quantity: await digitsOf(session, quantityDigits),
  }
}

async function productOf(session: Session, line: OrderWrite['order_line'][number]): Promise<number> {
  if (line.product_id !== undefined) return needNumber(line.product_id, 'Product')
  // Tips, deposits and vouchers are often no products of the shop: they go on the fee product with their own name.
  if (['tip', 'deposit', 'giftCard'].includes(line.kind))
    return serviceProduct(session, session.settings.feeCode)
  throw new Problem(
    'refused',
    `Line "${line.name}" names no product. Give it one in the shop, or enter it in Odoo by hand.`,
  )
}

interface Priced {
  readonly product: number
  readonly name: string
  readonly quantity: Decimal
  readonly unitPrice: string
  readonly rates: readonly string[]
  readonly price_subtotal: string
  readonly price_tax: string
  readonly price_total: string
}

function priced(
  line: Priced,
  row: OrderWrite,
  taxes: readonly SalesTax[],
  session: Session,
  digits: Digits,
): WantedLine {
  const chosen = chooseTaxes(line, row.tax_included, taxes, session.settings.taxes)
  const included = chosen.length > 0 ? chosen.every(tax => tax.included) : row.tax_included
  const target = new Decimal(included ? line.price_total : line.price_subtotal)
  // With the other basis the source's unit price says nothing; the amount of the line does.
  const unit = included === row.tax_included ? new Decimal(line.unitPrice) : target.div(line.quantity)
  const { price, discount } = closest(unit, line.quantity, target, digits)
  return {
    product: line.product,
    name: line.name,
    quantity: line.quantity.toNumber(),
    priceUnit: price.toNumber(),
    discount: discount.toNumber(),
    taxes: chosen.map(tax => tax.id),
  }
}

/**
 * Odoo rounds a unit price and a percentage before it multiplies. Of three ways to say the same amount the first
 * exact one is taken: the price as it is, the price with a discount, the amount divided by the quantity. When none is
 * exact, the closest; the rounding line bears the rest.
 */
export function closest(
  unit: Decimal,
  quantity: Decimal,
  target: Decimal,
  digits: { readonly price: number; readonly discount: number },
): { price: Decimal; discount: Decimal } {
  const none = new Decimal(0)
  const price = unit.toDecimalPlaces(digits.price)
  const whole = price.mul(quantity)
  const percent = whole.isZero()
    ? none
    : whole.sub(target).div(whole).mul(100).toDecimalPlaces(digits.discount)
  const ways = [
    { price, discount: none },
    ...(percent.gt(0) && percent.lte(100) ? [{ price, discount: percent }] : []),
    { price: target.div(quantity).toDecimalPlaces(digits.price), discount: none },
  ]
  const miss = (way: { price: Decimal; discount: Decimal }) =>
    way.price
      .mul(new Decimal(100).sub(way.discount))
      .div(100)
      .mul(quantity)
      .toDecimalPlaces(2)
      .sub(target)
      .abs()
  return ways.reduce((best, way) => (miss(way).lt(miss(best)) ? way : best))
}

/** Taxes with the line's rates, in the source's basis if there are such, else in the other. */
function chooseTaxes(
  line: Priced,
  included: boolean,
  taxes: readonly SalesTax[],
  configured: Readonly<Record<string, number>>,
): SalesTax[] {
  const rates = line.rates.length > 0 ? line.rates : impliedRates(line, taxes)
  const taxed = rates.filter(rate => !new Decimal(rate).isZero())
  const inBasis = (basis: boolean) => taxed.map(rate => taxOfRate(rate, basis, taxes, configured))
  const found = [inBasis(included), inBasis(!included)].find(each => each.every(tax => tax !== undefined))
  if (found) return found.filter(tax => tax !== undefined)
  const missing = taxed.find(rate => !taxes.some(tax => sameRate(tax, rate))) ?? taxed.join(' % and ')
  throw new Problem(
    'refused',
    `Odoo has no sales tax of ${missing} % for "${line.name}". Make one there (or name it under taxes in the settings), then try again.`,
  )
}

function taxOfRate(
  rate: string,
  included: boolean,
  taxes: readonly SalesTax[],
  configured: Readonly<Record<string, number>>,
): SalesTax | undefined {
  const fits = taxes.filter(tax => sameRate(tax, rate) && tax.included === included)
  const wanted = Object.entries(configured).find(([each]) => new Decimal(each).eq(rate))?.[1]
  return wanted === undefined ? fits[0] : taxes.find(tax => tax.id === wanted && tax.included === included)
}

function sameRate(tax: SalesTax, rate: string): boolean {
  return new Decimal(tax.rate).eq(rate)
}

/** Of a source that tells the tax and not its rate: the rate that gives this amount to the cent. */
function impliedRates(line: Priced, taxes: readonly SalesTax[]): string[] {
  const tax = new Decimal(line.price_tax)
  if (tax.isZero()) return []
  const misses = (rate: string) => new Decimal(line.price_subtotal).mul(rate).div(100).sub(tax).abs()
  const found = taxes.find(each => misses(each.rate).lte('0.01'))
  if (found) return [found.rate]
  throw new Problem(
    'refused',
    `Line "${line.name}" has ${line.price_tax} of tax on ${line.price_subtotal}, which is the rate of no sales tax in Odoo. Make one there, then try again.`,
  )
}

function note(text: string): WantedLine {
  return { product: null, name: text, quantity: 0, priceUnit: 0, discount: 0, taxes: [] }
}
