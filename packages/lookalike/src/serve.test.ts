import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test, vi } from 'vitest'
import { Faults, type Handler } from './faults.ts'
import { fetchFrom, serve } from './serve.ts'

const echo: Handler = async request => {
  const { pathname, search } = new URL(request.url)
  const told = { method: request.method, path: pathname + search, body: await request.text() }
  const headers = new Headers({ 'x-seen': request.headers.get('x-sent') ?? '' })
  headers.append('set-cookie', 'a=1')
  headers.append('set-cookie', 'b=2')
  return Response.json(told, { status: 201, headers })
}

async function served(handler: Handler, use: (url: string) => Promise<void>): Promise<void> {
  const { url, close } = await serve(handler)
  try {
    await use(url)
  } finally {
    await close()
  }
}

test('a request reaches the handler as it was sent, and its answer comes back as it was given', async () => {
  await served(echo, async url => {
    const response = await fetch(`${url}/orders?page=2`, {
      method: 'POST',
      headers: { 'x-sent': 'yes' },
      body: 'Grüße',
    })
    expect([response.status, response.headers.get('x-seen')]).toEqual([201, 'yes'])
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(await response.json()).toEqual({ method: 'POST', path: '/orders?page=2', body: 'Grüße' })
  })
})

test('it listens on this machine only', async () => {
  await served(echo, async url => expect(new URL(url).hostname).toBe('127.0.0.1'))
})

test('a port that is taken is an error, not a silence', async () => {
  await served(echo, async url => {
    await expect(serve(echo, Number(new URL(url).port))).rejects.toThrow(/EADDRINUSE/)
  })
})

test('a lost reply closes the socket, and the next request is answered', async () => {
  const faults = new Faults()
  await served(faults.wrap(echo), async url => {
    faults.next({ is: 'lose reply' })
    await expect(fetch(url)).rejects.toThrow(TypeError)
    expect((await fetch(url)).status).toBe(201)
  })
})

test('a handler that throws is told on the console and closes the socket, and the next one is answered', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  let broken = true
  const handler: Handler = async request => {
    if (broken) throw new Error('a mistake in the look-alike')
    return echo(request)
  }
  await served(handler, async url => {
    await expect(fetch(url)).rejects.toThrow(TypeError)
    expect(told).toHaveBeenCalledOnce()
    broken = false
    expect((await fetch(url)).status).toBe(201)
  }).finally(() => told.mockRestore())
})

test('a caller that hangs up in the middle of its body harms nobody', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  await served(echo, async url => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    await once(socket, 'connect')
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf')
    await fetch(url)
    socket.destroy()
    await once(socket, 'close')
    expect((await fetch(url)).status).toBe(201)
    expect(told).not.toHaveBeenCalled()
  }).finally(() => told.mockRestore())
})

test('closing ends open connections too', async () => {
  const { url, close } = await serve(async () => new Promise<Response>(() => undefined))
  const waiting = expect(fetch(url)).rejects.toThrow(TypeError)
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  await close()
  await waiting
})

test('fetchFrom rejects as fetch does when the connection is lost, and hides no other error', async () => {
  const faults = new Faults()
  const fetchShop = fetchFrom(faults.wrap(echo))
  faults.next({ is: 'lose reply' })
  await expect(fetchShop('http://shop.test/')).rejects.toThrow(TypeError)
  faults.next({ is: 'lose request' })
  await expect(fetchShop('http://shop.test/')).rejects.toThrow(TypeError)
  expect((await fetchShop('http://shop.test/')).status).toBe(201)
  const broken = fetchFrom(() => Promise.reject(new RangeError('a mistake in the look-alike')))
  await expect(broken('http://shop.test/')).rejects.toThrow(RangeError)
})

test('fetchFrom does not call the handler for work that was called off', async () => {
  let called = false
  const fetchShop = fetchFrom(async request => {
    called = true
    return echo(request)
  })
  await expect(fetchShop('http://shop.test/', { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
  expect(called).toBe(false)
})
