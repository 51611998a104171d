import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRig, type Rig } from '../testing/rig.ts'

let rig: Rig
beforeAll(async () => void (rig = await openRig()))
afterAll(() => rig.close())

test('whoever listens is told that something happened, and nothing of what it was', async () => {
  const leaving = new AbortController()
  const response = await fetch(`${rig.url}/api/v1/events`, { signal: leaving.signal })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const heard = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  expect((await heard?.read())?.value).toMatch(/^retry: 3000\nevent: changed\ndata: -?\d+\n\n$/)
  await rig.linchpin.store.journal({ who: 'Clara', what: 'said', words: 'A secret word.' }, Date.now())
  expect((await heard?.read())?.value).toMatch(/^event: changed\ndata: \d+\n\n$/)
  leaving.abort()
})

test('strangers hear nothing', async () => {
  const response = await fetch(`${rig.url}/api/v1/events`, { headers: { 'x-forwarded-for': '203.0.113.7' } })
  expect(response.status).toBe(401)
})
