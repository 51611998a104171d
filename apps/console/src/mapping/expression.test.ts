import { expect, test } from 'vitest'
import { expressionOf, formOf, tableOf, textOf } from './expression.ts'

test.each([
  ['path', 'billing.email'],
  ['constant', { constant: true }],
  ['constant', { constant: 'person' }],
  ['template', { template: 'Order {number}' }],
  ['lookup', { lookup: 'marketplace', of: 'channel' }],
  ['data', { first: ['a', { constant: 'b' }] }],
  ['data', { lookup: 'marketplace', of: 'channel', else: { constant: null } }],
  ['none', null],
])('a field written as %s is the same after it was opened and closed', (form, expression) => {
  expect(formOf(expression)).toBe(form)
  expect(expressionOf(formOf(expression), textOf(expression), tableOf(expression))).toEqual(expression)
})

test('data that is half typed is no expression yet', () => {
  expect(expressionOf('data', '{"first": [', '')).toBeUndefined()
})
