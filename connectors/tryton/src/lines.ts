import { allocate, isZero, multiply, negate, sumMoney, type Amount } from '@linchpin/model'
import { z } from 'zod'
import { decimalText, idText, unitName } from './fields.ts'
import type { Session } from './session.ts'
import { percentOf } from './wire.ts'

/**
 * The lines of orders and invoices. Tryton taxes a document, not its lines: the tax of each rate is computed on the sum
 * of its lines. Our lines carry a tax each, so it is shared out to the cent, and they add up to Tryton's own figure.
 */

/** What a line is to us: the service products of the settings are charges and rounding, text lines are notes. */
export type Role = 'item' | 'shipping' | 'payment' | 'rounding' | 'note'

const taxOfLine = z.looseObject({ id: z.int(), rate: z.string().nullable(), name: z.string() })

/** As Tryton answers it. */
export const rawLine = z.looseObject({
  id: z.int(),
  type: z.string(),
  quantity: z.number().nullable(),
  unit: z.looseObject({ symbol: z.string() }).nullable(),
  unit_price: z.string().nullable(),
  amount: z.string().nullable(),
  description: z.string().nullable(),
  note: z.string().nullable(),
  product: z
    .looseObject({ id: z.int(), code: z.string().nullable(), name: z.string(), type: z.string() })
    .nullable(),
  taxes: z.array(taxOfLine),
})

/** With what we add: its role, and its share of the document's tax. */
export const billedLine = rawLine.extend({
  role: z.enum(['item', 'shipping', 'payment', 'rounding', 'note']),
  amount: z.string(),
  tax_amount: z.string(),
  gross_amount: z.string(),
  tax_list: z.array(z.object({ rate: z.string(), amount: z.string(), name: z.string() })),
})

type RawLine = z.infer<typeof rawLine>

export const lineFields = [
  ...'type quantity unit.symbol unit_price amount description note'.split(' '),
  ...'product.code product.name product.type taxes.rate taxes.name'.split(' '),
].map(name => `lines.${name}`)

interface RawDocument {
  readonly currency: { readonly code: string }
  readonly lines: readonly RawLine[]
  readonly untaxed_amount: string
  readonly tax_amount: string
}

/** The document's lines with their roles and taxes, and what its rounding lines come to. */
export function billed(session: Session, raw: RawDocument, taxes = taxesByRate(raw)) {
  const { code } = raw.currency
  const shares = shareTaxes(raw, taxes)
  const lines = raw.lines.map((line, index) => {
    const tax_list = shares[index] ?? []
    const amount = line.amount ?? '0.00'
    const tax_amount = sumMoney(
      tax_list.map(each => each.amount),
      code,
    )
    const gross_amount = sumMoney([amount, tax_amount], code)
    return { ...line, role: roleOf(session, line), amount, tax_amount, gross_amount, tax_list }
  })
  const rounding = lines.filter(line => line.role === 'rounding').map(line => line.amount)
  const rounding_amount = sumMoney(rounding, code)
  return { lines, rounding_amount, net_amount: sumMoney([raw.untaxed_amount, negate(rounding_amount)], code) }
}

function roleOf({ settings }: Session, line: RawLine): Role {
  const { shipping, fee, rounding } = settings.services
  if (line.type !== 'line') return 'note'
  const code = line.product?.code
  if (code === shipping) return 'shipping'
  if (code === fee) return 'payment'
  return code === rounding ? 'rounding' : 'item'
}

/** The tax of one rate on a whole document: a fact where Tryton tells it (invoices), else shared from the sum (orders). */
export interface RateTax {
  readonly tax: number
  readonly amount: Amount
}

function taxesByRate({ lines, tax_amount, currency }: RawDocument): readonly RateTax[] {
  const used = new Map(lines.flatMap(line => line.taxes).map(tax => [tax.id, tax]))
  const ids = [...used.keys()]
  const sign = tax_amount.startsWith('-') ? '-1' : '1'
  const weights = ids.map(id => {
    const bases = lines.filter(line => line.taxes.some(tax => tax.id === id)).map(line => line.amount ?? '0')
    return multiply(multiply(sumMoney(bases, currency.code), used.get(id)?.rate ?? '0'), sign)
  })
  if (ids.length === 0 || weights.every(isZero)) return []
  const amounts = allocate(tax_amount, weights, currency.code)
  return ids.map((tax, index) => ({ tax, amount: amounts[index] ?? '0' }))
}

function shareTaxes({ lines, currency }: RawDocument, taxes: readonly RateTax[]) {
  const shares = lines.map(() => [] as { rate: string; amount: Amount; name: string }[])
  for (const { tax: id, amount } of taxes) {
    const places = lines.flatMap((line, at) => (line.taxes.some(tax => tax.id === id) ? [at] : []))
    const sign = amount.startsWith('-') ? '-1' : '1'
    const bases = places.map(at => multiply(lines[at]?.amount ?? '0', sign))
    const parts = allocate(amount, bases, currency.code)
    for (const [index, at] of places.entries()) {
      const tax = lines[at]?.taxes.find(each => each.id === id)
      const rate = percentOf(tax?.rate ?? '0')
      shares[at]?.push({ rate, amount: parts[index] ?? '0.00', name: tax?.name ?? '' })
    }
  }
  return shares
}

const lineKind = {
  when: { is: ['role', { constant: 'note' }] },
  then: { constant: 'note' },
  else: { lookup: { goods: 'item', assets: 'item' }, of: 'product.type', else: { constant: 'service' } },
} as const

/** The mapping of the lines that are goods, services or notes. */
export const itemFields = {
  id: idText('id'),
  kind: lineKind,
  product: { when: { has: 'product' }, then: idText('product.id') },
  sku: 'product.code',
  name: { first: ['product.name', 'description', 'note', { constant: '–' }] },
  quantity: { first: [decimalText('quantity'), { constant: '0' }] },
  unit: unitName('unit.symbol'),
  unitPrice: { first: ['unit_price', { constant: '0' }] },
  net: 'amount',
  tax: 'tax_amount',
  gross: 'gross_amount',
  taxes: 'tax_list',
} as const
export const isItem = { in: ['role', ['item', 'note']] } as const

export const chargeFields = {
  id: idText('id'),
  kind: 'role',
  name: { first: ['description', 'product.name'] },
  net: 'amount',
  tax: 'tax_amount',
  gross: 'gross_amount',
  taxes: 'tax_list',
} as const
export const isCharge = { in: ['role', ['shipping', 'payment']] } as const

export const totalsFields = {
  object: {
    net: 'net_amount',
    tax: 'tax_amount',
    rounding: { when: { not: { in: ['rounding_amount', ['0.00', '0']] } }, then: 'rounding_amount' },
    payable: 'total_amount',
  },
} as const
