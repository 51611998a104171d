import type { AlertItem } from '@linchpin/store'
import { expect, test } from 'vitest'
import { asSlack, asTeams, asText } from './forms.ts'
import { letterOf } from './letter.ts'

const item = (index: number, words: string): AlertItem => ({
  is: 'began',
  cause: `parked ${index}`,
  event: 'parked',
  flow: `flow-${index}-`,
  connection: null,
  words,
  count: 1,
  worth: [{ amount: '10', currency: 'EUR' }],
  beganAt: 0,
  endedAt: null,
})
const letterWith = (count: number, words = 'settings: No such tax.') => {
  const items = Array.from({ length: count }, (_each, index) => item(index, words))
  return letterOf({ items, ruleName: 'all' }, { language: 'en', publicUrl: 'https://sync.example.com' })
}
/** How many items stand in it, and how many it says there are more. */
function found(form: unknown) {
  const text = JSON.stringify(form)
  return {
    shown: new Set(text.match(/flow-\d+-/g)).size,
    more: Number(/And (\d+) more/.exec(text)?.[1] ?? 0),
    links: text.includes('https://sync.example.com/alerts'),
  }
}

test.each([
  ['a mail', asText],
  ['Slack', asSlack],
  ['Teams', asTeams],
])('%s says all, or how many more there are and where', (_name, form) => {
  for (const count of [1, 12, 40, 41, 300]) {
    const { shown, more, links } = found(form(letterWith(count)))
    expect(shown + more).toBe(count)
    expect(links).toBe(more > 0)
    expect(shown).toBeGreaterThanOrEqual(Math.min(count, 12))
  }
})

test('no card is larger than Teams takes, whatever is in it and however it counts', () => {
  for (const words of ['x'.repeat(300), 'ü_*"'.repeat(75), '税'.repeat(300)]) {
    const card = asTeams(letterWith(60, words))
    const text = JSON.stringify(card)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(28 * 1024)
    expect(text.length * 2).toBeLessThanOrEqual(28 * 1024)
    const { shown, more } = found(card)
    expect([shown + more, shown > 5]).toEqual([60, true])
  }
})

test('what ends says whose it is, and leads there', () => {
  const ending = { ...item(0, 'apiKey'), event: 'expiring' as const, flow: null, worth: [] }
  const items = [ending, { ...ending, connection: 'erp' }]
  const { lines } = letterOf({ items, ruleName: 'all' }, { language: 'en', publicUrl: '' })
  expect(lines.map(({ title, link }) => [title, link])).toEqual([
    ['New: An API key ends soon, or has just ended', '/api-keys'],
    ['New: A credential of erp ends soon, or has just ended', '/connections/erp'],
  ])
})
