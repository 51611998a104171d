import { expect, test } from 'vitest'
import { z } from 'zod'
import { applyMapping, compileMapping } from './apply.ts'
import { checkMapping } from './check.ts'
import type { Mapping, OwnMapping } from './mapping.ts'
import { layerOf, overlayMapping } from './overlay.ts'

const base: Mapping = {
  from: 'shop.SalesOrder',
  to: 'SalesOrder',
  tables: { status: { new: 'open', done: 'closed' }, size: { s: 'small' } },
  fields: {
    number: 'no',
    status: { lookup: 'status', of: 'state' },
    buyer: { object: { name: 'name', phone: 'phone' } },
    'totals.net': 'net',
    'totals.tax': 'tax',
    lines: { each: 'rows', as: { sku: 'code', taxes: { each: 'taxes', as: { rate: 'percent' } } } },
  },
}
const row = {
  no: '7',
  po: 'PO-7',
  state: 'new',
  name: 'Ada',
  phone: '1',
  net: '1',
  tax: '2',
  rows: [{ code: 'mug', taxes: [{ percent: '19' }] }],
}

function apply(own: OwnMapping, from: Mapping = base): Record<string, unknown> {
  const compiled = compileMapping(overlayMapping(from, own))
  return applyMapping(compiled, row, { link: () => null }).value as Record<string, unknown>
}
const plain = apply({})

test('with nothing of its own, the mapping is the connector’s', () => {
  expect(overlayMapping(base, {})).toBe(base)
  expect(overlayMapping(base, undefined)).toBe(base)
})

test('an operator’s field takes the place of the connector’s; null takes it out', () => {
  expect(apply({ fields: { number: 'po', status: null } })).toEqual({
    ...plain,
    number: 'PO-7',
    status: undefined,
  })
})

test('a field of its own is added', () => {
  expect(apply({ fields: { 'extra.po': 'po' } })).toEqual({ ...plain, extra: { po: 'PO-7' } })
})

test('a whole takes the place of its parts, and a part goes into the whole', () => {
  expect(apply({ fields: { totals: { object: { net: 'tax' } } } })['totals']).toEqual({ net: '2' })
  expect(apply({ fields: { totals: null } })).not.toHaveProperty('totals')
  expect(apply({ fields: { 'buyer.name': 'po', 'buyer.phone': null } })['buyer']).toEqual({ name: 'PO-7' })
})

test('a field of each item can be changed, added and taken out, at any depth', () => {
  const fields: OwnMapping['fields'] = {
    'lines[].sku': { format: 'upper', of: 'code' },
    'lines[].po': '$.po',
    'lines[].taxes[].rate': null,
  }
  expect(apply({ fields })['lines']).toEqual([{ sku: 'MUG', po: 'PO-7', taxes: [{}] }])
})

test('tables are laid row by row, so that one more status is one line', () => {
  const merged = overlayMapping(base, { tables: { status: { new: 'held', paused: 'held' }, size: null } })
  expect(merged.tables).toEqual({ status: { new: 'held', done: 'closed', paused: 'held' } })
})

test('it goes on working when the connector’s mapping changes in a later version', () => {
  const later: Mapping = { ...base, fields: { ...base.fields, number: 'new_no', channel: 'po' } }
  expect(apply({ fields: { number: 'no' } }, later)).toEqual({ ...plain, number: '7', channel: 'PO-7' })
})

test('it is remembered who wrote a field', () => {
  const fields: OwnMapping['fields'] = { number: 'po', 'lines[].sku': 'x', 'buyer.name': 'po' }
  const merged = overlayMapping(base, { fields })
  const layers = Object.keys(merged.fields).map(field => [field, layerOf(merged, field)])
  expect(Object.fromEntries(layers)).toEqual({
    number: 'own',
    status: 'connector',
    buyer: 'both',
    'totals.net': 'connector',
    'totals.tax': 'connector',
    lines: 'both',
  })
})

test('a field of the operator’s that reaches nothing is told, with the nearest right one', () => {
  const own: OwnMapping = {
    fields: {
      numbr: null,
      'line[].sku': 'code',
      'buyer.fone': null,
      'totals.nett': 'net',
      'number[].a': 'b',
    },
  }
  const target = z.object({
    number: z.string(),
    status: z.string(),
    buyer: z.object({ name: z.string(), phone: z.string() }),
    totals: z.object({ net: z.string(), tax: z.string() }),
    lines: z.array(z.any()),
  })
  expect(checkMapping(overlayMapping(base, own), z.any(), target).map(({ words }) => words)).toEqual([
    "field numbr: it is set to null, yet the connector's mapping does not fill it; the nearest is number.",
    "field line[].sku: the connector's mapping has no list line made by each. Write the whole of line instead.",
    "field buyer.fone: it is set to null, yet the connector's mapping does not fill it; the nearest is phone.",
    "field number[].a: the connector's mapping has no list number made by each. Write the whole of number instead.",
    'field totals.nett: there is no nett in totals; the nearest is net.',
  ])
})
