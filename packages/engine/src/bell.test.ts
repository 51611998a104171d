import { expect, test } from 'vitest'
import { createBell } from './bell.ts'

/** A sleep that only an abort ends: whoever waits is woken by the bell or not at all. */
const forever = (_ms: number, signal?: AbortSignal) =>
  new Promise<void>(resolve => {
    if (signal?.aborted) resolve()
    else signal?.addEventListener('abort', () => resolve(), { once: true })
  })
const never = new AbortController().signal

test('a ring wakes everyone who waits for its topic', async () => {
  const bell = createBell({ sleep: forever })
  const both = Promise.all([bell.wait('deliveries erp', 1, never), bell.wait('deliveries erp', 1, never)])
  bell.ring('deliveries erp')
  await both
})

test('a ring between looking and waiting is not missed', async () => {
  const bell = createBell({ sleep: forever })
  bell.ring('deliveries erp')
  await bell.wait('deliveries erp', 1, never)
})

test('a ring for all wakes whoever waits for any', async () => {
  const bell = createBell({ sleep: forever })
  const both = Promise.all([bell.wait('deliveries erp', 1, never), bell.wait('deliveries shop', 1, never)])
  bell.ring('*')
  await both
})

test('other topics wake nobody', async () => {
  const bell = createBell({ sleep: forever })
  let woken = false
  const waiting = bell.wait('deliveries erp', 1, never).then(() => (woken = true))
  bell.ring('notices erp')
  await new Promise(resolve => setImmediate(resolve))
  expect(woken).toBe(false)
  bell.ring('deliveries erp')
  await waiting
})

test('stopping ends every wait', async () => {
  const bell = createBell({ sleep: forever })
  const stop = new AbortController()
  const waiting = bell.wait('deliveries erp', 1, stop.signal)
  stop.abort()
  await waiting
})
