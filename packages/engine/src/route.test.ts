import { expect, test } from 'vitest'
import { dutiesOf, laneOf } from './route.ts'
import type { Flow } from './setup.ts'

const flow = (name: string, different: Partial<Flow>): Flow => ({
  name,
  entity: 'SalesOrder',
  from: 'shop',
  to: 'erp',
  priority: 10,
  trigger: 'change',
  create: true,
  update: true,
  match: false,
  since: null,
  buffer: '0',
  schedule: { everyMs: 1_000 },
  ...different,
})

test('a change owes one delivery to each flow that carries it from there, and to no other', () => {
  const flows = [
    flow('to-erp', {}),
    flow('to-crm', { to: 'crm' }),
    flow('back', { from: 'erp', to: 'shop' }),
    flow('stock', { entity: 'StockLevel' }),
  ]
  expect(dutiesOf(flows, 'shop', 'SalesOrder', '1', null).map(duty => duty.flow)).toEqual([
    'to-erp',
    'to-crm',
  ])
})

test('what is only carried when asked for, or never created, is owed only where it is linked', () => {
  const flows = [flow('asked', { trigger: 'asked' }), flow('status', { create: false }), flow('all', {})]
  const duties = dutiesOf(flows, 'shop', 'SalesOrder', '1', null)
  expect(duties.map(duty => duty.onlyIfLinked)).toEqual([true, true, false])
})

test('an order that is owed tells what it is worth', () => {
  const order = { currency: 'EUR', totals: { payable: '19.90' } }
  const [duty] = dutiesOf([flow('to-erp', {})], 'shop', 'SalesOrder', '1', order)
  expect(duty?.worth).toEqual({ amount: '19.90', currency: 'EUR' })
})

test('what is written into one order goes one after the other', () => {
  expect(laneOf('Shipment', 's1', { order: '7' })).toBe('SalesOrder/7')
  expect(laneOf('Invoice', 'i1', { orders: ['7', '8'] })).toBe('SalesOrder/7')
  expect(laneOf('CreditNote', 'c1', { orders: ['7'] })).toBe('SalesOrder/7')
  expect(laneOf('SalesOrder', '7', {})).toBe('SalesOrder/7')
  expect(laneOf('StockLevel', 'p1', {})).toBe('StockLevel/p1')
})

test('a record that could not be read has a lane of its own', () => {
  expect(laneOf('Shipment', 's1', null)).toBe('Shipment/s1')
})
