import { readFileSync } from 'node:fs'
import { applyMapping, compileMapping } from '@linchpin/mapping'
import { documentProblems, salesOrder } from '@linchpin/model'
import { describe, expect, test } from 'vitest'
import { decodeOrder } from './order-decode.ts'
import { orderMapping } from './order-mapping.ts'

/** As a real Medusa 2.21.2 answered it: a guest, 19 % and 7 %, ten percent off the order, and shipping. */
const file = new URL('../fixtures/order-two-rates-coupon-shipping.json', import.meta.url)
const recorded = JSON.parse(readFileSync(file, 'utf8')) as Recorded

interface Recorded {
  readonly total: number
  readonly items: readonly { readonly detail: object; readonly is_tax_inclusive: boolean }[]
}

function canonical(answered: object) {
  const { value } = applyMapping(compileMapping(orderMapping), decodeOrder(answered), { link: () => null })
  return salesOrder.parse(value)
}

describe('an order of a real Medusa', () => {
  test('adds up to the cent, though Medusa rounds nothing', () => {
    const order = canonical(recorded)
    expect(recorded.total).toBe(84.34799)
    expect(order.totals.payable).toBe('84.35')
    expect(documentProblems(order)).toEqual([])
  })

  test('tells its discount as one of the whole order, shared by its lines', () => {
    const { discounts, lines } = canonical(recorded)
    expect(discounts).toMatchObject([{ code: 'TENOFF', amount: '7.87' }])
    expect(lines.flatMap(each => each.discounts ?? []).map(each => each.of)).toEqual([
      'document',
      'document',
      'document',
    ])
  })

  test('stays what was ordered when all of it came back', () => {
    const items = recorded.items.map(each => ({
      ...each,
      detail: { ...each.detail, return_received_quantity: 1 },
    }))
    const order = canonical({ ...recorded, items, total: 5.831 })
    expect(order.totals).toEqual(canonical(recorded).totals)
  })

  test('adds up where prices are with tax', () => {
    const items = recorded.items.map(each => ({ ...each, is_tax_inclusive: true }))
    const order = canonical({ ...recorded, items, total: 75.69 })
    expect(order.taxInclusive).toBe(true)
    expect(documentProblems(order)).toEqual([])
  })
})
