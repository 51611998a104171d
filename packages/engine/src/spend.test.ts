import type { Store } from '@linchpin/store'
import { expect, test } from 'vitest'
import { spendingTogether } from './spend.ts'

const asked = (connection: string, cost: number, now: number) => ({
  connection,
  cost,
  now,
  requests: 10,
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
