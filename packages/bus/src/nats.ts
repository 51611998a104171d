import { setMaxListeners } from 'node:events'
import {
  AckPolicy,
  DeliverPolicy,
  JetStreamApiError,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  type MsgRequest,
} from '@nats-io/jetstream'
import { connect, nanos, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node'
import type { Bus, Message, Note, Stop, Subscription } from './bus.ts'

export interface NatsOptions {
  readonly servers: readonly string[]
  /** How many servers of a cluster keep each message. */
  readonly replicas: number
  readonly user?: string
  readonly password?: string
  readonly token?: string
  /** This process, as NATS shows it. */
  readonly name: string
}

/**
 * NATS JetStream, from server 2.9 on (what Debian 12 has). One stream holds the newest message of each subject, for as
 * long as it stands: whoever joins reads the state of everything, and whoever was away misses no state. A second one
 * holds the notes. Answers at once. While no server lets us in, whoever asks is told why, and the next one who asks
 * tries again; when it is closed, nobody waits for an answer any more.
 */
export function openNats(options: NatsOptions): Bus {
  const closing = new AbortController()
  const { signal } = closing
  setMaxListeners(0, signal)
  let opening: Promise<Opened> | null = null
  let line: NatsConnection | null = null
  const opened = () =>
    (opening ??= open(options, signal).then(
      it => {
        line = it.line
        return it
      },
      (error: unknown) => {
        opening = null
        const words = error instanceof Error ? error.message : String(error)
        throw new Error(`The bus lets nobody in: ${words}`, { cause: error })
      },
    ))
  const ask = <Result>(work: (opened: Opened) => Promise<Result>) =>
    unlessClosed(signal, async () => work(await opened()))
  const stops = new Set<Stop>()
  const kept = async (stop: Stop): Promise<Stop> => {
    const once = async () => {
      if (stops.delete(once)) await stop()
    }
    stops.add(once)
    return once
  }
  return {
    publish: messages => ask(it => publish(it, messages)),
    subscribe: (subscription, hear) => ask(async it => kept(await subscribe(it, subscription, hear, signal))),
    published: (since, filter) => published(work => ask(work), since, filter),
    ring: (topic, words) => ask(async ({ line }) => line.publish(`${CALLS}.${topic}`, words)),
    listen: (topic, hear) => ask(async it => kept(listen(it, topic, hear))),
    lastNote: topic => ask(it => note(it, { last_by_subj: `${NOTES}.${topic}` })),
    addNote: (topic, words, after) => ask(it => addNote(it, topic, words, after)),
    notes: topic => notes(which => ask(it => note(it, which)), topic),
    forgetNotes: (topic, before) =>
      ask(async ({ manager }) => {
        await manager.streams.purge(NOTE_STREAM, { filter: `${NOTES}.${topic}`, seq: before })
      }),
    async close() {
      closing.abort()
      await Promise.all([...stops].map(stop => stop()))
      await line?.close()
    },
  }
}

/** Nobody waits for a server any more when the bus is closed. */
function unlessClosed<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const end = () => reject(new Error('The bus is closed.'))
    if (signal.aborted) return end()
    signal.addEventListener('abort', end, { once: true })
    void work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', end))
  })
}

const STREAM = 'LINCHPIN'
const NOTE_STREAM = 'LINCHPIN_NOTES'
const NOTES = 'linchpin-notes'
const CALLS = 'linchpin-calls'

/** A message whose publishing was not answered is published again: within this time, NATS knows it by its id. */
const SAME_MS = 5 * 60_000
const ANSWER_MS = 5_000
/** Longer than a batch can take to be heard. */
const HEARD_WITHIN_MS = 60_000
const BATCH = 200
const PAUSE_MS = 1_000

interface Opened {
  readonly line: NatsConnection
  readonly stream: JetStreamClient
  readonly manager: JetStreamManager
}

async function open(
  { servers, replicas, name, ...access }: NatsOptions,
  signal: AbortSignal,
): Promise<Opened> {
  const line = await connect({
    servers: [...servers],
    name,
    ...(access.user === undefined ? {} : { user: access.user, pass: access.password ?? '' }),
    ...(access.token === undefined ? {} : { token: access.token }),
    timeout: ANSWER_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
  } satisfies NodeConnectionOptions)
  try {
    const manager = await patiently(() => jetstreamManager(line), signal)
    await patiently(() => prepare(manager, replicas), signal)
    if (signal.aborted) throw new Error('The bus is closed.')
    return { line, stream: jetstream(line, { timeout: ANSWER_MS }), manager }
  } catch (error) {
    // Whoever asks next opens another one.
    await line.close()
    throw error
  }
}

async function prepare(manager: JetStreamManager, replicas: number): Promise<void> {
  const common = { storage: StorageType.File, retention: RetentionPolicy.Limits, num_replicas: replicas }
  await addStream(manager, {
    ...common,
    name: STREAM,
    subjects: ['linchpin.>'],
    max_msgs_per_subject: 1,
    duplicate_window: nanos(SAME_MS),
  })
  await addStream(manager, { ...common, name: NOTE_STREAM, subjects: [`${NOTES}.*`] })
}

/** What stands already may have been changed by whoever runs the servers: it stays as it is. */
async function addStream(
  manager: JetStreamManager,
  config: Parameters<JetStreamManager['streams']['add']>[0],
): Promise<void> {
  try {
    await manager.streams.info(config.name)
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== STREAM_NOT_FOUND) throw error
    await manager.streams.add(config)
  }
}
const STREAM_NOT_FOUND = 10059
const WRONG_LAST_SEQUENCE = 10071

/** A cluster that has no leader yet answers a moment later. */
async function patiently<Result>(ask: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  for (let turn = 1; ; turn += 1) {
    try {
      return await ask()
    } catch (error) {
      if (turn >= 10 || signal.aborted) throw error
      await pause(PAUSE_MS)
    }
  }
}

const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

async function publish({ line, stream }: Opened, messages: readonly Message[]) {
  const most = line.info?.max_payload ?? Infinity
  const isTooLarge = ({ body }: Message) => Buffer.byteLength(body) > most - ROOM_FOR_HEADERS
  const fits = messages.filter(each => !isTooLarge(each))
  const sent = fits.map(({ subject, id, body }) => stream.publish(subject, body, { msgID: id }))
  const [failed] = (await Promise.allSettled(sent)).filter(each => each.status === 'rejected')
  if (failed) throw failed.reason
  return messages
    .filter(isTooLarge)
    .map(({ id }) => ({ id, words: `It is larger than the ${most} bytes that the bus takes.` }))
}
const ROOM_FOR_HEADERS = 1024

async function subscribe(
  { stream, manager }: Opened,
  { name, filter }: Subscription,
  hear: (messages: readonly Message[]) => Promise<void>,
  signal: AbortSignal,
): Promise<Stop> {
  await patiently(async () => {
    const known = await manager.consumers.info(STREAM, name).catch(() => null)
    if (known) return
    await manager.consumers.add(STREAM, {
      durable_name: name,
      filter_subject: filter,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(HEARD_WITHIN_MS),
      max_ack_pending: BATCH * 2,
      deliver_policy: DeliverPolicy.All,
    })
  }, signal)
  const state = { stopped: signal.aborted, stop: async () => {} }
  const listening = hearAlways(stream, name, hear, state)
  return async () => {
    state.stopped = true
    await state.stop()
    await listening
  }
}

/** Listens until it is stopped; a line that ends is opened anew. */
async function hearAlways(
  stream: JetStreamClient,
  name: string,
  hear: (messages: readonly Message[]) => Promise<void>,
  state: { stopped: boolean; stop: () => Promise<void> },
): Promise<void> {
  while (!state.stopped) {
    try {
      const consumer = await stream.consumers.get(STREAM, name)
      const told = await consumer.consume({ max_messages: BATCH })
      state.stop = async () => void (await told.close())
      if (state.stopped) await told.close()
      await inBatches(told, hear)
    } catch {
      // The server is away, or has no leader. What we have not heard is told again.
    }
    if (!state.stopped) await pause(PAUSE_MS)
  }
}

/** While one batch is heard, the next one gathers. */
async function inBatches(
  told: AsyncIterable<JsMsg>,
  hear: (messages: readonly Message[]) => Promise<void>,
): Promise<void> {
  let waiting: JsMsg[] = []
  let working: Promise<void> | null = null
  const work = async () => {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, BATCH)
      await hear(batch.map(messageOf)).then(
        () => batch.forEach(each => each.ack()),
        () => batch.forEach(each => each.nak(PAUSE_MS)),
      )
    }
    working = null
  }
  for await (const message of told) {
    waiting.push(message)
    working ??= work()
  }
  // The line was closed: what waits is told again.
  waiting = []
  await working
}

type Ask = <Result>(work: (opened: Opened) => Promise<Result>) => Promise<Result>

/** Where to go on: at an instant, or behind a message. */
type Place = { readonly since: number } | { readonly after: number }

/** What does not arrive is asked for again, from the last one that did. */
async function* published(ask: Ask, since: number, filter: string): AsyncIterable<readonly Message[]> {
  const { state } = await ask(({ manager }) => manager.streams.info(STREAM))
  let inVain = 0
  for (let place: Place | null = { since }; place !== null;) {
    const from: Place = place
    place = yield* publishedFrom(ask, from, filter, state.last_seq)
    inVain = place === from ? inVain + 1 : 0
    if (inVain === MOST_IN_VAIN) throw new Error('What was published does not arrive here. Try again.')
  }
}
const MOST_IN_VAIN = 5

/**
 * By a consumer of its own, which the server forgets by itself should we die. It numbers what it tells: where a number is
 * missing, the line broke or it came too late. Answers where to go on then; null: that was all.
 */
async function* publishedFrom(
  ask: Ask,
  place: Place,
  filter: string,
  end: number,
): AsyncGenerator<readonly Message[], Place | null> {
  const { name, num_pending: waiting } = await ask(({ manager }) =>
    manager.consumers.add(STREAM, {
      ...beginAt(place),
      filter_subject: filter,
      ack_policy: AckPolicy.None,
      inactive_threshold: nanos(FORGOTTEN_AFTER_MS),
    }),
  )
  let [came, reached] = [0, place]
  try {
    for (let left = waiting; left > 0;) {
      const batch = await ask(opened => nextOf(opened, name))
      const gap = batch.findIndex(({ info }, index) => info.deliverySequence !== came + index + 1)
      const whole = gap === -1 ? batch : batch.slice(0, gap)
      // What came after we began is told to whoever subscribes.
      const ours = whole.filter(({ seq }) => seq <= end)
      if (ours.length > 0) yield ours.map(messageOf)
      if (ours.length < whole.length) return null
      came += whole.length
      reached = whole.length === 0 ? reached : { after: whole.at(-1)?.seq ?? 0 }
      const { delivered, num_pending: more } = await ask(({ manager }) =>
        manager.consumers.info(STREAM, name),
      )
      // Told and not come, or nothing comes: from here on, by another consumer.
      if (delivered.consumer_seq > came || (whole.length === 0 && more > 0)) return reached
      left = more
    }
    return null
  } finally {
    await ask(({ manager }) => manager.consumers.delete(STREAM, name)).catch(() => {})
  }
}

const beginAt = (place: Place) =>
  'since' in place
    ? { deliver_policy: DeliverPolicy.StartTime, opt_start_time: new Date(place.since).toISOString() }
    : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: place.after + 1 }

/** Longer than a batch can take to be taken in. */
const FORGOTTEN_AFTER_MS = 5 * 60_000

async function nextOf({ stream }: Opened, name: string): Promise<readonly JsMsg[]> {
  const consumer = await stream.consumers.get(STREAM, name)
  const batch: JsMsg[] = []
  for await (const message of await consumer.fetch({ max_messages: BATCH, expires: PAUSE_MS }))
    batch.push(message)
  return batch
}

function messageOf(message: JsMsg): Message {
  return { subject: message.subject, id: message.headers?.get('Nats-Msg-Id') ?? '', body: message.string() }
}

function listen({ line }: Opened, topic: string, hear: (words: string) => void): Stop {
  const heard = line.subscribe(`${CALLS}.${topic}`, {
    callback: (error, message) => {
      if (!error) hear(message.string())
    },
  })
  return async () => heard.unsubscribe()
}

/** The first message of a subject from this one on: the server knows it since 2.9, the library's type does not. */
type NextOf = { readonly seq: number; readonly next_by_subj: string }

async function note({ manager }: Opened, which: MsgRequest | NextOf): Promise<Note | null> {
  const found = await manager.streams.getMessage(NOTE_STREAM, which)
  return found && { seq: found.seq, words: found.string() }
}

async function addNote(
  { stream }: Opened,
  topic: string,
  words: string,
  after: number,
): Promise<number | null> {
  try {
    const expect = { lastSubjectSequence: after }
    return (await stream.publish(`${NOTES}.${topic}`, words, { expect })).seq
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === WRONG_LAST_SEQUENCE) return null
    throw error
  }
}

async function* notes(noteOf: (which: NextOf) => Promise<Note | null>, topic: string): AsyncIterable<Note> {
  for (let seq = 1; ;) {
    const found = await noteOf({ seq, next_by_subj: `${NOTES}.${topic}` })
    if (!found) return
    yield found
    seq = found.seq + 1
  }
}
