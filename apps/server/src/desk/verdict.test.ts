import { expect, test } from 'vitest'
import { connectionVerdict, flowVerdict } from './verdict.ts'

const well = { paused: null, parked: 0, oldestMs: null, punctual: { all: 100, inTime: 100 } }

test('a flow is green while all is in time and nothing needs a person', () => {
  expect(flowVerdict(well)).toEqual({ is: 'green', because: [] })
  expect(flowVerdict({ ...well, punctual: { all: 0, inTime: 0 } }).is).toBe('green')
})

test('each colour but green says why, the worst reason first', () => {
  const late = flowVerdict({ ...well, parked: 2, oldestMs: 2 * 3_600_000 })
  expect(late).toMatchObject({
    is: 'red',
    because: [{ code: 'late', facts: { minutes: 120 } }, { code: 'parked' }],
  })
  expect(flowVerdict({ ...well, punctual: { all: 100, inTime: 80 } })).toMatchObject({
    is: 'red',
    because: [{ code: 'slow', facts: { late: 20, all: 100 } }],
  })
})

test('one late order of three is no alarm', () => {
  expect(flowVerdict({ ...well, punctual: { all: 3, inTime: 2 } }).is).toBe('amber')
})

test('what somebody paused on purpose is calm; what Linchpin stopped itself is red', () => {
  const paused = { by: 'Ada', reason: 'stocktaking' }
  expect(flowVerdict({ ...well, paused, oldestMs: 9e9 }).is).toBe('calm')
  const open = { paused: null, blockedMs: 0, problems: [], left: 10, backlog: 0, expiring: [] }
  expect(connectionVerdict({ ...open, paused: { ...paused, kind: null } }).is).toBe('calm')
  expect(connectionVerdict({ ...open, paused: { ...paused, kind: 'login' } }).is).toBe('red')
  expect(connectionVerdict(open).is).toBe('green')
})

test('a credential that ends soon is told two weeks before, and one that ended is red', () => {
  const open = { paused: null, blockedMs: 0, problems: [], left: 10, backlog: 0 }
  const ending = (days: number) =>
    connectionVerdict({ ...open, expiring: [{ name: 'apiKey', inMs: days * 24 * 3_600_000 }] })
  expect(ending(30)).toEqual({ is: 'green', because: [] })
  expect(ending(3)).toEqual({
    is: 'amber',
    because: [{ code: 'expires', facts: { name: 'apiKey', days: 3 } }],
  })
  expect(ending(-1)).toMatchObject({ is: 'red', because: [{ code: 'expired' }] })
})
