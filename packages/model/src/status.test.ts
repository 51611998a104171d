import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildDocument, type LineDraft } from './build.ts'
import type { DocumentLine } from './order.ts'
import type { Shipment } from './shipment.ts'
import { fulfilmentOf, invoicingOf, paymentOf } from './status.ts'
import { mug } from './testing.ts'

type Shipped = Partial<Shipment['lines'][number]>

function order(...lines: LineDraft[]) {
  return { id: '1042', ...buildDocument({ currency: 'EUR', taxInclusive: false, lines }) }
}

function shipped(...lines: Shipped[]): Pick<Shipment, 'status' | 'lines'> {
  return { status: 'shipped', lines: lines.map(line => ({ id: 's', quantity: '1', ...line })) }
}

test('goods are shipped piece by piece', () => {
  const two = order(mug({ quantity: '2' }))
  expect(fulfilmentOf(two, [])).toBe('none')
  expect(fulfilmentOf(two, [shipped({ orderLine: '1' })])).toBe('partial')
  expect(fulfilmentOf(two, [shipped({ orderLine: '1' }), shipped({ orderLine: '1' })])).toBe('complete')
})

test('a shipment that is planned or cancelled ships nothing', () => {
  const shipment = shipped({ orderLine: '1' })
  expect(fulfilmentOf(order(mug()), [{ ...shipment, status: 'planned' }])).toBe('none')
  expect(fulfilmentOf(order(mug()), [{ ...shipment, status: 'cancelled' }])).toBe('none')
  expect(fulfilmentOf(order(mug()), [{ ...shipment, status: 'delivered' }])).toBe('complete')
})

test('what was cancelled need not be shipped', () => {
  expect(fulfilmentOf(order(mug({ quantity: '2', cancelled: '1' })), [shipped({ orderLine: '1' })])).toBe(
    'complete',
  )
  expect(fulfilmentOf(order(mug({ cancelled: '1' })), [])).toBe('none')
})

test('gift cards, tips and services are never shipped', () => {
  const tip = mug({ id: '2', kind: 'tip' })
  expect(fulfilmentOf(order(mug(), tip), [shipped({ orderLine: '1' })])).toBe('complete')
  expect(fulfilmentOf(order(tip), [])).toBe('complete')
})

test('shipments that name no order line count by product or SKU, each piece once', () => {
  const lines = order(mug({ id: '1' }), mug({ id: '2', quantity: '2' }))
  expect(fulfilmentOf(lines, [shipped({ product: 'p-mug', quantity: '2' })])).toBe('partial')
  expect(fulfilmentOf(lines, [shipped({ product: 'p-mug' }, { sku: ' MUG-1', quantity: '2' })])).toBe(
    'complete',
  )
  expect(fulfilmentOf(lines, [shipped({ product: 'other', quantity: '9' })])).toBe('none')
})

test('too many of one line do not stand in for another', () => {
  const lines = order(mug({ id: '1' }), mug({ id: '2', product: 'p-cup', sku: 'CUP-1' }))
  expect(fulfilmentOf(lines, [shipped({ orderLine: '1', quantity: '5' })])).toBe('partial')
})

test('a substitute counts for the line that it was sent for', () => {
  expect(fulfilmentOf(order(mug()), [shipped({ orderLine: '1', product: 'p-other' })])).toBe('complete')
})

test('a bundle has left when all its parts have, or when it left as one', () => {
  const parts = [
    { product: 'p-cup', quantity: '2' },
    { product: 'p-pot', quantity: '1' },
  ]
  const bundle = order(mug({ kind: 'bundle', product: 'p-set', sku: 'SET', parts }))
  const cups = { orderLine: '1', product: 'p-cup', quantity: '2' }
  expect(fulfilmentOf(bundle, [shipped(cups)])).toBe('partial')
  expect(fulfilmentOf(bundle, [shipped(cups), shipped({ product: 'p-pot' })])).toBe('complete')
  expect(fulfilmentOf(bundle, [shipped({ orderLine: '1', product: 'p-set' })])).toBe('complete')
  expect(fulfilmentOf(bundle, [shipped({ orderLine: '1' })])).toBe('complete')
})

test('an order of ten thousand lines is judged in good time', { timeout: 60_000 }, () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => `${index}`)
  const lines = order(...ids.map(id => mug({ id, product: `p${id}`, sku: `S${id}` })))
  expect(fulfilmentOf(lines, [shipped(...ids.map(id => ({ product: `p${id}` })))])).toBe('complete')
})

test('an order is invoiced by the quantities of posted invoices', () => {
  const two = order(mug({ quantity: '2' }))
  expect(invoicingOf(two, [])).toBe('none')
  expect(invoicingOf(two, [invoice('draft', { quantity: '2', orderLine: '1' })])).toBe('none')
  expect(invoicingOf(two, [invoice('posted', { quantity: '1', orderLine: '1' })])).toBe('partial')
  expect(invoicingOf(two, [invoice('paid', { quantity: '2', orderLine: '1' })])).toBe('complete')
  const cancelled = order(mug({ quantity: '2', cancelled: '1' }))
  expect(invoicingOf(cancelled, [invoice('posted', { quantity: '1', orderLine: '1' })])).toBe('complete')
})

test('where invoice lines name no order line, the amount decides', () => {
  const two = order(mug({ quantity: '2' }))
  expect(invoicingOf(two, [invoice('posted', { quantity: '1' })])).toBe('partial')
  expect(invoicingOf(two, [invoice('posted', { quantity: '1' }), invoice('paid', { quantity: '1' })])).toBe(
    'complete',
  )
})

test('of an invoice for several orders only our part counts', () => {
  const both = { ...invoice('posted', { quantity: '2', order: '1042' }), orders: ['1042', '1043'] }
  expect(invoicingOf(order(mug({ quantity: '2' })), [both])).toBe('complete')
  expect(invoicingOf(order(mug({ quantity: '3' })), [both])).toBe('partial')
  expect(invoicingOf({ ...order(mug()), id: '1044' }, [both])).toBe('none')
})

test('a line of the same number in another order is not ours', () => {
  const other = invoice('posted', { quantity: '1', orderLine: '1', order: '1043' })
  const ours = invoice('posted', { quantity: '1', orderLine: '1', order: '1042' })
  const both = { ...other, orders: ['1042', '1043'], lines: [...other.lines, ...ours.lines] }
  expect(invoicingOf(order(mug({ quantity: '2' })), [both])).toBe('partial')
})

function invoice(status: 'draft' | 'posted' | 'paid', line: Partial<DocumentLine>) {
  return {
    status,
    orders: ['1042'],
    ...buildDocument({ currency: 'EUR', taxInclusive: false, lines: [mug(line as LineDraft)] }),
  }
}

test('payment follows what came in and what went back', () => {
  const captured = { status: 'captured', amount: '10.00' } as const
  const settled = { status: 'settled', amount: '4.00' } as const
  expect(paymentOf('10.00', [])).toBe('unpaid')
  expect(paymentOf('0.00', [])).toBe('paid')
  expect(paymentOf('10.00', [{ ...captured, status: 'failed' }])).toBe('unpaid')
  expect(paymentOf('10.00', [{ ...captured, status: 'authorized' }])).toBe('authorized')
  expect(paymentOf('10.00', [{ ...captured, amount: '9.99' }])).toBe('partial')
  expect(paymentOf('10.00', [captured])).toBe('paid')
  expect(paymentOf('10.00', [captured], [settled])).toBe('partiallyRefunded')
  expect(paymentOf('10.00', [captured], [{ ...settled, status: 'failed' }])).toBe('paid')
  expect(paymentOf('10.00', [captured], [{ ...settled, amount: '10' }])).toBe('refunded')
  expect(paymentOf('10.00', [{ ...captured, status: 'refunded' }], [{ ...settled, amount: '10' }])).toBe(
    'refunded',
  )
})

test('more shipped is never less fulfilled', () => {
  const rank = { none: 0, partial: 1, complete: 2 }
  const quantity = fc.integer({ min: 1, max: 5 }).map(String)
  const line = fc.record({ orderLine: fc.constantFrom('1', '2'), quantity })
  fc.assert(
    fc.property(quantity, quantity, fc.array(line), line, (first, second, lines, more) => {
      const wanted = order(mug({ quantity: first }), mug({ id: '2', product: 'p-cup', quantity: second }))
      const before = fulfilmentOf(wanted, [shipped(...lines)])
      const after = fulfilmentOf(wanted, [shipped(...lines, more)])
      expect(rank[after]).toBeGreaterThanOrEqual(rank[before])
    }),
  )
})
