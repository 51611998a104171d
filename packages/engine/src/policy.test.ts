import { buildDocument, type SalesOrder } from '@linchpin/model'
import { expect, test } from 'vitest'
import { mayCarry, moneyProblem } from './policy.ts'

const document = buildDocument({
  currency: 'EUR',
  taxInclusive: false,
  lines: [{ id: '1', kind: 'item', name: 'Mug', quantity: '2', unitPrice: '10.00', rates: [{ rate: '19' }] }],
})
const order = (different: Partial<SalesOrder> = {}): SalesOrder => ({
  id: '7',
  number: '1042',
  issuedAt: '2026-11-23T10:00:00Z',
  status: 'open',
  fulfilment: 'none',
  invoicing: 'none',
  payment: 'paid',
  buyer: { id: 'c1', kind: 'person', name: 'Ada' },
  deliveries: [],
  ...document,
  ...different,
})
const facts = { linked: false, since: 0, to: 'erp' }

test('an open order is carried; a held, cancelled or old one is left alone, with the reason', () => {
  expect(mayCarry('SalesOrder', order(), facts)).toBeNull()
  const skipped = (different: Partial<SalesOrder>, since = 0) =>
    (mayCarry('SalesOrder', order(different), { ...facts, since }) as { skip: string }).skip
  expect(skipped({ status: 'held' })).toMatch(/open/)
  expect(skipped({ status: 'cancelled' })).toMatch(/cancelled before it reached erp/)
  expect(skipped({}, Date.parse('2026-11-24T00:00:00Z'))).toMatch(/before this flow began.*"since"/)
})

test('what became of an order that is in the ERP is carried whatever its state and age', () => {
  const linked = { ...facts, linked: true, since: Date.parse('2026-11-24T00:00:00Z') }
  expect(mayCarry('SalesOrder', order({ status: 'cancelled' }), linked)).toBeNull()
})

test('a shipment goes out when it is shipped, an invoice when it is posted', () => {
  const shipment = { id: 's', number: 's', order: '7', tracking: [], lines: [] }
  expect(mayCarry('Shipment', { ...shipment, status: 'ready' }, facts)).toHaveProperty('skip')
  expect(mayCarry('Shipment', { ...shipment, status: 'shipped' }, facts)).toBeNull()
  const invoice = { ...order(), orders: ['7'], status: 'draft' as const }
  expect(mayCarry('Invoice', invoice, facts)).toHaveProperty('skip')
  expect(mayCarry('Invoice', { ...invoice, status: 'posted' }, facts)).toBeNull()
  expect(mayCarry('Invoice', { ...invoice, status: 'posted', orders: [] }, facts)).toHaveProperty('skip')
})

test('a document that does not add up is stopped, with its number and what to do', () => {
  expect(moneyProblem('SalesOrder', order())).toBeNull()
  const wrong = order({ totals: { ...document.totals, payable: '23.81' } })
  expect(moneyProblem('SalesOrder', wrong)).toMatch(/SalesOrder 1042 does not add up.*retry/s)
})
