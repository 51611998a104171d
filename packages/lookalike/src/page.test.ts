import { expect, test } from 'vitest'
import { escape, page } from './page.ts'

test('what a customer typed cannot become markup', () => {
  expect(escape(`<img src=x onerror="alert('1')">&`)).not.toMatch(/[<>"']/)
  expect([escape(null), escape(undefined), escape(0), escape({ a: 1 })]).toEqual([
    '',
    '',
    '0',
    '{&#34;a&#34;:1}',
  ])
})

test('every page of a look-alike says what it is not', async () => {
  const text = await page('Orders <1>', 'A look-alike, not the real shop', '<p>body</p>').text()
  expect(text).toContain('A look-alike, not the real shop')
  expect(text).toContain('<title>Orders &#60;1&#62;</title>')
  expect(text).toContain('<p>body</p>')
})
