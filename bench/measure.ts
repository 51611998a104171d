import { setTimeout as sleep } from 'node:timers/promises'
import type { Contestant } from './children.ts'
import { CONNECTIONS } from './job.ts'
import type { Sent, ShopOrder } from './shop.ts'
import type { Books, SinkOrder } from './sink.ts'

/** One load on one contestant, and what both stand-ins saw of it. */
export interface StandIns {
  readonly sink: { readonly ask: <Answer>(order: SinkOrder) => Promise<Answer> }
  readonly shop: { readonly ask: <Answer>(order: ShopOrder) => Promise<Answer> }
}

export interface Measured {
  /** Messages that arrived, a second, from the first webhook to the last call. */
  readonly perSecond: number
  readonly acknowledgedPerSecond: number
  readonly ackP50: number
  readonly ackP99: number
  readonly p50: number
  readonly p99: number
  /** Processor time of the contestant and all its processes, in ms a message. */
  readonly cpuMs: number
  readonly refused: number
  readonly lost: number
  readonly doubled: number
  readonly reordered: number
  readonly calls: {
    readonly reads: number
    readonly creates: number
    readonly finds: number
    readonly confirms: number
  }
}

export interface Asked {
  readonly records: number
  readonly revisions?: number
  readonly connections?: number
  readonly rate?: number | null
  readonly delay: number
}

export async function measure(
  contestant: Contestant,
  { sink, shop }: StandIns,
  { records, revisions = 1, connections = CONNECTIONS, rate = null, delay }: Asked,
): Promise<Measured> {
  await sink.ask({ reset: { delay } })
  const cpu = contestant.cpu()
  const sent = await shop.ask<Sent>({ url: contestant.url, records, revisions, connections, rate })
  const books = await untilArrived(sink, records, revisions)
  const { reads } = await shop.ask<{ reads: number }>({ reads: true })
  const seconds = (books.lastAt - sent.beganAt) / 1_000
  const { ackP50, ackP99, refused } = sent
  const { p50, p99, doubled, reordered, creates, finds, confirms } = books
  return {
    perSecond: books.newest / seconds,
    acknowledgedPerSecond: (records * revisions * 1_000) / (sent.acknowledgedAt - sent.beganAt),
    ackP50,
    ackP99,
    p50,
    p99,
    refused,
    doubled,
    reordered,
    cpuMs: (contestant.cpu() - cpu) / Math.max(1, books.newest),
    lost: records - books.newest,
    calls: { reads, creates, finds, confirms },
  }
}

const LOOK_MS = 50
const STALLED_MS = 20_000

/** Until every record's newest revision is there, or nothing has come for a while. */
async function untilArrived(sink: StandIns['sink'], records: number, rev: number): Promise<Books> {
  let books = await sink.ask<Books>({ books: { rev } })
  for (let idle = 0; books.newest < records && idle < STALLED_MS; idle += LOOK_MS) {
    await sleep(LOOK_MS)
    const before = books.creates
    books = await sink.ask<Books>({ books: { rev } })
    if (books.creates > before) idle = 0
  }
  // A call on the way would be booked on the next run's account.
  await sleep(2 * LOOK_MS)
  return sink.ask<Books>({ books: { rev } })
}
