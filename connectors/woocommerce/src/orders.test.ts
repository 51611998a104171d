import { documentProblems, salesOrder, sum } from '@linchpin/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { list } from './client.ts'
import { orderMapping } from './order-mapping.ts'
import { withRefunds } from './order-read.ts'
import { orderRowOf } from './order-facts.ts'
import { rawOrder, type RawOrder, type RefundRow } from './order-row.ts'
import { orders } from './orders.ts'
import { mugIn } from './rig-tools.ts'
import { fixture, mapped, shopWith } from './testing.ts'

function canonical(raw: unknown, refunds: readonly RefundRow[] = []) {
  return salesOrder.parse(mapped(orderMapping, orderRowOf(rawOrder.parse(raw), refunds)))
}

describe('an order of WooCommerce becomes ours', () => {
  const order = canonical(fixture('order-two-rates-coupon-tip-gift-card'))

  test('it adds up, and the gift card pays instead of making it cheaper', () => {
    expect(documentProblems(order)).toEqual([])
    expect(order.totals).toEqual({ net: '124.79', tax: '17.53', payable: '142.32' })
    expect(order.payments?.map(({ kind, amount, status }) => [kind, amount, status])).toEqual([
      ['payment', '137.83', 'captured'],
      ['giftCard', '4.49', 'captured'],
    ])
  })

  test('lines name the product or its variation, their rates, and their share of the coupon', () => {
    expect(order.lines.map(({ product, kind }) => [product, kind])).toEqual([
      ['21', 'item'],
      ['22', 'item'],
      ['30/32', 'item'],
      [undefined, 'tip'],
    ])
    expect(order.lines[1]).toMatchObject({
      unitPrice: '18.5',
      net: '49.95',
      tax: '3.5',
      taxes: [{ rate: '7', name: 'MwSt. 7 %' }],
      discounts: [{ amount: '5.55', of: 'document', discount: '19', code: 'welcome10' }],
    })
    expect(order.discounts).toEqual([{ id: '19', amount: '13.21', code: 'welcome10' }])
  })

  test('who ordered, for whom, with which VAT number, and what they said', () => {
    expect(order).toMatchObject({
      number: '1042',
      status: 'open',
      payment: 'paid',
      fulfilment: 'none',
      buyerReference: 'PO-7788',
      buyer: { id: '7', kind: 'company', name: 'Nordwind Kaffee GmbH', vatId: 'DE136695976', guest: false },
      deliveries: [{ address: { streetName: 'Speicherstadt 12', country: 'DE' }, method: 'DHL parcel' }],
      charges: [{ kind: 'shipping', net: '4.9', tax: '0.93' }],
      notes: [{ text: 'Please ring twice.', by: 'buyer' }],
    })
  })

  test('custom fields are in the row', () => {
    const row = orderRowOf(rawOrder.parse(fixture('order-two-rates-coupon-tip-gift-card')), [])
    expect(row.meta_data).toContainEqual({ id: 903, key: 'engraving', value: 'For Ada 😈' })
  })
})

describe('an order whose pieces were given back before they were shipped', () => {
  const refunds = fixture('refunds-of-1043') as RefundRow[]
  const order = canonical(fixture('order-gross-guest-refunded-cent-off'), refunds)

  test('has them cancelled, with the amounts of what is left and the cent that WooCommerce is off', () => {
    expect(documentProblems(order)).toEqual([])
    expect(order.lines[0]).toMatchObject({ quantity: '3', cancelled: '1', net: '16.81', tax: '3.19' })
    expect(order.totals).toMatchObject({ rounding: '0.01', payable: '25.84' })
    expect(order.payment).toBe('partiallyRefunded')
  })

  test('is one of a guest, known by e-mail in lower case, and goes to the billing address', () => {
    expect(order.buyer).toMatchObject({ id: 'guest:noor.devries@example.com', guest: true, kind: 'person' })
    expect(order.deliveries[0]?.address).toMatchObject({
      name: 'Noor de Vries',
      streetName: 'Am Sandtorkai 5',
    })
  })

  test('pieces that came back after shipping stay ordered: they are a return', () => {
    const shipped = {
      ...(fixture('order-gross-guest-refunded-cent-off') as object),
      status: 'completed',
      date_completed_gmt: '2026-11-20T11:00:00',
    }
    const returned = canonical(shipped, refunds)
    expect(returned.lines[0]).toMatchObject({ quantity: '3', net: '25.21' })
    expect(returned.lines[0]?.cancelled).toBeUndefined()
    expect(returned).toMatchObject({ status: 'closed', fulfilment: 'complete' })
  })
})

describe('orders of the look-alike of WooCommerce', () => {
  test('whatever is ordered adds up to the figure that the customer was shown', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          isInclusive: fc.boolean(),
          lines: fc.array(
            fc.tuple(fc.integer({ min: 1, max: 99_999 }), fc.integer({ min: 1, max: 500 }), fc.boolean()),
            {
              minLength: 1,
              maxLength: 5,
            },
          ),
          coupon: fc.boolean(),
          shipping: fc.integer({ min: 0, max: 5000 }),
          fee: fc.integer({ min: -500, max: 500 }),
        }),
        async ({ isInclusive, lines, coupon, shipping, fee }) => {
          const { fake, session } = shopWith({}, isInclusive)
          const made = lines.map(([cents, quantity, isReduced], at) => ({
            quantity,
            product: fake.createProduct({
              name: 'Thing',
              sku: `T${at}`,
              regular_price: (cents / 100).toFixed(2),
              tax_class: isReduced ? 'reduced-rate' : '',
            }).id,
          }))
          const { id, total } = fake.placeOrder({
            customer: 1,
            lines: made,
            ...(coupon && { coupon: 'welcome10' }),
            shippingCost: (shipping / 100).toFixed(2),
            fees: [{ name: 'Packing', total: (fee / 100).toFixed(2) }],
          })
          const [shot] = (await orders.get?.(session, [String(id)])) ?? []
          const order = salesOrder.parse(mapped(orderMapping, shot?.row))
          expect(documentProblems(order)).toEqual([])
          expect(order.totals.payable).toBe(sum([total]))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('an edit, a cancellation and a line that is added are read as they stand', async () => {
    const { fake, session } = shopWith()
    const mug = mugIn(fake)
    const { id, line_items: lines } = fake.placeOrder({
      customer: 1,
      lines: [{ product: mug.id, quantity: 2 }],
    })
    fake.updateOrder(id, {
      line_items: [
        { id: lines[0]?.id, quantity: 5 },
        { product_id: mug.id, quantity: 1 },
      ],
    })
    const [shot] = (await orders.get?.(session, [String(id)])) ?? []
    const order = salesOrder.parse(mapped(orderMapping, shot?.row))
    expect(order.lines.map(({ quantity, net }) => [quantity, net])).toEqual([
      ['5', '50'],
      ['1', '10'],
    ])
    fake.setStatus(id, 'cancelled')
    const [after] = (await orders.get?.(session, [String(id)])) ?? []
    expect(salesOrder.parse(mapped(orderMapping, after?.row)).status).toBe('cancelled')
  })

  test('refunding all of an order before it is shipped cancels it', async () => {
    const { fake, session } = shopWith()
    const order = fake.placeOrder({ customer: 1, lines: [{ product: mugIn(fake).id, quantity: 2 }] })
    fake.refund(order.id, { amount: order.total })
    const [raw] = await list<RawOrder>(session, '/orders', { include: order.id })
    expect(raw?.status).toBe('refunded')
    expect(mapped(orderMapping, await withRefunds(session, raw as RawOrder))).toMatchObject({
      status: 'cancelled',
      payment: 'refunded',
    })
  })
})

describe("writing to an order of the look-alike: the ERP's number and its status", () => {
  const writer = orders.writer
  const write = (session: Parameters<NonNullable<typeof writer>['write']>[0], id: number, row: object) =>
    writer?.write(session, [{ key: 'erp/SalesOrder/55', id: String(id), row }])

  test('the number is in the meta and said once, also when the answer was lost', async () => {
    const { fake, session, lab } = shopWith()
    const { id } = fake.placeOrder({ customer: 1, lines: [{ product: mugIn(fake).id, quantity: 1 }] })
    lab.next({ is: 'lose reply' }, 3)
    expect((await write(session, id, { erp_number: 'S00042' }))?.[0]?.is).toBe('unknown')
    expect((await write(session, id, { erp_number: 'S00042' }))?.[0]).toMatchObject({
      is: 'applied',
      number: String(id),
    })
    expect(fake.notes(id).filter(({ note }) => note.includes('S00042'))).toHaveLength(1)
    expect(fake.order(id)?.meta_data).toContainEqual(expect.objectContaining({ value: 'S00042' }))
  })

  test('what is completed is not cancelled, and the reason says what to do', async () => {
    const { fake, session } = shopWith()
    const { id } = fake.placeOrder({
      customer: 1,
      lines: [{ product: mugIn(fake).id, quantity: 1 }],
      status: 'completed',
    })
    const [outcome] = (await write(session, id, { status: 'cancelled' })) ?? []
    expect(outcome).toMatchObject({
      is: 'refused',
      problem: { kind: 'refused', message: expect.stringContaining('Refund it there') },
    })
    expect(fake.order(id)?.status).toBe('completed')
  })

  test('a cancelled order gives its stock back', async () => {
    const { fake, session } = shopWith()
    const mug = mugIn(fake)
    const { id } = fake.placeOrder({ customer: 1, lines: [{ product: mug.id, quantity: 3 }] })
    expect(fake.books.products.get(mug.id)?.stock_quantity).toBe(997)
    expect((await write(session, id, { status: 'cancelled' }))?.[0]?.is).toBe('applied')
    expect(fake.books.products.get(mug.id)?.stock_quantity).toBe(1000)
  })
})
