import { expect, test } from 'vitest'
import { z } from 'zod'
import { compileMapping } from './apply.ts'
import { lookupsOf } from './lookups.ts'
import { placesIn } from './places.ts'

test('a schema is told as a tree: what must be there, which values it takes, and what is inside of lists', () => {
  const schema = z.object({
    status: z.enum(['open', 'held']),
    note: z.string().optional(),
    lines: z.array(z.object({ sku: z.string() })),
  })
  expect(placesIn(schema, 'input')).toEqual([
    { path: 'status', kinds: ['text'], required: true, values: ['open', 'held'] },
    { path: 'note', kinds: ['text'], required: false, values: [] },
    { path: 'lines', kinds: ['list'], required: true, values: [] },
    { path: 'lines[].sku', kinds: ['text'], required: true, values: [] },
  ])
})

test('what a record asks of the tables is told, also where the table does not have it', () => {
  const mapping = compileMapping({
    from: 'shop.Order',
    to: 'Order',
    tables: { carrier: { dhl: 'DHL' } },
    fields: {
      carrier: { lookup: 'carrier', of: 'method' },
      other: { lookup: 'carrier', of: 'second', else: { constant: 'post' } },
      rate: { lookup: { a: 'b' }, of: 'method' },
    },
  })
  const asked = lookupsOf(mapping, { method: 'bike', second: 'dhl' }, { link: () => null })
  expect(asked).toEqual([
    { table: 'carrier', field: 'carrier', value: 'bike', has: false },
    { table: 'carrier', field: 'other', value: 'dhl', has: true },
  ])
})
