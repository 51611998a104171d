import { createServer, type AddressInfo } from 'node:net'
import { answer, messages, now, quantile, type Message } from './wire.ts'

/**
 * The target's stand-in, a process of its own: `POST /orders` takes an order, `GET /orders?reference=` looks one up,
 * `POST /orders/7/confirm` confirms one, `GET /products?sku=` names a product. It answers after `delay` ms and keeps
 * books on what came, how often and in which order.
 */
export interface Books {
  /** Records that arrived, and those whose newest revision is there. */
  readonly records: number
  readonly newest: number
  readonly creates: number
  readonly finds: number
  readonly confirms: number
  /** The same revision of the same record once more. */
  readonly doubled: number
  /** An older revision after a newer one. */
  readonly reordered: number
  readonly lastAt: number
  /** From the event to the call that carries it, in ms. */
  readonly p50: number
  readonly p99: number
}
export type SinkOrder = { readonly reset: { readonly delay: number } } | { readonly books: { rev: number } }

let delay = 0
let seen = new Map<string, number>()
let counts = { creates: 0, finds: 0, confirms: 0, doubled: 0, reordered: 0 }
let latencies: number[] = []
let lastAt = 0

const server = createServer(socket =>
  messages(socket, message => {
    const body = answer(take(message))
    if (delay === 0) socket.write(body)
    else setTimeout(() => socket.write(body), delay)
  }),
)
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))

process.on('disconnect', () => process.exit(0))
process.on('message', (order: SinkOrder) => {
  if ('reset' in order) reset(order.reset.delay)
  process.send?.('books' in order ? books(order.books.rev) : { reset: true })
})

function reset(ms: number): void {
  delay = ms
  seen = new Map()
  counts = { creates: 0, finds: 0, confirms: 0, doubled: 0, reordered: 0 }
  latencies = []
  lastAt = 0
}

function take({ head, body }: Message): string {
  const path = head.slice(head.indexOf(' ') + 1, head.indexOf(' ', head.indexOf(' ') + 1))
  lastAt = now()
  if (path.startsWith('/products')) return `[{"id":"p-${/sku=([^&]*)/.exec(path)?.[1]}"}]`
  if (head.startsWith('GET')) {
    counts.finds += 1
    return '[]'
  }
  if (path.endsWith('/confirm')) {
    counts.confirms += 1
    return '{"state":"sale"}'
  }
  return book(body)
}

function book(body: string): string {
  const id = /"external_id":"?(\d+)/.exec(body)?.[1] ?? '0'
  const rev = Number(/"rev":"?(\d+)/.exec(body)?.[1] ?? 0)
  const known = seen.get(id) ?? 0
  counts.creates += 1
  if (rev === known) counts.doubled += 1
  if (rev < known) counts.reordered += 1
  if (rev > known) seen.set(id, rev)
  latencies.push(lastAt - Number(/"t0":"?([\d.]+)/.exec(body)?.[1] ?? 0))
  return `{"id":"${id}"}`
}

function books(rev: number): Books {
  const newest = [...seen.values()].filter(each => each >= rev).length
  const spread = { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) }
  return { records: seen.size, newest, ...counts, lastAt, ...spread }
}
