import { expect, test } from 'vitest'
import { z } from 'zod'
import { entities, entityNames, isEntityName } from './entities.ts'
import { orderWith } from './testing.ts'
import { amount, country, currency, instant } from './values.ts'

test('every entity can be shown to editors and forms as JSON Schema, and has an id', () => {
  for (const name of entityNames)
    expect(z.toJSONSchema(entities[name])).toMatchObject({
      type: 'object',
      properties: { id: { type: 'string' } },
    })
})

test('every entity is compiled, which is how millions of records are checked in time', () => {
  for (const name of entityNames) expect(() => z.compile(entities[name], { strict: true })).not.toThrow()
})

test('beside the model a record holds whatever JSON can hold, and nothing else', () => {
  const fits = (value: unknown) => entities.SalesOrder.safeParse({ ...orderWith(), extra: { value } }).success
  for (const value of [null, '', 1.5, true, [], {}, [{ a: [null, { b: 'c' }] }]])
    expect(fits(value)).toBe(true)
  for (const value of [
    undefined,
    Number.NaN,
    Infinity,
    1n,
    new Date(0),
    () => 1,
    [undefined],
    { a: Symbol('s') },
  ])
    expect(fits(value)).toBe(false)
})

test('only entities are entity names', () => {
  expect(isEntityName('SalesOrder')).toBe(true)
  expect(isEntityName('constructor')).toBe(false)
})

test.each([1, 1.5, '1e5', '1,50', '.5', '+1', '', 'NaN', '٣'])('%s is no amount', value => {
  expect(amount.safeParse(value).success).toBe(false)
})

test('times are UTC instants, countries and currencies are capitals', () => {
  expect(instant.safeParse('2026-11-23T10:15:00.123Z').success).toBe(true)
  expect(instant.safeParse('2026-11-23T10:15:00+01:00').success).toBe(false)
  expect(instant.safeParse('2026-11-23').success).toBe(false)
  expect(country.safeParse('de').success).toBe(false)
  expect(currency.safeParse('EURO').success).toBe(false)
})

test('an order says what a company ordered, in two currencies, to two places, in boxes, with a line cancelled', () => {
  const order = orderWith()
  const line = {
    ...order.lines[0]!,
    unit: 'BX',
    unitFactor: '12',
    delivery: 'd2',
    cancelled: '0',
    cancelReason: 'sold out',
  }
  const rich = {
    ...order,
    buyer: {
      ...order.buyer,
      kind: 'company',
      company: 'Byron & Co',
      parent: '6',
      creditLimit: '5000.00',
      taxExempt: false,
    },
    contact: '71',
    paymentTerms: '30 days',
    presentment: { currency: 'USD', net: '11.00', tax: '2.09', payable: '13.09', rate: '1.1' },
    deliveries: [{ id: 'd1' }, { id: 'd2', address: { country: 'DE' }, instructions: 'Ring twice' }],
    lines: [{ ...line, presentment: { net: '11.00', tax: '2.09', gross: '13.09' } }],
  }
  expect(entities.SalesOrder.parse(rich)).toEqual(rich)
})
