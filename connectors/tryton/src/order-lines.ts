import { Problem } from '@linchpin/connector'
import { divide, isZero, round } from '@linchpin/model'
import { z } from 'zod'
import { serviceProduct, sellables, taxId, type Sellable } from './lookups.ts'
import { numbers, remembered, type Session } from './session.ts'
import { wire } from './wire.ts'

const taxRow = z.looseObject({ rate: z.string(), amount: z.string() })

export const lineRow = z.looseObject({
  kind: z.string(),
  product: z.string().optional(),
  description: z.string(),
  note: z.string().optional(),
  quantity: z.string(),
  /** After all discounts, without tax. */
  amount: z.string(),
  tax_amount: z.string(),
  taxes: z.array(taxRow).optional(),
})
export const chargeRow = lineRow.omit({ product: true, quantity: true })
export type LineRow = z.infer<typeof lineRow>
export type ChargeRow = z.infer<typeof chargeRow>

/** A line as Tryton takes it, in our types: compared with what is there, and encoded when it is sent. */
export interface SaleLine {
  /** 'line' or 'comment'; people also make 'subtotal' and 'title'. */
  readonly type: string
  readonly product: number | null
  readonly unit: number | null
  readonly quantity: number | null
  readonly unit_price: string | null
  readonly description: string | null
  readonly note: string | null
  readonly taxes: readonly number[]
}

/** The lines that an order shall have. Taxes are not defaulted over RPC, nor are units, so each line carries its own. */
export async function saleLines(
  session: Session,
  rows: readonly LineRow[],
  charges: readonly ChargeRow[],
): Promise<SaleLine[]> {
  const wanted = numbers(rows.flatMap(row => row.product ?? []))
  const found = wanted.length === 0 ? [] : await sellables(session, [['id', 'in', wanted]])
  const lines: SaleLine[] = []
  for (const row of rows) lines.push(await saleLine(session, row, found))
  for (const row of charges) {
    const product = await serviceProduct(session, row.kind === 'shipping' ? 'shipping' : 'fee')
    lines.push(await lineWith(session, { ...row, quantity: '1' }, product))
  }
  return lines
}

async function saleLine(session: Session, row: LineRow, found: readonly Sellable[]): Promise<SaleLine> {
  if (row.kind === 'note') return noteLine(row)
  // Tips, gift cards and deposits that are no product in Tryton are booked on the product for fees.
  if (row.product === undefined) return lineWith(session, row, await serviceProduct(session, 'fee'))
  const product = found.find(each => String(each.id) === row.product)
  if (!product)
    throw new Problem(
      'refused',
      `"${row.description}" is linked to product ${row.product}, which Tryton no longer has.`,
    )
  if (!product.salable)
    throw new Problem(
      'refused',
      `Product ${product.code ?? product.id} is not salable in Tryton. Tick "Salable" there and try again.`,
    )
  return lineWith(session, row, product)
}

async function lineWith(session: Session, row: LineRow, product: Sellable): Promise<SaleLine> {
  if (isZero(row.quantity))
    throw new Problem(
      'refused',
      `"${row.description}" has the quantity 0, which makes no line in Tryton. Correct it in the shop.`,
    )
  const taxes = await taxesOf(session, row, product)
  const unitPrice = divide(row.amount, row.quantity, 12)
  return {
    type: 'line',
    product: product.id,
    unit: product.sale_uom ?? product.default_uom,
    quantity: Number(row.quantity),
    unit_price: round(unitPrice, await priceDecimals(session)),
    description: row.description,
    note: row.note ?? null,
    taxes,
  }
}

async function taxesOf(session: Session, row: LineRow, product: Sellable): Promise<number[]> {
  const rates = [...new Set((row.taxes ?? []).map(tax => tax.rate))].filter(rate => !isZero(rate))
  if (rates.length === 0 && !isZero(row.tax_amount))
    throw new Problem(
      'refused',
      `"${row.description}" carries ${row.tax_amount} of tax without a rate, so no tax of Tryton's fits.`,
    )
  const found: number[] = []
  for (const rate of rates) found.push(await taxId(session, rate, product.taxes))
  return found.toSorted((left, right) => left - right)
}

const noteLine = (row: LineRow): SaleLine => ({
  type: 'comment',
  product: null,
  unit: null,
  quantity: null,
  unit_price: null,
  description: row.description,
  note: row.note ?? null,
  taxes: [],
})

/** A line for what is left between two totals: untaxed, so that it moves the total by just this. */
export async function roundingLine(session: Session, amount: string): Promise<SaleLine> {
  const product = await serviceProduct(session, 'rounding')
  const line = await lineWith(
    session,
    { kind: 'rounding', description: product.name, quantity: '1', amount, tax_amount: '0' },
    product,
  )
  return { ...line, note: "Tryton's taxes and unit prices are rounded otherwise than the shop's." }
}

export const encoded = ({ unit_price, taxes, ...line }: SaleLine) => ({
  ...line,
  unit_price: unit_price === null ? null : wire.decimal(unit_price),
  taxes: [['add', taxes]],
})

/** How many decimals a price may have: four, unless the server's own settings say otherwise. */
function priceDecimals(session: Session): Promise<number> {
  return remembered(session, 'price decimals', async () => {
    const shape = z.object({
      unit_price: z.looseObject({ digits: z.union([z.string(), z.array(z.unknown())]).nullish() }),
    })
    const { unit_price } = await session.client.ask(shape, 'model.sale.line.fields_get', [['unit_price']])
    const digits =
      typeof unit_price.digits === 'string' ? (JSON.parse(unit_price.digits) as unknown) : unit_price.digits
    const decimals = Array.isArray(digits) ? digits[1] : null
    return typeof decimals === 'number' ? decimals : 4
  })
}
