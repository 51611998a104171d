import { expect, test } from 'vitest'
import { changesBetween } from '@linchpin/api'
import { quoted, setWord, word } from './shell-words.ts'

test('what is copied for a shell is one word, and runs nothing', () => {
  expect(word('shop')).toBe('shop')
  expect(word('$(rm -rf /)')).toBe("'$(rm -rf /)'")
  expect(quoted("it's")).toBe(String.raw`'it'\''s'`)
  expect(word('')).toBe("''")
})

test('what is set is what was typed, not how it is shown', () => {
  const before = { billing: { first_name: 'Nor', city: 'Ulm' }, total: '5.00', count: 2, note: 'x' }
  const after = { billing: { first_name: 'Noor & Jan', city: 'Ulm' }, total: '6.00', count: 3, note: null }
  expect(changesBetween(before, after).map(setWord)).toEqual([
    "'billing.first_name=Noor & Jan'",
    `'total="6.00"'`,
    'count=3',
    'note=null',
  ])
})
