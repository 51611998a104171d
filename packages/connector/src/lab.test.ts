import { expect, test } from 'vitest'
import { labStart, makeLab, type LabFault } from './lab.ts'

function lab() {
  const orders: string[] = []
  const ours = makeLab(async (_url, init) => {
    if (init?.method === 'POST') orders.push('a mug')
    return Response.json({ count: orders.length })
  })
  const post = () => ours.fetch('https://shop.test/orders', { method: 'POST' })
  return { ...ours, ours, orders, post }
}

test('each fault hits one request, with the effect that its name says', async () => {
  const { ours, orders, post } = lab()
  const effectOf = async (fault: LabFault) => {
    const before = orders.length
    ours.next(fault)
    const answer = await post().then(
      async response => [response.status, await response.text()],
      (error: unknown) => (error instanceof TypeError ? 'no answer' : error),
    )
    return [orders.length - before, answer]
  }
  expect(await effectOf({ is: 'lose request' })).toEqual([0, 'no answer'])
  expect(await effectOf({ is: 'lose reply' })).toEqual([1, 'no answer'])
  expect(await effectOf({ is: 'answer', status: 429, body: 'slow' })).toEqual([0, [429, 'slow']])
  expect(await effectOf({ is: 'answer', status: 204 })).toEqual([0, [204, '']])
  expect(await effectOf({ is: 'answer after effect', status: 500 })).toEqual([1, [500, '']])
  expect(await effectOf({ is: 'truncate' })).toEqual([1, [200, '{"cou']])
  expect((await post()).status).toBe(200)
})

test('a fault can wait for its turn, and a lasting one ends when it is told', async () => {
  const { ours, post } = lab()
  ours.next({ is: 'answer', status: 500 }, 1)
  expect([(await post()).status, (await post()).status, (await post()).status]).toEqual([200, 500, 200])
  ours.always({ is: 'answer', status: 503 })
  expect([(await post()).status, (await post()).status]).toEqual([503, 503])
  ours.always(null)
  expect((await post()).status).toBe(200)
})

test('work that is called off gets no more answers, and nothing reaches the remote', async () => {
  const { ours, orders, post } = lab()
  ours.abort(1)
  await post()
  expect(ours.signal.aborted).toBe(true)
  await expect(post()).rejects.toThrow(TypeError)
  expect([orders.length, ours.seen.length]).toEqual([1, 2])
})

test('time stands still until it is moved, and chance is the same in every run', () => {
  const [first, second] = [lab().ours, lab().ours]
  expect(first.now()).toBe(labStart)
  first.advance(1500)
  expect(first.now() - labStart).toBe(1500)
  const nonces = [first.nonce(), first.nonce()]
  expect(nonces).toEqual([second.nonce(), second.nonce()])
  expect(new Set(nonces).size).toBe(2)
  expect(nonces[0]).toMatch(/^[0-9a-f]{32}$/)
})

test('it remembers what was asked and what was logged', async () => {
  const { ours } = lab()
  await ours.fetch('https://shop.test/', { headers: { authorization: 'Bearer x' } })
  ours.log('reading', { page: 2 })
  expect(ours.seen).toEqual([{ url: 'https://shop.test/', method: 'GET', authorization: 'Bearer x' }])
  expect(ours.lines).toEqual(['reading {"page":2}'])
})
