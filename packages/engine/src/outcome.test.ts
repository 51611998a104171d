import { Problem, type Outcome } from '@linchpin/connector'
import type { Delivery } from '@linchpin/store'
import { describe, expect, test } from 'vitest'
import { isAlone, settlementOf, type OutcomeFacts } from './outcome.ts'
import type { Ready } from './prepare.ts'

const KEY = 'shop/SalesOrder/1042'
const delivery: Delivery = {
  flow: 'orders',
  entity: 'SalesOrder',
  id: '1042',
  from: 'shop',
  to: 'erp',
  lane: 'SalesOrder/1042',
  force: false,
  gen: 1,
  fence: 1,
  tries: 0,
  attempt: 1,
  intent: null,
  unansweredBy: null,
  doubtHash: null,
  sentHash: null,
  expect: null,
  era: 0,
  record: null,
  targetId: null,
}
const create: Ready = { operation: 'create', write: { key: KEY, id: null, row: {} }, hash: 'h', mapping: 0 }
const update: Ready = { operation: 'update', write: { key: KEY, id: '7', row: {} }, hash: 'h', mapping: 0 }
const facts: OutcomeFacts = {
  repeat: 'find',
  settledBy: 100_000,
  now: 1_000,
  random: () => 0,
  target: 'Tryton',
  isOutage: false,
  until: 0,
  readBack: true,
}
const lost: Outcome = { key: KEY, is: 'unknown', problem: new Problem('passing', 'The line went dead.') }
const refused = (kind: ConstructorParameters<typeof Problem>[0]): Outcome => ({
  key: KEY,
  is: 'refused',
  problem: new Problem(kind, 'No.'),
})
const applied: Outcome = { key: KEY, is: 'applied', id: '7', version: 'v1', number: 'S7' }

describe('a create whose answer was lost', () => {
  test('is looked for where the target can be searched, and not before it must have arrived', () => {
    expect(settlementOf(delivery, create, lost, facts)).toMatchObject({
      is: 'later',
      at: 100_000,
      intent: 'keep',
    })
  })
  test('is sent again soon where the target takes our key', () => {
    const settlement = settlementOf(delivery, create, lost, { ...facts, repeat: 'safe' })
    expect(settlement).toMatchObject({ is: 'later', at: 1_500, intent: 'keep' })
  })
  test('is asked about where nobody can know, with the key to look for', () => {
    const settlement = settlementOf(delivery, create, lost, { ...facts, repeat: 'ask' })
    expect(settlement).toMatchObject({ is: 'parked', intent: 'keep' })
    expect(JSON.stringify(settlement)).toMatch(/Did it arrive in Tryton\?.*shop\/SalesOrder\/1042/)
  })
  test('is not taken for refused when the answer of a batch leaves it out', () => {
    expect(settlementOf(delivery, create, undefined, facts)).toMatchObject({ is: 'later', intent: 'keep' })
  })
})

describe('an outcome that is known', () => {
  test('links, and tells the number that people use', () => {
    expect(settlementOf(delivery, create, applied, facts)).toMatchObject({
      is: 'applied',
      targetId: '7',
      version: 'v1',
      words: 'Created as S7 in Tryton.',
      rest: null,
      again: null,
    })
  })
  test('that leaves something to do goes on by itself only when that can help', () => {
    const restOf = (kind: 'passing' | 'refused') =>
      settlementOf(delivery, create, { ...applied, rest: new Problem(kind, 'Not confirmed.') }, facts)
    expect(restOf('passing')).toMatchObject({ rest: { at: 1_500 } })
    expect(restOf('refused')).toMatchObject({ rest: { at: null, words: 'Not confirmed.' } })
  })
  test('is written again once an older write, whose answer was lost, must have arrived', () => {
    const intent = { operation: 'update', sendBy: 5_000, settledBy: 5_000, isSupposed: false } as const
    expect(settlementOf({ ...delivery, intent }, update, applied, facts)).toMatchObject({ again: 65_000 })
    const news = { ...delivery, unansweredBy: 5_000 }
    expect(settlementOf(news, update, applied, facts)).toMatchObject({ again: 65_000 })
    // Two that differ may be under way.
    expect(settlementOf({ ...news, doubtHash: '' }, update, applied, facts)).toMatchObject({ again: 65_000 })
  })
  test('is not written again because of older ones that are the same: it would go over what somebody changed there', () => {
    const intent = { operation: 'update', sendBy: 5_000, settledBy: 5_000, isSupposed: false } as const
    const alike = { ...delivery, intent, unansweredBy: 2_000, doubtHash: update.hash }
    expect(settlementOf(alike, update, applied, facts)).toMatchObject({ again: null })
  })
  test('a create is alone only when none was ever sent; an update when older ones have arrived', () => {
    const intent = { operation: 'create', sendBy: -100_000, settledBy: -100_000, isSupposed: false } as const
    expect(isAlone(delivery, 0)).toBe(true)
    expect(isAlone({ ...delivery, intent }, 0)).toBe(false)
    expect(isAlone({ ...delivery, unansweredBy: -100_000 }, 0)).toBe(false)
    const linked = { ...delivery, targetId: '7', intent: { ...intent, operation: 'update' } } as const
    expect([isAlone(linked, -50_000), isAlone(linked, -40_000)]).toEqual([false, true])
  })
  test('of a create that our own database may have forgotten is written again: it may be the first one’s', () => {
    const forgotten = { ...delivery, unansweredBy: -100_000 }
    const safe = { ...facts, repeat: 'safe' as const }
    expect(settlementOf(forgotten, create, applied, safe)).toMatchObject({ again: facts.now })
    expect(settlementOf(forgotten, create, applied, { ...facts, repeat: 'find' })).toMatchObject({
      again: null,
    })
    expect(settlementOf({ ...forgotten, targetId: '7' }, update, applied, safe)).toMatchObject({
      again: null,
    })
  })
  test('of a refusal parks with the remote’s own words', () => {
    const settlement = settlementOf(delivery, create, refused('refused'), facts)
    expect(settlement).toEqual({
      delivery,
      is: 'parked',
      trouble: { kind: 'refused', words: 'No.' },
      intent: 'clear',
    })
  })
  test('of a busy or closed target waits, and costs the record no try', () => {
    for (const kind of ['busy', 'login', 'settings'] as const)
      expect(settlementOf(delivery, create, refused(kind), { ...facts, until: 9_000 })).toMatchObject({
        is: 'later',
        at: 9_000,
        counts: false,
      })
  })
  test('of a refusal says nothing of an earlier create that may still be there', () => {
    const intent = { operation: 'create', sendBy: 0, settledBy: 0, isSupposed: false } as const
    const again = { ...delivery, intent }
    expect(settlementOf(again, create, refused('refused'), { ...facts, repeat: 'safe' })).toMatchObject({
      intent: 'keep',
    })
    // Where we looked first and did not find it, it is known not to be there.
    expect(settlementOf(again, create, refused('refused'), facts)).toMatchObject({ intent: 'clear' })
  })
})
