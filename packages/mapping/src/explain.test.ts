import { expect, test } from 'vitest'
import { applyMapping, compileMapping } from './apply.ts'
import { explainMapping } from './explain.ts'
import type { Mapping } from './mapping.ts'
import { overlayMapping } from './overlay.ts'

const mapping: Mapping = {
  from: 'shop.SalesOrder',
  to: 'erp.SalesOrder',
  fields: {
    total: { format: 'decimal', of: 'price', with: { scale: { constant: 2 } } },
    partner: { link: 'Account', of: 'buyer' },
    lines: { each: 'lines', as: { sku: 'sku', currency: '$.currency' } },
    note: { first: ['remark', { constant: 'none' }] },
  },
}
const row = {
  price: 19.9,
  buyer: 7,
  currency: 'EUR',
  lines: Array.from({ length: 9 }, (_, n) => ({ sku: `S${n}` })),
}
const context = { link: () => null }

test('each field tells its expression, what it read, its outcome and who wrote it', () => {
  const compiled = compileMapping(overlayMapping(mapping, { fields: { note: 'currency' } }))
  const { fields } = explainMapping(compiled, row, context)
  expect(fields.map(({ field, words, layer, outcome }) => ({ field, words, layer, outcome }))).toEqual([
    { field: 'total', words: 'decimal of price (scale 2)', layer: 'connector', outcome: '19.90' },
    { field: 'partner', words: 'the Account linked to buyer', layer: 'connector', outcome: undefined },
    {
      field: 'lines',
      words: 'each of lines',
      layer: 'connector',
      outcome: row.lines.map(line => ({ ...line, currency: 'EUR' })),
    },
    { field: 'note', words: 'currency', layer: 'own', outcome: 'EUR' },
  ])
})

test('a path inside a list is told once, with how often it was read and its first values', () => {
  const { fields } = explainMapping(compileMapping(mapping), row, context)
  expect(fields.find(({ field }) => field === 'lines')?.reads).toEqual([
    { path: 'lines', times: 1, values: [row.lines] },
    { path: 'sku', times: 9, values: ['S0', 'S1', 'S2', 'S3', 'S4'] },
    { path: '$.currency', times: 9, values: ['EUR', 'EUR', 'EUR', 'EUR', 'EUR'] },
  ])
})

test('only what was really looked at is told', () => {
  const { fields } = explainMapping(compileMapping(mapping), { ...row, remark: 'fragile' }, context)
  expect(fields.find(({ field }) => field === 'note')?.reads).toEqual([
    { path: 'remark', times: 1, values: ['fragile'] },
  ])
})

test('it gives what applying gives, and the same missing links', () => {
  const compiled = compileMapping(mapping)
  expect(explainMapping(compiled, row, context)).toMatchObject({
    ...applyMapping(compiled, row, context),
    problem: null,
  })
})

test('a field that cannot be mapped says why, and the others are explained all the same', () => {
  const { fields, value, problem } = explainMapping(
    compileMapping(mapping),
    { ...row, price: 'much' },
    context,
  )
  expect(value).toBeUndefined()
  expect(problem).toContain('field total: "much" is not a number.')
  expect(fields[0]).toMatchObject({
    field: 'total',
    problem,
    reads: [{ path: 'price', times: 1, values: ['much'] }],
  })
  expect(fields[3]).toMatchObject({ field: 'note', outcome: 'none', problem: null })
})

test('two fields that cannot both be are told for the whole record', () => {
  const clash = compileMapping({ from: 'a', to: 'b', fields: { x: 'price', 'x.y': 'buyer' } })
  expect(explainMapping(clash, row, context).problem).toContain('field x.y: Another field fills this')
})
