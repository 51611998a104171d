import { expect, test } from 'vitest'
import { csvOf } from './csv.ts'

test('a cell that a spreadsheet would run is only a text', () => {
  expect(csvOf([['=1+1', '+49', '-5', '@SUM(A1)', 'plain']])).toBe("'=1+1,'+49,'-5,'@SUM(A1),plain\r\n")
})

test('commas, quotes and lines stay within their cell', () => {
  expect(csvOf([['a,b', 'say "hi"', 'two\nlines']])).toBe('"a,b","say ""hi""","two\nlines"\r\n')
})
