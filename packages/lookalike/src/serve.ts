import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ConnectionLost, type Handler } from './faults.ts'

export interface Served {
  readonly url: string
  readonly close: () => Promise<void>
}

/** Puts a handler on a port of this machine; port 0 chooses a free one. */
export async function serve(handler: Handler, port = 0): Promise<Served> {
  const server = createServer((request, response) => {
    answer(handler, request, response).catch(error => {
      // A caller that hung up before its request was whole is no trouble of ours.
      const lost = error instanceof ConnectionLost || !request.complete
      if (!lost) console.error(error)
      request.socket.destroy()
    })
  })
  await listen(server, port)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A fetch that reaches only this handler: no socket, for tests and the simulator. */
export function fetchFrom(handler: Handler): (url: string, init?: RequestInit) => Promise<Response> {
  return async (url, { signal, ...init } = {}) => {
    signal?.throwIfAborted()
    try {
      // Without the signal, which no look-alike listens to and whose following costs more than most answers.
      return await handler(new Request(url, init))
    } catch (cause) {
      if (cause instanceof ConnectionLost) throw new TypeError('fetch failed', { cause })
      throw cause
    }
  }
}

async function answer(handler: Handler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = await bytesOf(incoming)
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers))
    for (const each of [value ?? []].flat()) headers.append(name, each)
  const method = incoming.method ?? 'GET'
  const url = `http://${incoming.headers.host ?? '127.0.0.1'}${incoming.url ?? '/'}`
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const response = await handler(new Request(url, { method, headers, ...(hasBody ? { body } : {}) }))
  outgoing.statusCode = response.status
  for (const [name, value] of response.headers) if (name !== 'set-cookie') outgoing.setHeader(name, value)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies)
  outgoing.end(Buffer.from(await response.arrayBuffer()))
}

async function bytesOf(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return new Uint8Array(Buffer.concat(chunks))
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
}
