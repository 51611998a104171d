import type { Hint, Store } from '@linchpin/store'
import { expect, test } from 'vitest'
import { groupCommit } from './webhook.ts'

const hint = (id: string): Hint => ({ connection: 'shop', entity: 'SalesOrder', id, cause: 'webhook' })
const clock = { now: () => 0 }

/** A store whose commits end when the test says so. */
function slowStore() {
  const commits: { hints: readonly Hint[]; commit: () => void; fail: (error: Error) => void }[] = []
  const notify = (hints: readonly Hint[]) =>
    new Promise<void>((commit, fail) => commits.push({ hints, commit, fail }))
  return { store: { notify } as unknown as Store, commits }
}
const turn = () => new Promise(resolve => setImmediate(resolve))

test('a webhook is answered only after its notification is durable', async () => {
  const { store, commits } = slowStore()
  let answered = false
  const waiting = groupCommit(store, clock)([hint('1')]).then(() => (answered = true))
  await turn()
  expect(answered).toBe(false)
  commits[0]?.commit()
  await waiting
})

test('what arrives while one commit is under way is written by the next, all together', async () => {
  const { store, commits } = slowStore()
  const notify = groupCommit(store, clock)
  const all = ['1', '2', '3', '4'].map(id => notify([hint(id)]))
  await turn()
  expect(commits.map(({ hints }) => hints.length)).toEqual([1])
  commits[0]?.commit()
  await turn()
  expect(commits.map(({ hints }) => hints.length)).toEqual([1, 3])
  commits[1]?.commit()
  await Promise.all(all)
})

test('a commit that fails is told to those who waited for it, and to nobody else', async () => {
  const { store, commits } = slowStore()
  const notify = groupCommit(store, clock)
  const first = notify([hint('1')]).then(
    () => 'kept',
    () => 'failed',
  )
  await turn()
  const second = notify([hint('2')]).then(
    () => 'kept',
    () => 'failed',
  )
  commits[0]?.fail(new Error('the disk is full'))
  await turn()
  commits[1]?.commit()
  expect(await Promise.all([first, second])).toEqual(['failed', 'kept'])
})

test('nothing to tell is no transaction', async () => {
  const { store, commits } = slowStore()
  await groupCommit(store, clock)([])
  expect(commits).toHaveLength(0)
})
