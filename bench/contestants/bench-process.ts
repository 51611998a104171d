import { createServer } from 'node:http'
import { join } from 'node:path'
import { openEmbedded } from '@linchpin/store'
import { Pool } from 'undici'
import { mapOrder, type Order } from '../message.ts'

/** What all contestants of our own making share: the door, the mapping, the delivery, how many at once. */
export const LANES = 64
export const place = {
  port: Number(process.env['BENCH_PORT']),
  sink: process.env['BENCH_SINK'] ?? '',
  shop: process.env['BENCH_SHOP'] ?? '',
  folder: process.env['BENCH_FOLDER'] ?? '',
}

const pool = new Pool(place.sink, { connections: LANES, pipelining: 1 })

export async function deliver(order: Order): Promise<void> {
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: '/orders',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(mapOrder(order)),
  })
  await body.dump()
  if (statusCode >= 300) throw new Error(`The sink answered ${statusCode}.`)
}

/** Takes webhooks, and answers each when `accept` has ended. */
export async function openDoor(accept: (body: string) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const end = (status: number) => response.writeHead(status, { 'content-length': 0 }).end()
      accept(Buffer.concat(pieces).toString()).then(
        () => end(202),
        () => end(503),
      )
    })
  })
  await new Promise<void>(resolve => server.listen(place.port, '127.0.0.1', resolve))
  ready()
}

export const ready = () => console.log('READY')

/** Group commit: while one flush is under way, the next batch gathers. */
export function inGroups<Item>(most: number, flush: (items: Item[]) => Promise<unknown>) {
  let waiting: { item: Item; done: () => void; failed: (error: unknown) => void }[] = []
  let busy = false
  const go = async () => {
    busy = true
    while (waiting.length > 0) {
      const group = waiting.slice(0, most)
      waiting = waiting.slice(most)
      try {
        await flush(group.map(({ item }) => item))
        for (const { done } of group) done()
      } catch (error) {
        for (const { failed } of group) failed(error)
      }
    }
    busy = false
  }
  return (item: Item) =>
    new Promise<void>((done, failed) => {
      waiting.push({ item, done, failed })
      if (!busy) setImmediate(() => busy || void go())
    })
}

/** The same PostgreSQL, with the same settings, for all who want one. */
export async function openPostgres(): Promise<string> {
  const { url, stop } = await openEmbedded({ dataDir: join(place.folder, 'postgres'), log: () => {} })
  onStop(stop)
  return url
}

/** On SIGTERM: ends in peace, and takes along what was started. */
export function onStop(stop: () => unknown): void {
  process.on('SIGTERM', () => {
    void Promise.resolve(stop())
      .catch(() => {})
      .finally(() => process.exit(0))
  })
}
