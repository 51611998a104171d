import type { Expression } from '@linchpin/mapping'
import { z } from 'zod'
import { figure, text } from './rows.ts'

/** What lines of orders and of invoices have in common. */
export const lineShape = {
  id: figure,
  fk_product: figure.optional(),
  product_ref: text,
  product_label: text,
  desc: text,
  qty: figure,
  /** One piece without tax and before `remise_percent`. */
  subprice: figure,
  remise_percent: figure.optional(),
  tva_tx: figure.optional(),
  total_ht: figure,
  total_tva: figure,
  total_ttc: figure,
  role: z.enum(['item', 'service', 'shipping', 'fee', 'rounding', 'note']),
  /** `tva_tx` and `total_tva`, unless there is no tax on it. */
  taxes: z.array(z.object({ rate: z.string(), amount: z.string() })),
  /** `remise_percent` as money. */
  discounts: z.array(z.object({ amount: z.string(), base: z.string() })),
}

/** A credit note's amounts are negative in Dolibarr, and positive here. */
const money = (field: string, sign: Sign): Expression => {
  const value = { format: 'decimal', of: field } as const
  return sign === '-' ? { format: 'negate', of: value } : value
}
type Sign = '+' | '-'

const taxes = (sign: Sign): Expression => ({
  each: 'taxes',
  as: { rate: { format: 'decimal', of: 'rate' }, amount: money('amount', sign) },
})

export function linesOf(path: string, sign: Sign = '+'): Expression {
  return {
    each: path,
    where: { in: ['role', ['item', 'service']] },
    as: {
      id: { format: 'text', of: 'id' },
      kind: 'role',
      product: { format: 'text', of: 'fk_product' },
      sku: 'product_ref',
      name: { first: ['product_label', { format: 'plain', of: 'desc' }, { constant: '–' }] },
      quantity: { format: 'decimal', of: 'qty' },
      unitPrice: money('subprice', sign),
      discounts: { each: 'discounts', as: { amount: 'amount', base: 'base', of: { constant: 'line' } } },
      net: money('total_ht', sign),
      tax: money('total_tva', sign),
      gross: money('total_ttc', sign),
      taxes: taxes(sign),
    },
  }
}

export function chargesOf(path: string, sign: Sign = '+'): Expression {
  return {
    each: path,
    where: { in: ['role', ['shipping', 'fee']] },
    as: {
      id: { format: 'text', of: 'id' },
      kind: {
        when: { is: ['role', { constant: 'shipping' }] },
        then: { constant: 'shipping' },
        else: { constant: 'payment' },
      },
      name: { first: [{ format: 'plain', of: 'desc' }, 'product_label', { constant: '–' }] },
      code: 'product_ref',
      net: money('total_ht', sign),
      tax: money('total_tva', sign),
      gross: money('total_ttc', sign),
      taxes: taxes(sign),
    },
  }
}

/** Net and tax of all but the rounding line, which is what the payable sum is more than those. */
export function lineTotals(path: string, payable: string, sign: Sign = '+'): Expression {
  const sum = (field: string): Expression => ({
    calculate: 'sum',
    of: [
      {
        each: path,
        where: { in: ['role', ['item', 'service', 'shipping', 'fee']] },
        as: { value: money(field, sign) },
      },
    ],
  })
  const whole = money(payable, sign)
  return {
    object: {
      net: sum('total_ht'),
      tax: sum('total_tva'),
      rounding: { calculate: 'subtract', of: [whole, sum('total_ht'), sum('total_tva')] },
      payable: whole,
    },
  }
}
