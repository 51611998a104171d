import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { Agent } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exchange, MOST_BYTES } from './exchange.ts'

/** Answers what it was asked, as it was asked to answer. */
let server: Server
let url: string
const words = JSON.stringify({ name: 'Zoë', long: 'x'.repeat(10_000) })
beforeAll(async () => {
  server = createServer((request, response) => {
    const packed = (encoding: string, body: Buffer) =>
      response.writeHead(200, { 'content-encoding': encoding, 'content-type': 'application/json' }).end(body)
    switch (request.url ?? '') {
      case '/gzip':
        return void packed('gzip', gzipSync(words))
      case '/deflate':
        return void packed('deflate', deflateSync(words))
      case '/headless':
        return void packed('deflate', deflateRawSync(words))
      case '/br':
        return void packed('br', brotliCompressSync(words))
      case '/broken':
        return void packed('gzip', gzipSync(words).subarray(0, 60))
      case '/bomb':
        return void packed('gzip', gzipSync(Buffer.alloc(MOST_BYTES + 1)))
      case '/large':
        return void response.end(Buffer.alloc(MOST_BYTES + 1))
      case '/half':
        return void response
          .writeHead(200, { 'content-length': '100' })
          .write('{"half":', () => response.destroy())
      case '/never':
        return
      case '/empty':
        return void response.writeHead(204).end()
      case '/cookies':
        return void response
          .writeHead(
            201,
            'Made',
            [
              ['set-cookie', 'a=1'],
              ['set-cookie', 'b=2'],
            ].flat(),
          )
          .end()
      case '/moved':
        return void response.writeHead(302, { location: '/gzip' }).end()
      default: {
        const chunks: Buffer[] = []
        request.on('data', (chunk: Buffer) => chunks.push(chunk))
        request.on('end', () => {
          const { method, headers } = request
          response.end(JSON.stringify({ method, headers, body: Buffer.concat(chunks).toString() }))
        })
      }
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const dispatcher = new Agent({ maxResponseSize: MOST_BYTES })
const ask = (path: string, init: RequestInit = {}, signal = new AbortController().signal) =>
  exchange(url + path, init, { dispatcher, signal })

test.each(['/gzip', '/deflate', '/headless', '/br'])(
  '%s is unpacked, and says no more that it was packed',
  async path => {
    const answer = await ask(path)
    expect(await answer.json()).toEqual(JSON.parse(words))
    expect(answer.headers.get('content-encoding')).toBeNull()
    expect(answer.headers.get('content-type')).toBe('application/json')
  },
)

test('an answer is read as often as one likes, as text, bytes, stream or copy', async () => {
  const answer = await ask('/gzip')
  expect(await answer.text()).toBe(words)
  expect(Buffer.from(await answer.arrayBuffer()).toString()).toBe(words)
  expect(await answer.clone().text()).toBe(words)
  expect(await new Response(answer.body).text()).toBe(words)
  expect(await (await answer.blob()).text()).toBe(words)
})

test('half an answer is none: cut off, badly packed, too large as it came or as it unpacks', async () => {
  for (const path of ['/half', '/broken', '/large', '/bomb']) await expect(ask(path), path).rejects.toThrow()
})

test('who is told to stop waits no longer', async () => {
  const stop = new AbortController()
  const waiting = ask('/never', {}, stop.signal)
  stop.abort()
  await expect(waiting).rejects.toThrow()
})

test('what has no body, and what moved, is told as it is', async () => {
  const empty = await ask('/empty')
  expect([empty.status, empty.ok, await empty.text(), empty.body]).toEqual([204, true, '', null])
  const made = await ask('/cookies')
  expect([made.status, made.statusText, made.headers.getSetCookie()]).toEqual([201, 'Made', ['a=1', 'b=2']])
  expect((await ask('/moved')).status).toBe(302)
})

test('whatever may be sent arrives as fetch would send it', async () => {
  const form = new FormData()
  form.set('file', new Blob(['bytes']), 'a.txt')
  const requests: RequestInit[] = [
    {},
    { method: 'post', headers: { 'Content-Type': 'application/json' }, body: '{"a":"ü"}' },
    { method: 'PUT', headers: [['content-type', 'text/xml']], body: new TextEncoder().encode('<a/>') },
    { method: 'PATCH', body: 'plain' },
    { method: 'POST', body: new URLSearchParams({ a: '1 2' }) },
    { method: 'DELETE', headers: { 'x-key': 'k' } },
  ]
  for (const init of requests) {
    const [ours, theirs] = await Promise.all([ask('/echo', init), fetch(`${url}/echo`, init)])
    const [sent, wanted] = [await told(ours), await told(theirs)]
    expect(sent).toEqual(wanted)
  }
  const { body, headers } = (await (await ask('/echo', { method: 'POST', body: form })).json()) as Told
  expect(headers['content-type']).toContain('multipart/form-data; boundary=')
  expect(body).toContain('filename="a.txt"')
})

interface Told {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

async function told(answer: Response) {
  const { method, headers, body } = (await answer.json()) as Told
  const { 'content-type': type, 'content-length': length, 'x-key': key } = headers
  return { method, body, type, length, key }
}
