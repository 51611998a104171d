import { entities } from '@linchpin/model'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { checkMapping, type CheckOptions } from './check.ts'
import type { Fields, Mapping } from './mapping.ts'

const row = z.looseObject({
  id: z.number(),
  status: z.enum(['processing', 'completed', 'on-hold']),
  total: z.string(),
  date: z.string().nullable(),
  currency: z.string(),
  billing: z.object({ email: z.string(), country: z.string().optional() }),
  line_items: z.array(z.object({ id: z.number(), sku: z.string().nullable(), quantity: z.string() })),
  partner_id: z.tuple([z.number(), z.string()]).nullable(),
  meta_data: z.array(z.looseObject({ key: z.string(), value: z.unknown() })),
  custom: z.record(z.string(), z.json()),
})

function faults(
  fields: Fields,
  options: CheckOptions = {},
  tables: Mapping['tables'] = {},
): readonly string[] {
  const mapping = { from: 'shop.SalesOrder', to: 'SalesOrder', fields, tables }
  const found = checkMapping(mapping, row, entities.SalesOrder, options)
  return found.map(({ message }) => message.replace('shop.SalesOrder → SalesOrder, ', ''))
}

describe('names', () => {
  test('an unknown target field is told with the nearest right one', () => {
    expect(faults({ 'totals.nett': 'total', curency: 'currency' })).toEqual([
      'field totals.nett: there is no nett in totals; the nearest is net.',
      'field curency: there is no curency in SalesOrder; the nearest is currency.',
    ])
  })

  test('an unknown source field in a closed object is told with the nearest right one', () => {
    expect(faults({ number: 'billing.emial', lines: { each: 'line_items', as: { sku: 'skuu' } } })).toEqual([
      'field number: path billing.emial: there is no emial in billing; the nearest is email.',
      'field lines.sku: path skuu: there is no skuu in shop.SalesOrder; the nearest is sku.',
    ])
  })

  test('where nothing is near, the names that there are', () => {
    expect(faults({ number: 'billing.xyz' })).toEqual([
      'field number: path billing.xyz: there is no xyz in billing; there are email, country.',
    ])
  })

  test('custom fields pass through open objects, records and anything', () => {
    const fields: Fields = {
      'extra.colour': 'colour',
      'extra.deep.er': 'custom.a.b[0].c',
      buyerReference: 'meta_data[key=po].value',
      'extra.x': 'meta_data[key=po].value.more',
    }
    expect(faults(fields)).toEqual([])
  })

  test('when only declared names are wanted, a loose name is a fault and a record is not', () => {
    expect(faults({ 'extra.a': 'currncy', 'extra.b': 'custom.b' }, { declaredOnly: true })).toEqual([
      'field extra.a: path currncy: there is no currncy in shop.SalesOrder; the nearest is currency.',
    ])
  })

  test('list items are reached by place or key, not by name', () => {
    expect(
      faults({ number: 'line_items.sku', buyerReference: 'partner_id[1]', 'extra.x': 'partner_id[2]' }),
    ).toEqual([
      'field number: path line_items.sku: line_items is a list, so it has no sku. Take one item, line_items[0].sku, or use each.',
      'field extra.x: path partner_id[2]: partner_id has no item 2.',
    ])
  })

  test('where, by, template, with, conditions and $ are checked as well', () => {
    const fields: Fields = {
      'buyer.id': { link: 'Account', of: 'billing.id', by: { email: 'billing.mail' } },
      number: { template: 'Order {id} {billing.nam}' },
      'totals.net': { format: 'decimal', of: 'total', with: { scale: 'billing.scale' } },
      lines: {
        each: 'line_items',
        where: { has: 'kind' },
        as: { id: '$.billing.no', 'extra.a': '$.currency' },
      },
    }
    expect(faults(fields).map(words => words.split(';')[0])).toEqual([
      'field buyer.id: path billing.id: there is no id in billing',
      'field buyer.id: path billing.mail: there is no mail in billing',
      'field number: path billing.nam: there is no nam in billing',
      'field totals.net: path billing.scale: there is no scale in billing',
      'field lines: path kind: there is no kind in shop.SalesOrder',
      'field lines.id: path $.billing.no: there is no no in billing',
    ])
  })

  test('tables, formats, settings and bad paths', () => {
    const fields: Fields = {
      number: { lookup: 'colours', of: 'currency' },
      channel: { format: 'uper' as 'upper', of: 'currency' },
      'totals.net': { format: 'decimal', of: 'total', with: { scael: { constant: 2 } } },
      'totals.tax': { format: 'fromMinor', of: 'total' },
      buyerReference: 'a..b',
    }
    expect(faults(fields, {}, { colour: {} })).toEqual([
      'field number: There is no table colours; the nearest is colour.',
      'field channel: There is no format uper; the nearest is upper.',
      'field totals.net: decimal knows no scael; it takes scale.',
      "field totals.tax: fromMinor needs the currency: with: { currency: 'currency' }.",
      'field buyerReference: "a..b" is not a path (character 2). Paths look like billing.email, lines[0].id or meta_data[key=po].value.',
    ])
  })
})

describe('values and kinds', () => {
  test('a constant that the target does not take', () => {
    expect(faults({ status: { constant: 'opne' }, fulfilment: { constant: 'partly' } })).toEqual([
      'field status: the target does not take "opne"; the nearest is "open".',
      'field fulfilment: the target does not take "partly"; the nearest is "partial".',
    ])
  })

  test('so are the values of a table and the branches of a choice', () => {
    const fields: Fields = {
      status: { lookup: { a: 'open', b: 'closd' }, of: 'status', else: { constant: 'hold' } },
      payment: {
        when: { has: 'date' },
        then: { constant: 'payed' },
        else: { first: ['date', { constant: 'x' }] },
      },
    }
    expect(faults(fields).map(words => words.split(';')[0])).toEqual([
      'field status: the target does not take "closd"',
      'field status: the target does not take "hold"',
      'field payment: the target does not take "payed"',
      'field payment: the target does not take "x"',
    ])
  })

  test('a number where a text belongs, a list where a text belongs, and what helps', () => {
    expect(faults({ id: 'id', number: 'line_items', lines: 'billing', taxInclusive: 'currency' })).toEqual([
      'field id: id gives a number, and the target takes a text. Use the format text or decimal.',
      'field number: line_items gives a list, and the target takes a text. Take one item, or use the format join.',
      'field lines: billing gives an object, and the target takes a list.',
      'field taxInclusive: currency gives a text, and the target takes a boolean. Use the format boolean.',
    ])
  })

  test('an operand that cannot be one', () => {
    expect(
      faults({
        'totals.net': { calculate: 'add', of: ['billing', 'total'] },
        lines: { each: 'billing', as: {} },
      }),
    ).toEqual([
      'field totals.net: billing is an object; a text or a number is needed here.',
      'field lines: billing is an object; a list is needed here.',
    ])
  })

  test('a condition that can never hold', () => {
    const fields: Fields = {
      number: { when: { is: ['status', { constant: 'complete' }] }, then: 'total' },
      channel: { when: { in: ['status', ['on-hold', 'onhold']] }, then: 'total' },
    }
    expect(faults(fields)).toEqual([
      'field number: status is never "complete"; the nearest is "completed".',
      'field channel: status is never "onhold"; the nearest is "on-hold".',
    ])
  })

  test('two fields for one place', () => {
    expect(faults({ number: 'total', '["number"]': 'total' })).toEqual([
      'field ["number"]: Two fields fill the same place.',
    ])
  })
})

describe('completeness, when asked for', () => {
  const complete = z.object({
    id: z.string(),
    note: z.string().optional(),
    level: z.string().default('x'),
    totals: z.object({ net: z.string(), tax: z.string() }),
    address: z.object({ city: z.string() }).optional(),
    lines: z.array(z.object({ id: z.string(), sku: z.string() })),
    meta: z.array(z.object({ key: z.string(), value: z.string() })).optional(),
  })
  const missing = (fields: Fields) =>
    checkMapping({ from: 'a', to: 'b', fields }, z.unknown(), complete, { complete: true }).map(
      ({ field }) => field,
    )

  test('names every required field that nothing fills, however deep', () => {
    expect(missing({ 'totals.net': 'a', lines: { each: 'b', as: { id: 'c' } } })).toEqual([
      'lines.sku',
      'id',
      'totals.tax',
    ])
  })

  test('is content with what is filled whole, by place, by key, or has a default', () => {
    expect(
      missing({ id: 'a', totals: 'b', 'lines[0].id': 'c', 'lines[0].sku': 'd', 'meta[key=po].value': 'e' }),
    ).toEqual([])
  })

  test('an optional object that is begun must be finished', () => {
    const fields: Fields = { id: 'a', totals: 'b', lines: 'c', 'address.city': 'd' }
    expect(missing(fields)).toEqual([])
    expect(missing({ ...fields, address: { object: {} } })).toContain('address.city')
  })
})
