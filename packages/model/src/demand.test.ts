import { expect, test } from 'vitest'
import { buildDocument, type LineDraft } from './build.ts'
import { demandOf } from './demand.ts'
import type { SalesOrder } from './order.ts'
import { mug } from './testing.ts'

function demand(lines: LineDraft[], status: SalesOrder['status'] = 'open') {
  return demandOf({ status, ...buildDocument({ currency: 'EUR', taxInclusive: false, lines }) })
}

test('an order takes each product once, with all its lines, less what was cancelled', () => {
  const lines = [
    mug({ quantity: '2' }),
    mug({ product: 'p-cup' }),
    mug({ quantity: '5', cancelled: '2' }),
    mug({ product: 'p-pot', cancelled: '1' }),
  ]
  expect(demand(lines)).toEqual([
    { product: 'p-mug', quantity: '5' },
    { product: 'p-cup', quantity: '1' },
  ])
})

test('a bundle takes its parts; one of unknown parts takes itself', () => {
  const parts = [
    { product: 'p-cup', quantity: '2' },
    { product: 'p-pot', quantity: '0.5' },
  ]
  expect(demand([mug({ kind: 'bundle', quantity: '3', parts }), mug({ product: 'p-cup' })])).toEqual([
    { product: 'p-cup', quantity: '7' },
    { product: 'p-pot', quantity: '1.5' },
  ])
  expect(demand([mug({ kind: 'bundle', product: 'p-set' })])).toEqual([{ product: 'p-set', quantity: '1' }])
})

test('a box takes its pieces', () => {
  expect(demand([mug({ quantity: '3', unit: 'BX', unitFactor: '12' })])).toEqual([
    { product: 'p-mug', quantity: '36' },
  ])
})

test('drafts and cancelled orders take nothing, held ones do', () => {
  expect(demand([mug()], 'draft')).toEqual([])
  expect(demand([mug()], 'cancelled')).toEqual([])
  expect(demand([mug()], 'held')).toHaveLength(1)
})

test.each(['service', 'giftCard', 'tip', 'deposit', 'note'] as const)('a %s takes nothing', kind => {
  expect(demand([mug({ kind })])).toEqual([])
})

test('a line that names no product, or gives goods back, takes nothing', () => {
  const { product: _, ...unknown } = mug()
  expect(demand([unknown, mug({ quantity: '-1' })])).toEqual([])
})
