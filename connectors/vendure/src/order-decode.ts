import { Problem } from '@linchpin/connector'
import { allocate, divide, multiply, subtract, sumMoney } from '@linchpin/model'
import { z } from 'zod'
import { plain, withAmounts } from './money.ts'
import { orderAddress, orderDiscount, orderRow, type OrderRow } from './order-row.ts'
import type { Facts, Session } from './session.ts'

/** The row of an answer: Money as text, and what belongs together put together. */
export function decodeOrder(session: Session, facts: Facts, answered: unknown): OrderRow {
  const found = wire.safeParse(withAmounts(answered, facts.precision))
  if (!found.success) throw surprise(found.error)
  const order = found.data
  const { currencyCode } = order
  const promotionOf = ({ adjustmentSource }: { readonly adjustmentSource: string }) =>
    order.promotions.find(({ id }) => adjustmentSource === `PROMOTION:${id}`) ?? null
  const withPromotion = <Each extends { readonly adjustmentSource: string }>(each: Each) => ({
    ...each,
    promotion: promotionOf(each),
  })
  const lines = order.lines.map(each => ({
    ...each,
    discounts: each.discounts.map(withPromotion),
    taxLines: shared(each.taxLines, each.proratedLinePrice, each.proratedLinePriceWithTax, currencyCode),
  }))
  const row = orderRow.safeParse({
    ...order,
    channel: facts.channel,
    customer: order.customer && {
      ...order.customer,
      vatId: order.customer.customFields?.[session.settings.customFields.vatId] ?? null,
    },
    billingAddress: order.billingAddress?.countryCode ? order.billingAddress : null,
    shippingAddress: order.shippingAddress?.countryCode ? order.shippingAddress : null,
    lines,
    charges: [
      ...order.shippingLines.map(each => ({
        id: `shipping-${each.id}`,
        kind: 'shipping',
        ...each.shippingMethod,
        net: each.discountedPrice,
        gross: each.discountedPriceWithTax,
        discounts: each.discounts.map(withPromotion),
        taxLines: shared(
          [shippingTax(each, order.taxSummary)],
          each.discountedPrice,
          each.discountedPriceWithTax,
          currencyCode,
        ),
      })),
      ...order.surcharges.map(each => ({
        id: `surcharge-${each.id}`,
        kind: 'other',
        name: each.description,
        code: each.sku,
        net: each.price,
        gross: each.priceWithTax,
        discounts: [],
        taxLines: shared(each.taxLines, each.price, each.priceWithTax, currencyCode),
      })),
    ],
    orderDiscounts: orderDiscounts(lines, currencyCode),
    payments: order.payments ?? [],
    fulfillments: order.fulfillments ?? [],
    notes: order.notes.items,
  })
  if (!row.success) throw surprise(row.error)
  return row.data
}

type Discount = z.infer<typeof orderDiscount>

/** The sums of the lines' shares. Vendure's own `discounts` mix those of the order with those of single lines. */
function orderDiscounts(lines: readonly { discounts: readonly Discount[] }[], currency: string): Discount[] {
  const bySource = new Map<string, Discount>()
  for (const each of lines.flatMap(({ discounts }) => discounts)) {
    if (each.type !== 'DISTRIBUTED_ORDER_PROMOTION') continue
    const so = bySource.get(each.adjustmentSource)
    const add = (name: 'amount' | 'amountWithTax') => sumMoney([so?.[name] ?? '0', each[name]], currency)
    bySource.set(each.adjustmentSource, {
      ...each,
      amount: add('amount'),
      amountWithTax: add('amountWithTax'),
    })
  }
  return [...bySource.values()]
}

interface Rate {
  readonly description: string
  readonly taxRate: number
}

/** Tax by rate: Vendure tells the rates, and one sum for all of them. */
function shared(rates: readonly Rate[], net: string, gross: string, currency: string) {
  const amounts = allocate(
    subtract(gross, net),
    rates.map(({ taxRate }) => plain(taxRate)),
    currency,
  )
  return rates.map((each, at) => ({ ...each, taxRate: plain(each.taxRate), amount: amounts[at] ?? '0' }))
}

/** The rate among those of the order that comes nearest to what the prices say; with nothing to tell by, none. */
function shippingTax(
  { price, priceWithTax }: { readonly price: string; readonly priceWithTax: string },
  summary: readonly Rate[],
): Rate {
  const own = summary.filter(({ description }) => description === 'shipping tax')
  const candidates = own.length > 0 ? own : summary
  const seen =
    Number(price) === 0 ? null : Number(multiply(subtract(divide(priceWithTax, price), '1'), '100'))
  const distance = ({ taxRate }: Rate) => (seen === null ? 0 : Math.abs(taxRate - seen))
  const [nearest] = candidates.toSorted((left, right) => distance(left) - distance(right))
  return nearest ?? { description: 'shipping tax', taxRate: 0 }
}

function surprise(error: z.ZodError): Problem {
  const where = error.issues[0]?.path.join('.') ?? ''
  return new Problem('surprise', `Vendure told an order in a way that we do not understand (${where}).`)
}

const text = z.string()
const maybe = text.nullish()
const rate = z.looseObject({ description: text, taxRate: z.number() })
const bareDiscount = orderDiscount.omit({ promotion: true })

/** An order as it comes, but for its Money. */
const wire = z.looseObject({
  currencyCode: text,
  customer: z.looseObject({ customFields: z.record(text, z.unknown()).nullish() }).nullable(),
  billingAddress: orderAddress.nullable(),
  shippingAddress: orderAddress.nullable(),
  lines: z.array(
    z.looseObject({
      proratedLinePrice: text,
      proratedLinePriceWithTax: text,
      discounts: z.array(bareDiscount),
      taxLines: z.array(rate),
    }),
  ),
  surcharges: z.array(
    z.looseObject({
      id: text,
      description: text,
      sku: maybe,
      price: text,
      priceWithTax: text,
      taxLines: z.array(rate),
    }),
  ),
  promotions: z.array(z.looseObject({ id: text })),
  shippingLines: z.array(
    z.looseObject({
      id: text,
      shippingMethod: z.looseObject({ code: text, name: text }),
      price: text,
      priceWithTax: text,
      discountedPrice: text,
      discountedPriceWithTax: text,
      discounts: z.array(bareDiscount),
    }),
  ),
  taxSummary: z.array(rate),
  payments: z.array(z.unknown()).nullable(),
  fulfillments: z.array(z.unknown()).nullable(),
  notes: z.looseObject({ items: z.array(z.unknown()) }),
})
