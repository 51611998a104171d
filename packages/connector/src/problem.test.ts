import { expect, test } from 'vitest'
import { problemOf, retryAfterMs, type ProblemKind } from './problem.ts'

const now = Date.UTC(2030, 0, 1)
const of = (status: number, headers: Record<string, string> = {}) =>
  problemOf({ status, headers: new Headers(headers) }, 'Acme', now)

test('a status says what happens next, in words for people', () => {
  const kinds: Readonly<Record<number, ProblemKind>> = {
    400: 'refused',
    401: 'login',
    403: 'login',
    404: 'refused',
    408: 'passing',
    409: 'conflict',
    412: 'conflict',
    422: 'refused',
    429: 'busy',
    500: 'passing',
    502: 'passing',
    503: 'passing',
    302: 'surprise',
  }
  for (const [status, kind] of Object.entries(kinds)) expect(of(Number(status)).kind, status).toBe(kind)
  expect(of(401).message).toContain('Acme')
})

test('a remote in maintenance that says how long is busy, not broken', () => {
  expect(of(503, { 'retry-after': '120' })).toMatchObject({ kind: 'busy', retryAfterMs: 120_000 })
})

test('Retry-After is seconds or a date, never negative, never longer than a day', () => {
  expect(retryAfterMs('7', now)).toBe(7000)
  expect(retryAfterMs(new Date(now + 9000).toUTCString(), now)).toBe(9000)
  expect(retryAfterMs(new Date(now - 9000).toUTCString(), now)).toBe(0)
  expect(retryAfterMs('999999999', now)).toBe(86_400_000)
  expect([retryAfterMs(null, now), retryAfterMs('soon', now), retryAfterMs('', now)]).toEqual([
    1000, 1000, 1000,
  ])
})
