import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { createAliases } from '../desk/aliases.ts'
import type { Actor } from '../people/actor.ts'
import { openPlace, sealPlace } from './place.ts'
import type { Said } from './written.ts'

let now = 0
const sealing = {
  aliases: createAliases(Buffer.alloc(32, 7)),
  digest: (text: string) => createHmac('sha256', 'of the test').update(text).digest(),
  wall: () => now,
}
const ada = { kind: 'person', id: 'p1', name: 'Ada', rights: ['operate'] } as unknown as Actor
const said: Said = { name: 'sync', input: { flow: 'f', cursor: null }, actor: ada, from: '::1' }
const sealed = (of = said, next: string | null = 'guest:ada@example.com') =>
  sealPlace(sealing, of, { owed: 1, next }).next
const goingOn = (cursor: string | null, of = said): Said => ({ ...of, input: { ...of.input, cursor } })

test('what goes on with a request within the hour is that request; later it is another one', () => {
  now = 0
  const place = sealed()
  expect(place).not.toContain('ada')
  now = 3_599_999
  const input = { flow: 'f', cursor: 'guest:ada@example.com' }
  expect(openPlace(sealing, goingOn(place))).toEqual({ input, goesOn: true })
  now = 3_600_000
  expect(openPlace(sealing, goingOn(place))).toEqual({ input, goesOn: false })
})

test('the beginning is a request of its own, and the end has no place', () => {
  expect(openPlace(sealing, said)).toEqual({ input: said.input, goesOn: false })
  expect(sealed(said, null)).toBeNull()
})

test('nobody goes on at a place that was made up, or with what was asked by another, of another or otherwise', () => {
  const place = sealed()
  const dryRun: Said = {
    ...said,
    name: 'replay',
    input: { name: 'f', since: 'x', dryRun: true, cursor: null },
  }
  const others: Said[] = [
    goingOn('made up'),
    goingOn(sealing.aliases.sealed('[]')),
    // What is sealed elsewhere: a guest whose address is not to be seen.
    goingOn(sealing.aliases.sealed('ada@example.com')),
    goingOn('guest:ada@example.com'),
    goingOn(place, { ...said, actor: { ...ada, id: 'p2' } as Actor }),
    goingOn(place, { ...said, input: { flow: 'g', cursor: null } }),
    goingOn(sealed(dryRun), { ...dryRun, input: { ...dryRun.input, dryRun: false } }),
  ]
  for (const each of others) expect(() => openPlace(sealing, each)).toThrow(/cursor is none/)
})

test('the cursors of other routes are left as they are', () => {
  const plan: Said = { ...said, name: 'plan' }
  expect(sealed(plan, 'c1')).toBe('c1')
  expect(openPlace(sealing, goingOn('c1', plan))).toEqual({
    input: { flow: 'f', cursor: 'c1' },
    goesOn: false,
  })
})
