import { Problem } from '@linchpin/connector'
import { absolute, add, compare, divide, isZero, multiply, round, subtract, sum } from '@linchpin/model'
import { locationIdentifier } from './addresses.ts'
import { poReference, searchKey } from './identifiers.ts'
import type { ChargeRow, LineRow, OrderRow } from './order-row.ts'
import type { Settings } from './settings.ts'

/** One order candidate before it is written out: what is sold, at which price, under which rate of tax. */
export interface Candidate {
  readonly externalLineId: string
  readonly productIdentifier: string
  readonly productDescription: string
  readonly qty: string
  readonly uomCode: string | undefined
  readonly price: string
  readonly rate: string
}

/**
 * Pure: the candidates of an order. metasfresh taxes a document as a whole, by rate, from the product's tax category;
 * a shop taxes its lines. A cent between the two goes to the untaxed rounding product.
 */
export function candidatesOf(settings: Settings, row: OrderRow): readonly Candidate[] {
  const lines = [
    ...row.lines.map(line => candidateOf(settings, line, line.productIdentifier ?? null)),
    ...row.charges.flatMap(charge => ofCharge(settings, charge)),
  ]
  const rest = subtract(row.total, totalOf(lines))
  const most = multiply(settings.tolerance, String(lines.length))
  if (isZero(rest) || settings.rounding === null || compare(absolute(rest), most) > 0) return lines
  return [...lines, roundingOf(settings.rounding, rest)]
}

/** What metasfresh will reckon for these: net by line, tax by rate over all lines of it. */
function totalOf(lines: readonly Candidate[]): string {
  const nets = lines.map(netOf)
  const rates = [...new Set(lines.map(line => line.rate))]
  const taxes = rates.map(rate => {
    const base = sum(lines.flatMap((line, at) => (line.rate === rate ? [nets[at] ?? '0'] : [])))
    return round(divide(multiply(base, rate), '100'), 2)
  })
  return add(sum(nets), sum(taxes))
}

const netOf = ({ price, qty }: Candidate) => round(multiply(price, qty), 2)

function candidateOf(settings: Settings, line: LineRow, product: string | null): Candidate {
  if (isZero(line.qty))
    throw new Problem(
      'refused',
      `"${line.productDescription}" has the quantity 0, which makes no line. Correct it in the shop.`,
    )
  const rate = rateOf(line)
  return {
    externalLineId: line.externalLineId,
    // Tips, gift cards and deposits that are no product in metasfresh are booked on the product for fees.
    productIdentifier: product ?? searchKey(productFor(settings, 'fees', rate)),
    productDescription: line.productDescription,
    qty: line.qty,
    uomCode: line.uomCode,
    price: round(divide(line.net, line.qty, 12), settings.priceDecimals),
    rate,
  }
}

/** A charge of several rates becomes a line a rate, each with its share: "one freight line per VAT rate". */
function ofCharge(settings: Settings, charge: ChargeRow): Candidate[] {
  const taxes = (charge.taxes ?? []).filter(({ rate }) => !isZero(rate))
  const kind = charge.kind === 'shipping' ? 'freight' : 'fees'
  const whole = { ...charge, qty: '1' }
  if (taxes.length <= 1) {
    const product = searchKey(productFor(settings, kind, taxes[0]?.rate ?? '0'))
    return [candidateOf(settings, whole, product)]
  }
  const shares = taxes.map(({ rate, amount }) => round(divide(multiply(amount, '100'), rate), 2))
  const last = subtract(charge.net, sum(shares.slice(0, -1)))
  return taxes.map((tax, at) => {
    const net = at === taxes.length - 1 ? last : (shares[at] ?? '0')
    const externalLineId = `${charge.externalLineId}-${tax.rate}`
    const product = searchKey(productFor(settings, kind, tax.rate))
    return candidateOf(settings, { ...whole, externalLineId, net, tax: tax.amount, taxes: [tax] }, product)
  })
}

function productFor(settings: Settings, kind: 'freight' | 'fees', rate: string): string {
  const product = settings[kind][rate] ?? settings[kind]['*']
  if (product !== undefined) return product
  throw new Problem(
    'settings',
    `No product is named for ${kind} at ${rate} % tax. Add one to the setting ${kind} of this connection.`,
  )
}

function rateOf(line: Pick<LineRow, 'taxes' | 'tax' | 'productDescription'>): string {
  const rates = [...new Set((line.taxes ?? []).map(tax => tax.rate))].filter(rate => !isZero(rate))
  if (rates.length === 1) return rates[0] ?? '0'
  if (rates.length === 0 && isZero(line.tax)) return '0'
  const words =
    rates.length > 1 ? `is taxed at ${rates.join(' and ')} %` : `carries ${line.tax} of tax without a rate`
  throw new Problem('refused', `"${line.productDescription}" ${words}; a line of metasfresh has one rate.`)
}

const roundingOf = (product: string, amount: string): Candidate => ({
  externalLineId: 'rounding',
  productIdentifier: searchKey(product),
  productDescription: 'Rounding',
  qty: '1',
  uomCode: undefined,
  price: amount,
  rate: '0',
})

/** JsonOLCandCreateRequest: the same head on each line, for a candidate knows nothing of its siblings. */
export function requestsFor(settings: Settings, header: string, row: OrderRow, lines: readonly Candidate[]) {
  const partner = row.bPartnerIdentifier
  const at = (address: OrderRow['billAddress']) => ({
    bPartnerIdentifier: partner,
    ...(address ? { bPartnerLocationIdentifier: locationIdentifier(settings, partner, address) } : {}),
  })
  const head = {
    orgCode: settings.org,
    externalSystemCode: settings.system,
    externalHeaderId: header,
    ...(settings.dataSource === undefined ? {} : { dataSource: settings.dataSource }),
    poReference: poReference(row.poReference, header),
    dateOrdered: row.dateOrdered,
    dateRequired: row.dateRequired ?? row.dateOrdered,
    bpartner: at(row.shipAddress ?? row.billAddress),
    billBPartner: at(row.billAddress ?? row.shipAddress),
    currencyCode: row.currencyCode,
    isManualPrice: true,
    discount: 0,
    ...named(row),
    ...row.candidate,
  }
  return lines.map((line, index) => ({
    ...head,
    externalLineId: line.externalLineId,
    line: (index + 1) * 10,
    productIdentifier: line.productIdentifier,
    productDescription: line.productDescription,
    qty: Number(line.qty),
    ...(line.uomCode === undefined ? {} : { uomCode: line.uomCode }),
    price: Number(line.price),
  }))
}

const named = ({ bpartnerName, email, phone }: OrderRow) =>
  Object.fromEntries(
    Object.entries({ bpartnerName, email, phone }).filter(([, value]) => value !== undefined),
  )
