/**
 * What moves between processes that share no database. It neither transforms nor chooses by content, and it is never the
 * truth: whoever publishes has its own, and whoever misses a message finds that out by comparing.
 */
export interface Bus {
  /**
   * Durable on the bus when it answers. A message whose id was published a short while ago is not kept a second time.
   * Answers those that the bus will never take, with the reason; throws when it could not be asked.
   */
  publish(messages: readonly Message[]): Promise<readonly Refused[]>
  /**
   * Tells what is on the bus and what comes, in its order and in batches. When `hear` has ended, they count as heard;
   * when it throws, they are told again. The name is remembered: a later subscription goes on where it ended.
   */
  subscribe(subscription: Subscription, hear: (messages: readonly Message[]) => Promise<void>): Promise<Stop>

  /**
   * What was published since an instant (ms since 1970, by the clock of the bus) and stands still, in its order and in
   * batches; ends with what was there when it began. Whoever subscribes hears nothing less for it, and nothing more.
   */
  published(since: number, filter: string): AsyncIterable<readonly Message[]>

  /** Calls out to whoever listens right now. It can be missed. */
  ring(topic: string, words: string): Promise<void>
  listen(topic: string, hear: (words: string) => void): Promise<Stop>

  /** The newest note under a topic; null when there is none. */
  lastNote(topic: string): Promise<Note | null>
  /** Keeps a note, but only if the newest one is still this (0: there is none). Null: somebody else was faster. */
  addNote(topic: string, words: string, after: number): Promise<number | null>
  /** All notes under a topic, oldest first. */
  notes(topic: string): AsyncIterable<Note>
  /** Notes before this one are needed no more. */
  forgetNotes(topic: string, before: number): Promise<void>

  close(): Promise<void>
}

export interface Message {
  /** What it is about, from the general to the single record. A newer message takes the place of an older one on it. */
  readonly subject: string
  readonly id: string
  readonly body: string
}

export interface Refused {
  readonly id: string
  readonly words: string
}

export interface Subscription {
  readonly name: string
  /** A subject, in which `*` stands for one part and `>` for all that follow. */
  readonly filter: string
}

export interface Note {
  readonly seq: number
  readonly words: string
}

export type Stop = () => Promise<void>
