import type { Bus, Message, Note, Subscription } from './bus.ts'
import { matches } from './subject.ts'

/** A bus within one process, for tests: it moves messages when it is told to, and breaks where it is told to. */
export interface MemoryBus {
  /** As each process sees it. */
  readonly open: () => Bus
  /** Tells each subscription one batch of what it has not heard. False when nobody had anything to hear. */
  readonly turn: () => Promise<boolean>
  /** Every subscription is told everything again. */
  readonly replay: () => void
  readonly faults: {
    /** The next so many messages are answered as kept, and are not. */
    lose: number
    /** So are all whose subject begins with one of these. */
    loseOf: readonly string[]
    /** Nothing can be published. */
    down: boolean
  }
  readonly messages: () => readonly Message[]
}

interface Kept extends Message {
  readonly seq: number
  readonly at: number
}
interface Listener {
  readonly subscription: Subscription
  readonly hear: (messages: readonly Message[]) => Promise<void>
}

const BATCH = 50

export function memoryBus(now: () => number = () => 0): MemoryBus {
  const kept = new Map<string, Kept>()
  const ids = new Set<string>()
  const heard = new Map<string, number>()
  const listeners = new Map<string, Listener>()
  const ears = new Map<string, Set<(words: string) => void>>()
  const topics = new Map<string, Note[]>()
  const faults: MemoryBus['faults'] = { lose: 0, loseOf: [], down: false }
  let seq = 0

  function keep(message: Message): void {
    if (ids.has(message.id)) return
    ids.add(message.id)
    if (faults.lose > 0) return void (faults.lose -= 1)
    if (faults.loseOf.some(begin => message.subject.startsWith(begin))) return
    seq += 1
    kept.set(message.subject, { ...message, seq, at: now() })
  }

  async function tell({ subscription: { name, filter }, hear }: Listener): Promise<boolean> {
    const after = heard.get(name) ?? 0
    const batch = [...kept.values()]
      .filter(each => each.seq > after && matches(filter, each.subject))
      .toSorted((left, right) => left.seq - right.seq)
      .slice(0, BATCH)
    const last = batch.at(-1)
    if (!last) return false
    await hear(batch)
    heard.set(name, last.seq)
    return true
  }

  const open = (): Bus => ({
    async publish(messages) {
      if (faults.down) throw new Error('The bus does not answer.')
      for (const message of messages) keep(message)
      return []
    },
    async subscribe(subscription, hear) {
      listeners.set(subscription.name, { subscription, hear })
      return async () => void listeners.delete(subscription.name)
    },
    async *published(since, filter) {
      const all = [...kept.values()].filter(({ at, subject }) => at >= since && matches(filter, subject))
      const inOrder = all.toSorted((left, right) => left.seq - right.seq)
      for (let from = 0; from < inOrder.length; from += BATCH) yield inOrder.slice(from, from + BATCH)
    },
    async ring(topic, words) {
      for (const hear of ears.get(topic) ?? []) hear(words)
    },
    async listen(topic, hear) {
      const all = ears.get(topic) ?? new Set()
      ears.set(topic, all.add(hear))
      return async () => void all.delete(hear)
    },
    lastNote: async topic => topics.get(topic)?.at(-1) ?? null,
    async addNote(topic, words, after) {
      const notes = topics.get(topic) ?? []
      if ((notes.at(-1)?.seq ?? 0) !== after) return null
      topics.set(topic, [...notes, { seq: (seq += 1), words }])
      return seq
    },
    async *notes(topic) {
      yield* topics.get(topic) ?? []
    },
    async forgetNotes(topic, before) {
      topics.set(
        topic,
        (topics.get(topic) ?? []).filter(note => note.seq >= before),
      )
    },
    close: async () => {},
  })

  return {
    open,
    async turn() {
      let worked = false
      for (const listener of listeners.values()) worked = (await tell(listener)) || worked
      return worked
    },
    replay: () => heard.clear(),
    faults,
    messages: () => [...kept.values()],
  }
}
