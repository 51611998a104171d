import { describe, expect, test } from 'vitest'
import { applyMapping, compileMapping } from './apply.ts'
import type { Fields, LinkRequest, Mapping } from './mapping.ts'
import { MappingError } from './wrong.ts'

const row = {
  id: 42,
  number: 'SO-42',
  currency: 'EUR',
  empty: '',
  none: null,
  price: 19.99,
  billing: { email: 'Ada@Example.com', company: '' },
  lines: [
    { id: 1, sku: 'MUG', qty: '2', net: '10.10', kind: 'item' },
    { id: 2, sku: 'CAP', qty: '1', net: '5.05', kind: 'item' },
    { id: 3, sku: 'NOTE', qty: '1', net: '0', kind: 'note' },
  ],
  meta_data: [
    { key: 'gift', value: 'yes' },
    { key: 'po', value: 'PO-7' },
  ],
}

const noLinks = { link: () => null }

function map(fields: Fields, from: unknown = row, tables: Mapping['tables'] = {}): unknown {
  return applyMapping(
    compileMapping({ from: 'shop.SalesOrder', to: 'SalesOrder', fields, tables }),
    from,
    noLinks,
  ).value
}

function failure(fields: Fields, from: unknown = row): MappingError {
  try {
    map(fields, from)
  } catch (error) {
    if (error instanceof MappingError) return error
    throw error
  }
  throw new Error('It was mapped all the same.')
}

describe('paths', () => {
  test('a text is a path, and so is { path }', () => {
    expect(map({ a: 'billing.email', b: { path: 'lines[1].sku' }, c: 'meta_data[key=po].value' })).toEqual({
      a: 'Ada@Example.com',
      b: 'CAP',
      c: 'PO-7',
    })
  })

  test('what is not there, and null, is left out of the target', () => {
    expect(
      map({ a: 'none', b: 'lines[9].id', c: 'billing.phone.home', d: 'meta_data[key=x].value' }),
    ).toEqual({})
  })

  test('inside each, paths start at the item, $ is the whole record and . the item itself', () => {
    const fields: Fields = {
      lines: { each: 'lines', as: { sku: 'sku', currency: '$.currency' } },
      skus: { each: 'lines', as: { value: 'sku' } },
      tags: { each: 'tags', as: { value: { format: 'upper', of: '.' } } },
    }
    expect(map(fields, { currency: 'EUR', tags: ['a', 'b'], lines: [{ sku: 'MUG' }] })).toEqual({
      lines: [{ sku: 'MUG', currency: 'EUR' }],
      skus: ['MUG'],
      tags: ['A', 'B'],
    })
  })
})

describe('targets', () => {
  test('dotted names fill inside objects and lists', () => {
    expect(
      map({ 'totals.net': { constant: '1' }, 'totals.tax': { constant: '2' }, 'deliveries[0].id': 'number' }),
    ).toEqual({ totals: { net: '1', tax: '2' }, deliveries: [{ id: 'SO-42' }] })
  })

  test('a list item is found by its key, or made with it', () => {
    expect(map({ 'meta_data[key=po].value': 'number' })).toEqual({
      meta_data: [{ key: 'po', value: 'SO-42' }],
    })
    expect(map({ meta_data: 'meta_data', 'meta_data[key=po].value': 'number' })).toEqual({
      meta_data: [
        { key: 'gift', value: 'yes' },
        { key: 'po', value: 'SO-42' },
      ],
    })
  })

  test('the row is not changed when a field writes into what another one copied', () => {
    const before = structuredClone(row)
    map({ billing: 'billing', 'billing.email': { constant: 'x' }, lines: 'lines', 'lines[0].sku': 'number' })
    expect(row).toEqual(before)
  })

  test('a place in a list behind its end is the next one', () => {
    expect(map({ 'lines[4].id': 'id' })).toEqual({ lines: [{ id: 42 }] })
  })

  test('an object whose fields all came to nothing is left out; a list keeps its items', () => {
    expect(
      map({ address: { object: { city: 'none' } }, lines: { each: 'lines', as: { x: 'none' } } }),
    ).toEqual({
      lines: [{}, {}, {}],
    })
  })
})

describe('expressions', () => {
  test('template', () => {
    expect(map({ a: { template: 'Order {number} of {none}{billing.email}' } })).toEqual({
      a: 'Order SO-42 of Ada@Example.com',
    })
  })

  test('lookup by name and by its own table; numbers find their text; else is also for nothing', () => {
    const tables = { size: { '42': 'large' } }
    const fields: Fields = {
      a: { lookup: 'size', of: 'id' },
      b: { lookup: { EUR: 'euro' }, of: 'currency' },
      c: { lookup: { x: 1 }, of: 'number', else: { constant: 'other' } },
      d: { lookup: { x: 1 }, of: 'none', else: { constant: 'other' } },
      e: { lookup: { x: 1 }, of: 'none' },
      f: { lookup: { x: 1 }, of: 'empty' },
    }
    expect(map(fields, row, tables)).toEqual({ a: 'large', b: 'euro', c: 'other', d: 'other' })
  })

  test('a value that a table does not have is an error, not a gap', () => {
    expect(failure({ status: { lookup: { open: 'open' }, of: 'number' } }).message).toBe(
      'shop.SalesOrder → SalesOrder, field status: "SO-42" is not in its table. Add it there, or say what else to take. (number by its table)',
    )
  })

  test('names that every object has are not found in a table', () => {
    expect(() => map({ a: { lookup: {}, of: 'x' } }, { x: 'toString' })).toThrow('is not in its table')
  })

  test('first takes what is neither nothing nor empty', () => {
    expect(map({ a: { first: ['none', 'empty', 'billing.company', { constant: 'last' }] } })).toEqual({
      a: 'last',
    })
  })

  test('when, then, else', () => {
    const fields: Fields = {
      a: { when: { has: 'number' }, then: { constant: 1 }, else: { constant: 2 } },
      b: { when: { has: 'empty' }, then: { constant: 1 }, else: { constant: 2 } },
      c: { when: { has: 'empty' }, then: { constant: 1 } },
    }
    expect(map(fields)).toEqual({ a: 1, b: 2 })
  })

  test('each with where', () => {
    const where = { not: { is: ['kind', { constant: 'note' }] } } as const
    expect(map({ skus: { each: 'lines', where, as: { value: 'sku' } } })).toEqual({ skus: ['MUG', 'CAP'] })
  })

  test('a list of what came to nothing is shorter', () => {
    expect(map({ a: { each: 'lines', as: { value: 'none' } } })).toEqual({ a: [] })
  })

  test('calculations are exact', () => {
    const fields: Fields = {
      add: { calculate: 'add', of: [{ constant: '0.1' }, { constant: 0.2 }] },
      subtract: { calculate: 'subtract', of: [{ constant: '1' }, { constant: '0.9' }] },
      multiply: { calculate: 'multiply', of: ['price', { constant: 3 }] },
      divide: { calculate: 'divide', of: [{ constant: '10' }, { constant: '3' }] },
      divided: { calculate: 'divide', of: [{ constant: '2' }, { constant: '3' }], scale: 2 },
      sum: { calculate: 'sum', of: [{ each: 'lines', as: { value: 'net' } }, 'none', { constant: '0.05' }] },
    }
    expect(map(fields)).toEqual({
      add: '0.3',
      subtract: '0.1',
      multiply: '59.97',
      divide: '3.3333333333',
      divided: '0.67',
      sum: '15.2',
    })
  })

  test('a sum leaves out nothing; other calculations with nothing come to nothing', () => {
    expect(
      map({
        a: { calculate: 'sum', of: ['none', 'price'] },
        b: { calculate: 'subtract', of: ['price', 'none'] },
        c: { calculate: 'sum', of: [{ constant: [] }] },
        d: { calculate: 'sum', of: ['none'] },
      }),
    ).toEqual({ a: '19.99', c: '0' })
  })

  test('a constant is a copy for each record', () => {
    const compiled = compileMapping({ from: 'a', to: 'b', fields: { x: { constant: [] } } })
    const first = applyMapping(compiled, {}, noLinks).value as { x: unknown[] }
    first.x.push(1)
    expect(applyMapping(compiled, {}, noLinks).value).toEqual({ x: [] })
  })
})

describe('conditions', () => {
  const holdsOf = (when: Extract<Fields[string], { when: unknown }>['when']) =>
    (map({ a: { when, then: { constant: true }, else: { constant: false } } }) as { a: boolean }).a

  test('is compares single values as texts, and nothing is nothing', () => {
    expect(holdsOf({ is: ['id', { constant: '42' }] })).toBe(true)
    expect(holdsOf({ is: ['none', { constant: null }] })).toBe(true)
    expect(holdsOf({ is: ['none', { constant: '' }] })).toBe(false)
    expect(holdsOf({ is: ['lines', { constant: [] }] })).toBe(false)
  })

  test('in, any, all, not, greater', () => {
    expect(holdsOf({ in: ['currency', ['USD', 'EUR']] })).toBe(true)
    expect(holdsOf({ any: [{ has: 'none' }, { has: 'id' }] })).toBe(true)
    expect(holdsOf({ all: [{ has: 'none' }, { has: 'id' }] })).toBe(false)
    expect(holdsOf({ greater: ['price', { constant: '9.5' }] })).toBe(true)
    expect(holdsOf({ greater: [{ constant: '2026-11-23' }, { constant: '2026-11-22' }] })).toBe(true)
    expect(holdsOf({ greater: ['none', { constant: '-5' }] })).toBe(false)
  })
})

describe('links', () => {
  const mapping: Mapping = {
    from: 'SalesOrder',
    to: 'erp.SalesOrder',
    fields: {
      partner: { link: 'Account', of: 'buyer', by: { email: 'email', vatId: 'none' } },
      carrier: { link: 'Account', of: 'carrier', optional: true },
      lines: { each: 'lines', as: { product: { link: 'Product', of: 'product' } } },
    },
  }
  const order = { buyer: 7, email: 'a@b.c', carrier: 'c1', lines: [{ product: 'p1' }, { product: 'p1' }, {}] }

  test('all links that are not there yet are told at once, each once', () => {
    const asked: LinkRequest[] = []
    const { missing } = applyMapping(compileMapping(mapping), order, { link: r => (asked.push(r), null) })
    expect(missing).toEqual([
      { entity: 'Account', id: '7', by: { email: 'a@b.c' } },
      { entity: 'Product', id: 'p1', by: {} },
    ])
    expect(asked.map(({ id }) => id)).toContain('c1')
  })

  test('links that are there are filled in', () => {
    const { value, missing } = applyMapping(compileMapping(mapping), order, { link: ({ id }) => `T${id}` })
    expect(missing).toEqual([])
    expect(value).toEqual({
      partner: 'T7',
      carrier: 'Tc1',
      lines: [{ product: 'Tp1' }, { product: 'Tp1' }, {}],
    })
  })
})

describe('errors', () => {
  test('name mapping, field with its place in the list, value and expression', () => {
    const error = failure(
      { lines: { each: 'lines', as: { quantity: { format: 'decimal', of: 'qty' } } } },
      {
        lines: [{ qty: '1' }, { qty: 'two' }],
      },
    )
    expect(error.message).toBe(
      'shop.SalesOrder → SalesOrder, field lines[1].quantity: "two" is not a number. (decimal of qty)',
    )
    expect(error).toMatchObject({
      mapping: 'shop.SalesOrder → SalesOrder',
      field: 'lines[1].quantity',
      value: 'two',
      expression: { format: 'decimal', of: 'qty' },
    })
  })

  test('a list that is none', () => {
    expect(failure({ x: { each: 'billing', as: { a: 'b' } } }).message).toContain(
      'field x: an object is not a list.',
    )
  })

  test('a mapping with a bad path, table or format is refused when it is compiled', () => {
    expect(() => map({ a: 'b..c' })).toThrow('field a: "b..c" is not a path (character 2)')
    expect(() => map({ a: { lookup: 'colours', of: 'b' } }, row, { colour: {} })).toThrow(
      'the nearest is colour',
    )
    expect(() => map({ a: { format: 'uper' as 'upper', of: 'b' } })).toThrow('the nearest is upper')
    expect(() => map({ a: 'x', '["a"]': 'y' })).toThrow(MappingError)
    expect(() => map({ '__proto__.x': 'id' })).toThrow('no mapping may touch')
  })

  test('two fields that cannot both be', () => {
    expect(failure({ a: 'number', 'a.b': 'id' }).message).toContain('field a.b: Another field fills this')
    expect(failure({ 'a.b': 'id', 'a[0]': 'id' }).message).toContain('both as a list and as an object')
  })
})
