import type { Store } from '@linchpin/store'
import { expect, test } from 'vitest'
import { spendingTogether } from './spend.ts'

const asked = (connection: string, cost: number, now: number) => ({
  connection,
  cost,
  now,
  requests: 9,
  perMs: 1_000,
})

/** A limiter whose answers come when the test lets them. */
function limiter() {
  const spent: { connection: string; cost: number; now: number }[] = []
  const answers: { give: (waitMs: number) => void; fail: (error: Error) => void }[] = []
  const spend: Store['spend'] = ({ connection, cost, now }) => {
    spent.push({ connection, cost, now })
    return new Promise((give, fail) => answers.push({ give, fail }))
  }
  return { spent, answers, store: spendingTogether({ spend } as Store) }
}

/** Whatever follows from what has happened, without a clock. */
const everythingElse = () => new Promise(resolve => setImmediate(resolve))

test('the first request asks at once; those that come meanwhile ask together, at the latest time', async () => {
  const { spent, answers, store } = limiter()
  const first = store.spend(asked('erp', 1, 5))
  const others = [store.spend(asked('erp', 2, 6)), store.spend(asked('erp', 3, 7))]
  expect(spent).toEqual([{ connection: 'erp', cost: 1, now: 5 }])
  answers[0]?.give(0)
  expect(await first).toBe(0)
  await everythingElse()
  expect(spent[1]).toEqual({ connection: 'erp', cost: 5, now: 7 })
  answers[1]?.give(40)
  expect(await Promise.all(others)).toEqual([40, 40])
})

test('connections do not wait for each other', () => {
  const { spent, store } = limiter()
  void store.spend(asked('erp', 1, 5))
  void store.spend(asked('shop', 1, 5))
  expect(spent.map(({ connection }) => connection)).toEqual(['erp', 'shop'])
})

test('whoever asked together hears of the failure, and the next one asks anew', async () => {
  const { answers, store } = limiter()
  const failed = store.spend(asked('erp', 1, 5))
  answers[0]?.fail(new Error('no database'))
  await expect(failed).rejects.toThrow('no database')
  await everythingElse()
  const next = store.spend(asked('erp', 1, 6))
  answers[1]?.give(0)
  expect(await next).toBe(0)
})

/** What the limiter was asked for, request by request, when it always has enough. */
async function paid(at: readonly number[], most: { requests: number }) {
  const costs: number[] = []
  const store = spendingTogether({
    spend: async ({ cost }) => {
      costs.push(cost)
      return 0
    },
  } as Store)
  for (const now of at) await store.spend({ ...asked('erp', 1, now), ...most })
  return costs
}

test('who sends one request after the other takes some ahead, twice as many each time, up to a tenth', async () => {
  const soon = Array.from({ length: 41 }, (_, index) => index)
  expect(await paid(soon, { requests: 100 })).toEqual([2, 4, 8, 11, 11, 11])
})

test('what was taken ahead is worth nothing after a tenth of the time, and what was not used is not taken again', async () => {
  expect(await paid([0, 1, 200, 400, 600], { requests: 100 })).toEqual([2, 4, 1, 2])
})

test('a limiter that holds few is not emptied ahead', async () => {
  expect(await paid([0, 1, 2], { requests: 9 })).toEqual([1, 1, 1])
})

test('who must wait has taken nothing ahead, and takes nothing until there is enough', async () => {
  const waits = [0, 300, 20, 20, 0]
  const costs: number[] = []
  const store = spendingTogether({
    spend: async ({ cost }) => {
      costs.push(cost)
      return waits[costs.length - 1] ?? 0
    },
  } as Store)
  const told: number[] = []
  for (const now of [0, 1, 2, 3, 4, 5, 6, 7])
    told.push(await store.spend({ ...asked('erp', 1, now), requests: 100 }))
  expect(told).toEqual([0, 0, 300, 20, 20, 0, 0, 0])
  expect(costs).toEqual([2, 4, 1, 1, 1, 2])
})

test('asking how long one would wait takes nothing, neither there nor of what was taken ahead', async () => {
  const { spent, answers, store } = limiter()
  void store.spend({ ...asked('erp', 1, 5), requests: 100 })
  answers[0]?.give(0)
  await everythingElse()
  void store.spend({ ...asked('erp', 0, 6), requests: 100 })
  expect(spent.map(({ cost }) => cost)).toEqual([2, 0])
})
