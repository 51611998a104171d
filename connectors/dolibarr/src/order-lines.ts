import { Problem } from '@linchpin/connector'
import { absolute, compare, divide, equal, isZero, multiply, round, subtract } from '@linchpin/model'
import type { Row } from './client.ts'
import { serviceProduct } from './lookups.ts'
import type { OrderWrite } from './order-write-row.ts'
import { needId, textIn } from './rows.ts'
import type { Session } from './session.ts'

/** A line as Dolibarr takes it: the price of one piece without tax, a discount in percent, one rate. */
export interface OrderLine {
  readonly fk_product: number
  readonly product_type: 0 | 1
  readonly desc: string
  readonly qty: string
  readonly subprice: string
  readonly remise_percent: string
  readonly tva_tx: string
}

/** Every line that the order shall have, but for the rounding, which only Dolibarr's own total can tell. */
export async function wantedLines(session: Session, row: OrderWrite): Promise<OrderLine[]> {
  const lines: OrderLine[] = []
  for (const line of row.lines) {
    if (isZero(line.qty)) continue
    const product_type = ['item', 'bundle'].includes(line.kind) ? 0 : 1
    lines.push({
      fk_product: await productOf(session, line),
      product_type,
      desc: line.name,
      qty: line.qty,
      ...priceOf(session, row, line),
      tva_tx: rateOf(line),
    })
  }
  for (const charge of row.charges ?? [])
    lines.push({
      fk_product: await serviceProduct(session, charge.kind === 'shipping' ? 'shipping' : 'fee'),
      product_type: 1,
      desc: charge.name,
      qty: '1',
      subprice: round(charge.net, session.settings.unitDecimals),
      remise_percent: '0',
      tva_tx: rateOf(charge),
    })
  return lines
}

async function productOf(session: Session, line: OrderWrite['lines'][number]): Promise<number> {
  // Dolibarr takes an id that it does not have without a word, and shows a line without an article.
  if (line.fk_product !== undefined) return needId(line.fk_product, 'Product')
  if (['tip', 'deposit', 'giftCard'].includes(line.kind)) return serviceProduct(session, 'fee')
  throw new Problem(
    'refused',
    `Line "${line.name}" names no product. Give it one in the shop, or enter it in Dolibarr by hand.`,
  )
}

/**
 * Three ways to say an amount: the price as it is, the price with a discount, the amount divided by the quantity. The
 * first exact one is taken, else the last, which comes closest; the rounding line bears the rest.
 */
function priceOf({ settings }: Session, row: OrderWrite, line: OrderWrite['lines'][number]) {
  const even = round(divide(line.net, line.qty, 12), settings.unitDecimals)
  // A gross price says nothing of the net one; the line's amount does.
  const price = row.tax_included ? even : round(line.unit_price, settings.unitDecimals)
  const whole = multiply(price, line.qty)
  const percent = isZero(whole)
    ? '0'
    : round(multiply(divide(subtract(whole, line.net), whole, 12), '100'), 3)
  const ways = [
    { subprice: price, remise_percent: '0' },
    ...(compare(percent, '0') > 0 ? [{ subprice: price, remise_percent: percent }] : []),
  ]
  const exact = ways.find(way => equal(comesTo(way, line.qty), line.net))
  return exact ?? { subprice: even, remise_percent: '0' }
}

function comesTo(way: { subprice: string; remise_percent: string }, quantity: string): string {
  const left = divide(subtract('100', way.remise_percent), '100', 12)
  return round(multiply(multiply(way.subprice, quantity), left), 2)
}

function rateOf(line: {
  readonly name: string
  readonly rates?: readonly string[] | undefined
  readonly tax: string
}): string {
  const rates = (line.rates ?? []).filter(rate => !isZero(rate))
  const [rate = '0'] = rates
  if (rates.length > 1)
    throw new Problem(
      'refused',
      `Line "${line.name}" has taxes of ${rates.join(' % and ')} %, and a line in Dolibarr has one. Enter it there by hand.`,
    )
  if (rates.length === 0 && !isZero(line.tax))
    throw new Problem(
      'refused',
      `Line "${line.name}" has ${line.tax} of tax, and the shop does not say at which rate. Correct its taxes there.`,
    )
  return rate
}

export function sameLines(there: readonly Row[], wanted: readonly OrderLine[]): boolean {
  return there.length === wanted.length && wanted.every((line, index) => sameLine(there[index] ?? {}, line))
}

const FIGURES = ['fk_product', 'qty', 'subprice', 'remise_percent', 'tva_tx'] as const
function sameLine(there: Row, wanted: OrderLine): boolean {
  return FIGURES.every(field => equal(textIn(there[field]) || '0', String(wanted[field])))
}

/** How far two totals may be apart and still be made equal: so much for each line, and the shop's own rounding. */
export function mayDiffer(session: Session, row: OrderWrite, difference: string): boolean {
  const lines = String(Math.max(row.lines.length + (row.charges ?? []).length, 1))
  const most = multiply(session.settings.tolerance, lines)
  return compare(absolute(subtract(difference, row.rounding ?? '0')), most) > 0
}
