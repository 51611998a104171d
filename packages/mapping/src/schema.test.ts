import { expect, test } from 'vitest'
import { z } from 'zod'
import { conditionSchema, mappingSchema } from './schema.ts'

function issues(mapping: unknown, schema: z.ZodType = mappingSchema): readonly string[] {
  const { error } = schema.safeParse(mapping)
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}
const field = (expression: unknown) => issues({ fields: { number: expression } })

test('a whole mapping with every kind of expression passes as it is', () => {
  const own = {
    tables: { status: { a: 'open', b: null }, gone: null },
    fields: {
      a: 'x.y[0].z',
      b: { path: '$.x' },
      c: { constant: { deep: [1, null] } },
      d: { template: 'Order {x}' },
      e: { lookup: 'status', of: 'x', else: { lookup: { q: 1 }, of: 'x' } },
      f: { format: 'decimal', of: 'x', with: { scale: { constant: 2 } } },
      g: { first: ['x', { constant: 1 }] },
      h: { when: { all: [{ has: 'x' }, { not: { in: ['x', [1, 2]] } }] }, then: 'x', else: 'y' },
      i: { each: 'x', where: { greater: ['x', { constant: 1 }] }, as: { q: 'r' } },
      j: { object: { q: 'r' } },
      k: { calculate: 'sum', of: ['x'], scale: 2 },
      l: { link: 'Product', of: 'x', by: { sku: 'y' }, optional: true },
      'm[].n[].o': null,
    },
  }
  expect(mappingSchema.parse(own)).toEqual(own)
})

test('an unknown key names the nearest right one', () => {
  expect(issues({ feilds: {} })).toEqual([
    ': has a key "feilds" that a mapping does not know; did you mean "fields"?',
  ])
  expect(field({ format: 'decimal', off: 'x' })).toEqual([
    'fields.number: has a key "off" that format does not know; did you mean "of"?',
    'fields.number: has format, but no "of"',
  ])
  expect(field({ link: 'Product', of: 'x', by: { SKU: 'y' } })).toEqual([
    'fields.number.by: has a key "SKU" that by does not know; did you mean "sku"?',
  ])
})

test('an object that is no expression says what there is', () => {
  expect(field({ constnt: 1 })).toEqual([
    'fields.number: is no expression: it has none of path, constant, template, lookup, format, first, when, each, object, calculate, link; did you mean "constant"?',
  ])
  expect(field(7)[0]).toContain('must be an expression: an object with one of path, constant')
  expect(field({ path: 'a', constant: 1 })).toEqual([
    'fields.number: has both path and constant; an expression has one of them. Put one inside the other',
  ])
})

test('names that come from a list name the nearest one of it', () => {
  expect(field({ format: 'decmal', of: 'x' })).toEqual([
    'fields.number.format: cannot be "decmal"; did you mean "decimal"?',
  ])
  expect(field({ link: 'Prodct', of: 'x' })).toEqual([
    'fields.number.link: cannot be "Prodct"; did you mean "Product"?',
  ])
  expect(field({ calculate: 'root', of: ['x'] })[0]).toContain('it is one of add, subtract')
})

test('bad paths and targets are told where they stand, however deep', () => {
  expect(issues({ fields: { lines: { each: 'rows', as: { sku: { first: ['ok', 'a..b'] } } } } })[0]).toMatch(
    /^fields\.lines\.as\.sku\.first\.1: "a\.\.b" is not a path/,
  )
  expect(issues(JSON.parse('{"fields":{"__proto__":"x"}}'))[0]).toContain('which no mapping may touch')
  expect(field({ when: { is: ['a'] }, then: 'b' })[0]).toContain(
    'fields.number.when.is: must be a list of two',
  )
})

test('what is not plain data is no constant', () => {
  expect(field({ constant: () => 1 })[0]).toContain('must be plain data')
  expect(field({ constant: JSON.parse('{"__proto__":{"x":1}}') })[0]).toContain('must be plain data')
})

test('a condition can be checked alone', () => {
  expect(issues({ is: ['status', { constant: 'open' }] }, conditionSchema)).toEqual([])
  expect(issues({ iss: [] }, conditionSchema)[0]).toContain('did you mean "is"?')
})

test('editors get a JSON schema', () => {
  expect(z.toJSONSchema(mappingSchema)).toMatchObject({
    type: 'object',
    properties: { fields: { type: 'object' } },
  })
})
