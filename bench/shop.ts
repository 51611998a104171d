import { createHmac } from 'node:crypto'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { WEBHOOK_SECRET } from './job.ts'
import { orderOf } from './message.ts'
import { answer, messages, now, post, quantile } from './wire.ts'

/**
 * The source's stand-in, a process of its own: sends a webhook for each change over so many connections, one at a time
 * on each, and answers who reads a record back as it is now.
 */
export interface Load {
  readonly url: string
  /** So many records, each changed so many times. A record's changes go over one connection, one after the other. */
  readonly records: number
  readonly revisions: number
  readonly connections: number
  /** Webhooks a second; null: as fast as they are answered. */
  readonly rate: number | null
}
export interface Sent {
  readonly beganAt: number
  readonly acknowledgedAt: number
  readonly refused: number
  readonly ackP50: number
  readonly ackP99: number
}
/** `reads`: how many requests read records back since the last load began. */
export type ShopOrder = Load | { readonly reads: true }

const orders = new Map<number, string>()
/** Every run sells other orders: what a contestant knows of an earlier run must not spare it work. */
let firstId = 1
let reads = 0

const server = createServer(socket =>
  messages(socket, ({ head }) => {
    reads += 1
    const ids = (/ids=([\d,]*)/.exec(head)?.[1] ?? '').split(',').map(Number)
    socket.write(answer(`[${ids.flatMap(id => orders.get(id) ?? []).join(',')}]`))
  }),
)
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.on('disconnect', () => process.exit(0))
process.on('message', (order: ShopOrder) => {
  if ('reads' in order) process.send?.({ reads })
  else void send(order).then(sent => process.send?.(sent))
})

async function send(load: Load): Promise<Sent> {
  const { records, revisions, connections, rate } = load
  const acks: number[] = []
  const beganAt = now()
  let [next, refused] = [0, 0]
  reads = 0
  orders.clear()
  const due = (turn: number) => (rate === null ? 0 : beganAt + (turn * 1_000) / rate - now())
  const customer = async () => {
    const line = await dial(new URL(load.url))
    for (let turn = next++; turn < records; turn = next++) {
      if (due(turn) > 0) await sleep(due(turn))
      for (let rev = 1; rev <= revisions; rev += 1) {
        const sentAt = now()
        if (!(await line.post(changed(firstId + turn, rev)))) refused += 1
        acks.push(now() - sentAt)
      }
    }
    line.end()
  }
  await Promise.all(Array.from({ length: connections }, customer))
  firstId += records
  const [ackP50, ackP99] = [quantile(acks, 0.5), quantile(acks, 0.99)]
  return { beganAt, acknowledgedAt: now(), refused, ackP50, ackP99 }
}

function changed(id: number, rev: number): string {
  const body = JSON.stringify(orderOf(id, rev, now()))
  orders.set(id, body)
  return body
}

async function dial(url: URL) {
  const socket: Socket = connect(Number(url.port), url.hostname)
  let [taken, broken] = [(_accepted: boolean) => {}, (_error: Error) => {}]
  messages(socket, ({ head }) => taken(head.startsWith('HTTP/1.1 2')))
  socket.on('close', () => broken(new Error(`${url.host} hung up before it answered.`)))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return {
    post: (body: string) =>
      new Promise<boolean>((resolve, reject) => {
        ;[taken, broken] = [resolve, reject]
        socket.write(post(url, body, `X-Signature: ${signed(body)}\r\n`))
      }),
    end: () => socket.end(),
  }
}

const signed = (body: string) => createHmac('sha256', WEBHOOK_SECRET).update(body).digest('base64')
