import { expect, test } from 'vitest'
import { ConnectionLost, Faults, type Fault } from './faults.ts'

function shop() {
  const orders: string[] = []
  const faults = new Faults()
  const handler = faults.wrap(async request => {
    if (request.method === 'DELETE') return new Response(null, { status: 204 })
    orders.push(await request.text())
    return Response.json({ number: orders.length, title: 'Grüße' })
  })
  const post = (path = '/orders', method = 'POST') => {
    const body = method === 'POST' ? { body: 'a mug' } : {}
    return handler(new Request(`http://shop.test${path}`, { method, ...body }))
  }
  return { orders, faults, post }
}

test('each fault has the effect that its name says', async () => {
  const { orders, faults, post } = shop()
  const effectOf = async (fault: Fault) => {
    const before = orders.length
    faults.next(fault)
    const answer = await post().then(
      async response => [response.status, await response.text()],
      (error: unknown) => (error instanceof ConnectionLost ? 'lost' : error),
    )
    return [orders.length - before, answer]
  }
  expect(await effectOf({ is: 'lose request' })).toEqual([0, 'lost'])
  expect(await effectOf({ is: 'lose reply' })).toEqual([1, 'lost'])
  expect(await effectOf({ is: 'answer', status: 429, body: 'slow' })).toEqual([0, [429, 'slow']])
  expect(await effectOf({ is: 'answer', status: 204 })).toEqual([0, [204, '']])
  expect(await effectOf({ is: 'answer after effect', status: 500 })).toEqual([1, [500, '']])
  expect(await effectOf({ is: 'truncate' })).toEqual([1, [200, '{"number":3,"ti']])
})

test('an answer without a body cannot be cut, and stays as it is', async () => {
  const { faults, post } = shop()
  faults.next({ is: 'truncate' })
  expect((await post('/orders/1', 'DELETE')).status).toBe(204)
})

test('a fault hits the next request that matches, once', async () => {
  const { faults, post } = shop()
  faults.next({ is: 'answer', status: 500 }, request => request.url.endsWith('/refunds'))
  faults.next({ is: 'answer', status: 503 }, request => request.url.endsWith('/refunds'))
  const statuses = []
  for (const path of ['/orders', '/refunds', '/refunds', '/refunds']) statuses.push((await post(path)).status)
  expect(statuses).toEqual([200, 500, 503, 200])
})

test('a fault of every request lasts until it is ended; a planned one goes before it', async () => {
  const { faults, post } = shop()
  faults.always(() => ({ is: 'answer', status: 503 }))
  faults.next({ is: 'answer', status: 401 })
  const statuses = []
  for (let turn = 0; turn < 3; turn += 1) statuses.push((await post()).status)
  faults.always(null)
  statuses.push((await post()).status)
  expect(statuses).toEqual([401, 503, 503, 200])
})
