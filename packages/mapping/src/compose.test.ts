import { describe, expect, test } from 'vitest'
import { applyMapping, compileMapping } from './apply.ts'
import { composeMappings } from './compose.ts'
import type { Fields, Mapping } from './mapping.ts'

const row = {
  id: 7,
  number: '1007',
  state: 'processing',
  total: '12.50',
  billing: { first: 'Ada', city: 'Kiel', street: null },
  shipping: null,
  items: [
    { id: 1, type: 'item', sku: 'MUG', pieces: 2, taxes: [{ rate: 19 }] },
    { id: 2, type: 'fee', sku: '', pieces: 1, taxes: [] },
    { id: 3, type: 'item', sku: 'TEA', pieces: 3, taxes: [{ rate: 7 }, { rate: 19 }] },
  ],
  tags: ['red', 'blue'],
}

const read: Mapping = {
  from: 'shop.Order',
  to: 'Order',
  tables: { status: { processing: 'open' } },
  fields: {
    id: { format: 'text', of: 'id' },
    number: 'number',
    status: { lookup: 'status', of: 'state', else: { constant: 'held' } },
    total: { format: 'decimal', of: 'total' },
    buyer: { object: { name: 'billing.first', place: { object: { city: 'billing.city' } } } },
    'delivery.city': { first: ['shipping.city', 'billing.city'] },
    address: { when: { has: 'shipping' }, then: 'shipping', else: 'billing' },
    party: { first: ['shipping', 'billing'] },
    lines: {
      each: 'items',
      where: { is: ['type', { constant: 'item' }] },
      as: {
        id: { format: 'text', of: 'id' },
        sku: 'sku',
        quantity: { format: 'decimal', of: 'pieces' },
        order: '$.number',
        taxes: { each: 'taxes', as: { percent: { format: 'decimal', of: 'rate' } } },
      },
    },
    labels: { each: 'tags', as: { value: { format: 'upper', of: '.' } } },
    raw: 'items',
    constant: { constant: { kind: 'web', deep: [{ a: 1 }] } },
  },
}

function compose(fields: Fields, own: readonly string[] = []) {
  const write: Mapping = { from: 'Order', to: 'erp.Order', fields, tables: { status: { open: 'sale' } } }
  const context = { link: ({ entity, id }: { entity: string; id: string }) => `${entity} ${id}` }
  const canonical = applyMapping(compileMapping(read), row, context).value
  const direct = (given: object = row) =>
    applyMapping(compileMapping(composeMappings(read, write, own)), given, context).value
  return { twice: applyMapping(compileMapping(write), canonical, context).value, direct }
}

describe('two mappings made one give what the two give one after the other', () => {
  const cases: Readonly<Record<string, Fields>> = {
    'single fields': { a: 'number', b: { path: 'status' }, c: { format: 'number', of: 'total' } },
    'tables of the same name': { state: { lookup: 'status', of: 'status' } },
    'inside objects': { name: 'buyer.name', city: 'buyer.place.city', all: 'buyer', none: 'buyer.none' },
    'fields of a dotted name': { to: 'delivery.city', whole: 'delivery' },
    'inside what is decided': { city: 'address.city', other: 'party.city', street: 'party.street' },
    'inside constants': { kind: 'constant.kind', deep: 'constant.deep[0].a' },
    'what nobody fills': { nothing: 'unheard.of', or: { first: ['unheard', { constant: 'x' }] } },
    texts: { origin: { template: 'Order {number} ({id})' }, alone: { template: '{status}' } },
    links: { partner: { link: 'Account', of: 'id', by: { sku: 'number' } } },
    'a list, whole': { rows: 'lines', labels: 'labels' },
    'a list of a list': {
      rows: {
        each: 'lines',
        where: { greater: ['quantity', { constant: '2' }] },
        as: {
          sku: 'sku',
          of: 'order',
          head: '$.number',
          status: '$.status',
          rates: { each: 'taxes', as: { value: 'percent' } },
        },
      },
    },
    'a list of values': { words: { each: 'labels', as: { text: '.', number: '$.number' } } },
    'a list that is handed on': { all: { each: 'raw', as: { sku: 'sku', total: '$.total' } } },
    sums: { pieces: { calculate: 'sum', of: [{ each: 'lines', as: { value: 'quantity' } }] } },
    conditions: {
      big: {
        when: { all: [{ has: 'lines' }, { not: { is: ['status', { constant: 'held' }] } }] },
        then: 'id',
      },
    },
  }
  for (const [name, fields] of Object.entries(cases))
    test(name, () => {
      const { twice, direct } = compose(fields)
      expect(direct()).toEqual(twice)
    })
})

test('what no row tells is read from its own field, where it is there', () => {
  const { direct } = compose({ name: 'buyer.name', total: 'total' }, ['buyer.name'])
  expect(direct()).toEqual({ name: 'Ada', total: '12.5' })
  expect(direct({ ...row, linchpin: { buyer: { name: 'Guest' } } })).toEqual({ name: 'Guest', total: '12.5' })
})

test('what two mappings cannot be made one for is told, with the field and the reason', () => {
  const compose = (fields: Fields) => composeMappings(read, { from: 'Order', to: 'erp.Order', fields })
  expect(() => compose({ first: 'lines[0].sku' })).toThrow(/^first: one item of a list is asked for/)
  expect(() => compose({ text: { template: 'To {delivery.city}' } })).toThrow(
    /^text: a text holds delivery.city, which is made, not read/,
  )
})
