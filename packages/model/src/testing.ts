import fc from 'fast-check'
import { buildDocument, type Draft, type LineDraft, type TaxRate } from './build.ts'
import { fromMinor } from './money.ts'
import { salesOrder, type SalesOrder } from './order.ts'

/** Made-up records for the tests of this package. */

/** An order of one mug at 10.00 EUR net, with what a test says differently. */
export function orderWith(different: Partial<SalesOrder> = {}): SalesOrder {
  return salesOrder.parse({
    id: '1042',
    number: 'W-1042',
    issuedAt: '2026-11-23T10:15:00Z',
    status: 'open',
    fulfilment: 'none',
    invoicing: 'none',
    payment: 'unpaid',
    buyer: { id: '7', kind: 'person', name: 'Ada Byron', email: 'ada@example.com' },
    deliveries: [{ id: 'd1' }],
    ...buildDocument({ currency: 'EUR', taxInclusive: false, lines: [mug()] }),
    ...different,
  })
}

export function mug(different: Partial<LineDraft> = {}): LineDraft {
  return {
    id: '1',
    kind: 'item',
    product: 'p-mug',
    sku: 'MUG-1',
    name: 'Mug',
    quantity: '1',
    unitPrice: '10.00',
    rates: [{ rate: '19' }],
    ...different,
  }
}

/** Any decimal of up to twelve digits and five decimals. */
export const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.nat({ max: 5 }))
  .map(([digits, scale]) => shifted(digits, scale))

export const positives = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 9n }), fc.nat({ max: 4 }))
  .map(([digits, scale]) => shifted(digits, scale))

export const currencies = fc.constantFrom('EUR', 'USD', 'JPY', 'KWD', 'CLF')

const rates: fc.Arbitrary<TaxRate[]> = fc.constantFrom(
  [],
  [{ rate: '0', category: 'Z' }],
  [{ rate: '19', category: 'S' }],
  [{ rate: '7', category: 'S' }],
  [{ rate: '5.5' }],
  [
    { rate: '6.25', name: 'State' },
    { rate: '1.375', name: 'County' },
  ],
)

/** Documents in net and gross prices with every kind of line, cancellations, discounts, charges and rounding. */
export const drafts: fc.Arbitrary<Draft> = currencies.chain(currency => {
  const money = fc.nat({ max: 200_000 }).map(minor => fromMinor(minor, currency))
  const line = fc
    .record({
      kind: fc.constantFrom('item', 'bundle', 'service', 'giftCard', 'tip', 'deposit'),
      quantity: fc.constantFrom('1', '2', '3', '0.5', '12.25', '10000'),
      cancels: fc.constantFrom('none', 'some', 'all'),
      unitPrice: fc.oneof(
        money,
        fc.nat({ max: 999_999 }).map(digits => shifted(BigInt(digits), 4)),
      ),
      rates,
    })
    .map(({ cancels, ...rest }) => ({
      ...rest,
      ...(cancels !== 'none' && { cancelled: cancelled(rest.quantity, cancels) }),
    }))
  const charge = fc.record({ kind: fc.constantFrom('shipping', 'payment'), price: money, rates })
  return fc
    .record({
      taxInclusive: fc.boolean(),
      lines: fc.array(line, { minLength: 1, maxLength: 6 }),
      charges: fc.array(charge, { maxLength: 2 }),
      rounding: fc.constantFrom('0', fromMinor(1, currency), fromMinor(-3, currency)),
      discounts: fc.array(fc.nat({ max: 50 }), { maxLength: 2 }),
    })
    .map(draft => ({
      ...draft,
      currency,
      lines: draft.lines.map(
        (each, index) => ({ ...each, id: `${index + 1}`, name: `Line ${index + 1}` }) as LineDraft,
      ),
      charges: draft.charges.map(
        (each, index) => ({ ...each, id: `c${index + 1}`, name: each.kind }) as const,
      ),
      discounts: draft.discounts.map((minor, index) => ({
        id: `d${index + 1}`,
        amount: fromMinor(minor, currency),
      })),
    }))
})

function cancelled(quantity: string, cancels: 'some' | 'all'): string {
  return cancels === 'all' || Number(quantity) < 1 ? quantity : '1'
}

function shifted(digits: bigint, scale: number): string {
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
  const sign = digits < 0n ? '-' : ''
  return scale === 0 ? sign + text : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`
}
