import { Problem } from '@linchpin/connector'
import type { Store } from '@linchpin/store'
import { expect, test } from 'vitest'
import { guarded, StoreFailure } from './guard.ts'
import { asProblem } from './trouble.ts'

const store = guarded({
  links: async () => ['7'],
  status: async () => {
    throw new Error('the commit was not acknowledged')
  },
} as unknown as Store)

test('what the store answers passes, and what it fails at is told as its own failure', async () => {
  expect(await store.links([])).toEqual(['7'])
  await expect(store.status()).rejects.toThrow(StoreFailure)
})

test('a failure of our own database is never taken for trouble with a record or a remote', async () => {
  const failure: unknown = await store.status().catch((error: unknown) => error)
  expect(() => asProblem(failure)).toThrow(StoreFailure)
  expect(asProblem(new Error('a bug'))).toBeInstanceOf(Problem)
})
