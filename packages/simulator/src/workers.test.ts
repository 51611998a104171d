import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { startWorkers, type Workers } from './workers.ts'

let workers: Workers

beforeAll(async () => {
  workers = await startWorkers({ threads: 1, worker: new URL('./testing/bad-worker.ts', import.meta.url) })
})
afterAll(() => workers.end())
afterEach(() => vi.useRealTimers())

const fine = { awaits: ['seed 1'], crashed: [] }

test('a thread that ends by itself is a failed seed, and the next seed has a new thread', async () => {
  expect(await workers.ask({ seed: 2 })).toEqual({ failed: 'its thread ended with 7' })
  expect(await workers.ask({ seed: 1 })).toEqual(fine)
})

test('a thread that throws beside its work is a failed seed, and says what it threw', async () => {
  const answer = await workers.ask({ seed: 3 })
  expect('failed' in answer && answer.failed).toMatch(/^it threw: Error: thrown beside the work/)
  expect(await workers.ask({ seed: 1 })).toEqual(fine)
})

test('a thread that never answers is a failed seed when its time is over, and is ended', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const answer = workers.ask({ seed: 4 })
  await vi.advanceTimersByTimeAsync(300_000)
  expect(await answer).toEqual({ failed: 'it did not end within 300 seconds' })
  expect(await workers.ask({ seed: 1 })).toEqual(fine)
})

test('seeds wait for a free thread, one after the other', async () => {
  const answers = await Promise.all([1, 5, 6].map(seed => workers.ask({ seed })))
  expect(answers.map(answer => 'awaits' in answer && answer.awaits)).toEqual([
    ['seed 1'],
    ['seed 5'],
    ['seed 6'],
  ])
})
