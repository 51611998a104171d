import { Problem } from '@linchpin/connector'
import { allocate, divide, equal, multiply, roundMoney, subtract, sum, sumMoney } from '@linchpin/model'
import { z } from 'zod'
import { decimal, less, withAndWithout } from './money.ts'
import { orderRow, type OrderRow } from './order-row.ts'

/**
 * The row of an answer. Medusa rounds nothing and lowers its totals when goods come back, so each line is reckoned here
 * from its price, discounts and rates, for all of its pieces, and rounded to the currency.
 */
export function decodeOrder(answered: unknown): OrderRow {
  const found = wire.safeParse(withoutRaw(answered))
  if (!found.success) throw surprise(found.error)
  const { shipping_methods, payment_collections, total, ...order } = found.data
  const currency = order.currency_code.toUpperCase()
  const inclusive = order.items.filter(each => each.is_tax_inclusive).length * 2 > order.items.length
  const wholeOf = (promotion: string | null | undefined) =>
    order.promotions.some(each => each.id === promotion && each.application_method?.target_type === 'order')
  const reckon = reckoner({ currency, inclusive, wholeOf })
  const items = order.items.map(each => ({ ...each, ...reckon(each, each.unit_price, each.quantity) }))
  const charges = shipping_methods.map(each => ({ ...each, ...reckon(each, each.amount, 1) }))
  const payments = payment_collections
    .flatMap(each => each.payments)
    .map(each => ({ ...each, value: roundMoney(decimal(each.amount), currency) }))
  const row = orderRow.safeParse({
    ...order,
    inclusive,
    items,
    charges,
    order_discounts: ofTheOrder([...items, ...charges], currency),
    payments,
    shipped: shippedOf(order.items),
    sums: { ...totals([...items, ...charges], order, total, currency), ...paid(payments, currency) },
  })
  if (!row.success) throw surprise(row.error)
  return row.data
}

interface Terms {
  readonly currency: string
  readonly inclusive: boolean
  readonly wholeOf: (promotion: string | null | undefined) => boolean
}

type Part = Pick<z.infer<typeof part>, 'is_tax_inclusive' | 'tax_lines' | 'adjustments'>

function reckoner({ currency, inclusive, wholeOf }: Terms) {
  const round = (amount: string) => roundMoney(amount, currency)
  return ({ is_tax_inclusive, tax_lines, adjustments }: Part, unit: number, quantity: number) => {
    const rates = tax_lines.map(({ rate }) => decimal(rate))
    const amount = multiply(decimal(unit), decimal(quantity))
    const before = withAndWithout({ amount, inclusive: is_tax_inclusive, rates })
    const cuts = adjustments.map(each => {
      const cut = { amount: decimal(each.amount), inclusive: each.is_tax_inclusive ?? false, rates }
      return withAndWithout(cut)
    })
    const after = cuts.reduce(less, before)
    const [net, gross] = inclusive
      ? [subtract(round(after.gross), round(subtract(after.gross, after.net))), round(after.gross)]
      : [round(after.net), sumMoney([round(after.net), round(subtract(after.gross, after.net))], currency)]
    const basis = inclusive ? 'gross' : 'net'
    const off = subtract(round(before[basis]), inclusive ? gross : net)
    const shares =
      adjustments.length === 0
        ? []
        : allocate(
            off,
            cuts.map(cut => cut[basis]),
            currency,
          )
    const taxes = tax_lines.length === 0 ? [] : allocate(subtract(gross, net), rates, currency)
    return {
      price:
        is_tax_inclusive === inclusive || quantity === 0
          ? decimal(unit)
          : divide(before[basis], decimal(quantity)),
      amounts: { net, tax: subtract(gross, net), gross },
      taxes: tax_lines.map((each, at) => ({ rate: rates[at], name: each.description, amount: taxes[at] })),
      discounts: adjustments.map((each, at) => ({
        id: each.promotion_id ?? each.code ?? each.id,
        code: each.code,
        whole: wholeOf(each.promotion_id),
        amount: shares[at],
      })),
    }
  }
}

interface Reckoned {
  readonly amounts: { readonly net: string; readonly tax: string; readonly gross: string }
  readonly discounts: readonly {
    readonly id: string
    readonly code?: string | null | undefined
    readonly whole: boolean
    readonly amount: string | undefined
  }[]
}

/** The sums of the lines' shares. */
function ofTheOrder(parts: readonly Reckoned[], currency: string) {
  const found = new Map<string, { id: string; code?: string | null | undefined; amount: string }>()
  for (const { id, code, whole, amount = '0' } of parts.flatMap(({ discounts }) => discounts))
    if (whole) found.set(id, { id, code, amount: sumMoney([found.get(id)?.amount ?? '0', amount], currency) })
  return [...found.values()]
}

/**
 * What the customer was to pay is Medusa's own total, rounded, unless goods came back or money was credited: both lower
 * it without end, and the order stays what was ordered.
 */
function totals(
  parts: readonly Reckoned[],
  { items, credit_lines }: Pick<z.infer<typeof wire>, 'items' | 'credit_lines'>,
  total: number,
  currency: string,
) {
  const net = sumMoney(
    parts.map(({ amounts }) => amounts.net),
    currency,
  )
  const tax = sumMoney(
    parts.map(({ amounts }) => amounts.tax),
    currency,
  )
  const added = sumMoney([net, tax], currency)
  const isLess = ({
    detail: { return_received_quantity: kept, return_dismissed_quantity: lost },
  }: (typeof items)[number]) => kept + lost > 0
  const isWhole = credit_lines.length === 0 && !items.some(isLess)
  const payable = isWhole ? roundMoney(decimal(total), currency) : added
  return { net, tax, payable, rounding: equal(payable, added) ? '0' : subtract(payable, added) }
}

function paid(payments: readonly z.infer<typeof payment>[], currency: string) {
  const live = payments.filter(({ canceled_at }) => !canceled_at)
  const added = (amounts: readonly { readonly amount: number }[]) =>
    roundMoney(sum(amounts.map(({ amount }) => decimal(amount))), currency)
  return {
    captured: added(live.flatMap(({ captures }) => captures)),
    refunded: added(payments.flatMap(({ refunds }) => refunds)),
    authorized: added(live.filter(({ captures }) => captures.length === 0)),
  }
}

/** Medusa's own `fulfillment_status` depends on which fields were asked for beside it. */
function shippedOf(items: z.infer<typeof wire>['items']): 'none' | 'partial' | 'complete' {
  const gone = ({ detail, requires_shipping }: (typeof items)[number]) =>
    requires_shipping
      ? Math.max(detail.shipped_quantity, detail.delivered_quantity)
      : detail.fulfilled_quantity
  if (items.every(each => gone(each) >= each.quantity)) return items.length > 0 ? 'complete' : 'none'
  return items.some(each => gone(each) > 0) ? 'partial' : 'none'
}

/** Beside each amount stands the same once more, in Medusa's own way of keeping it. */
function withoutRaw(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRaw)
  if (value === null || typeof value !== 'object') return value
  const fields = Object.entries(value).filter(([name]) => !name.startsWith('raw_'))
  return Object.fromEntries(
    fields.map(([name, field]) => [name, name === 'metadata' || name === 'data' ? field : withoutRaw(field)]),
  )
}

function surprise(error: z.ZodError): Problem {
  const where = error.issues[0]?.path.join('.') ?? ''
  return new Problem('surprise', `Medusa told an order in a way that we do not understand (${where}).`)
}

const text = z.string()
const part = z.looseObject({
  is_tax_inclusive: z.boolean(),
  tax_lines: z.array(z.looseObject({ rate: z.number(), description: text.nullish() })),
  adjustments: z.array(
    z.looseObject({
      id: text,
      amount: z.number(),
      code: text.nullish(),
      promotion_id: text.nullish(),
      is_tax_inclusive: z.boolean().nullish(),
    }),
  ),
})
const payment = z.looseObject({
  amount: z.number(),
  canceled_at: text.nullish(),
  captures: z.array(z.looseObject({ amount: z.number() })),
  refunds: z.array(z.looseObject({ amount: z.number() })),
})

const detail = z.looseObject({
  fulfilled_quantity: z.number(),
  shipped_quantity: z.number(),
  delivered_quantity: z.number(),
  return_received_quantity: z.number(),
  return_dismissed_quantity: z.number(),
})

/** An order as it comes. */
const wire = z.looseObject({
  currency_code: text,
  total: z.number(),
  items: z.array(
    part.extend({
      unit_price: z.number(),
      quantity: z.number(),
      requires_shipping: z.boolean(),
      detail,
    }),
  ),
  shipping_methods: z.array(part.extend({ amount: z.number() })),
  promotions: z.array(
    z.looseObject({ id: text, application_method: z.looseObject({ target_type: text }).nullish() }),
  ),
  credit_lines: z.array(z.unknown()),
  payment_collections: z.array(z.looseObject({ payments: z.array(payment) })),
})
