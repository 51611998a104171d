import { expect, test } from 'vitest'
import { createAliases } from './aliases.ts'

const aliases = createAliases(Buffer.alloc(32, 7))
const answer = {
  parked: [
    { entity: 'Account', id: 'guest:ada@example.com', url: 'https://shop.example/?s=ada%40example.com' },
  ],
  row: { url: 'https://cdn.example/mug@2x.png' },
  others: ['guest:order:12', 'guest:', 'guest:~nothing of ours', 'ada is a guest:'],
  key: 'shop/Account/guest:ada@example.com',
  states: { due: 1 },
}

test('a guest’s id says nothing of who it is, comes back as it was, and is the same each time', () => {
  const hidden = aliases.hide(answer) as typeof answer
  expect(JSON.stringify(hidden)).not.toMatch(/ada@|ada%40|example\.com/)
  expect(hidden.others).toEqual(answer.others)
  expect([hidden.row, hidden.states]).toEqual([answer.row, answer.states])
  expect(aliases.hide(answer)).toEqual(hidden)
  expect(aliases.open(hidden.parked[0]?.id)).toBe('guest:ada@example.com')
  expect(hidden.key).toBe(`shop/Account/${hidden.parked[0]?.id}`)
  expect(aliases.open({ ids: [hidden.parked[0]?.id, '7'] })).toEqual({ ids: ['guest:ada@example.com', '7'] })
})

test('what is not ours, or was changed on its way, opens to nothing', () => {
  const other = createAliases(Buffer.alloc(32, 8)).sealed('guest:ada@example.com')
  const own = aliases.sealed('guest:ada@example.com')
  for (const text of ['', 'x', other, `${own}AA`, `A${own.slice(1)}`]) expect(aliases.opened(text)).toBeNull()
  expect(aliases.open(`guest:~${other}`)).toBe(`guest:~${other}`)
})
