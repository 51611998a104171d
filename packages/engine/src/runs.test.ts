import { describe, expect, test } from 'vitest'
import { dueRun } from './runs.ts'

const at = (text: string) => Date.parse(text)
const nightly = { cron: '0 2 * * *', zone: 'Europe/Berlin' }
const since = at('2026-11-20T12:00:00Z')
const run = (dueAt: string, isOpen = false) => ({ dueAt: at(dueAt), endedAt: isOpen ? null : at(dueAt) + 1 })
const due = (missed: 'once' | 'all' | 'skip', last: ReturnType<typeof run> | null, now: string) => {
  const found = dueRun(nightly, { missed }, { since, run: last }, at(now))
  return found && `${new Date(found.dueAt).toISOString()}${found.leftOut ? ' left out' : ''}`
}

describe('a run at two in the morning in Berlin', () => {
  test('is due at two, and not before', () => {
    expect(due('once', null, '2026-11-21T00:59:59.999Z')).toBeNull()
    expect(due('once', null, '2026-11-21T01:00:00Z')).toBe('2026-11-21T01:00:00.000Z')
    expect(due('skip', null, '2026-11-21T01:00:30Z')).toBe('2026-11-21T01:00:00.000Z')
  })

  test('is not due twice', () => {
    expect(due('once', run('2026-11-21T01:00:00Z'), '2026-11-21T23:00:00Z')).toBeNull()
    expect(due('once', run('2026-11-21T01:00:00Z', true), '2026-11-21T23:00:00Z')).toBeNull()
  })

  test('is not due for times before the flow worked in batches', () => {
    expect(due('all', null, '2026-11-20T23:00:00Z')).toBeNull()
  })
})

describe('when nobody was there for three nights', () => {
  const last = run('2026-11-21T01:00:00Z')
  const now = '2026-11-24T08:00:00Z'

  test('one run stands for all of them', () => {
    expect(due('once', last, now)).toBe('2026-11-24T01:00:00.000Z')
  })

  test('or each has its own, one after the other', () => {
    expect(due('all', last, now)).toBe('2026-11-22T01:00:00.000Z')
    expect(due('all', run('2026-11-22T01:00:00Z', true), now)).toBeNull()
    expect(due('all', run('2026-11-22T01:00:00Z'), now)).toBe('2026-11-23T01:00:00.000Z')
  })

  test('or they are left out, and said to be', () => {
    expect(due('skip', last, now)).toBe('2026-11-24T01:00:00.000Z left out')
  })
})

test('a run every two hours counts from the last one', () => {
  const every = { everyMs: 7_200_000 }
  const state = { since, run: run('2026-11-21T01:00:00Z') }
  expect(dueRun(every, { missed: 'once' }, state, at('2026-11-21T02:59:00Z'))).toBeNull()
  expect(dueRun(every, { missed: 'once' }, state, at('2026-11-21T07:30:00Z'))).toEqual({
    dueAt: at('2026-11-21T07:00:00Z'),
    leftOut: false,
  })
})
