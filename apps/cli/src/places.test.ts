import { expect, test } from 'vitest'
import { setOf } from './places.ts'

const valueOf = (text: string) => setOf(`at=${text}`).at(0)?.now

test('a place and its value are told apart by the first equals sign', () => {
  expect(setOf('lines[0].sku=A=B')).toEqual([{ path: ['lines', 0, 'sku'], now: 'A=B' }])
  expect(() => setOf('=DE')).toThrow('Write it as a path and a value')
})

test('data are data, and a text that looks like data can be said as a text', () => {
  expect(['true', '12', '5.00', 'null', '{"a":[1]}'].map(valueOf)).toEqual([true, 12, 5, null, { a: [1] }])
  expect(['"5.00"', '"null"', '"say \\"hi\\""'].map(valueOf)).toEqual(['5.00', 'null', 'say "hi"'])
  expect(['DE', '80337 München', '[no list', '', 'true story'].map(valueOf)).toEqual([
    'DE',
    '80337 München',
    '[no list',
    '',
    'true story',
  ])
})
