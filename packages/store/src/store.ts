import type { EntityName } from '@linchpin/model'

/**
 * What Linchpin remembers. Every method is one short transaction that holds no lock while anything else is awaited, so
 * the same promises can be kept by PostgreSQL (pg-store.ts) and by a twin in memory (packages/simulator), which the
 * simulator holds equal event for event. Times are milliseconds since 1970 by the database's clock, handed in as `now`.
 */
export interface Store {
  /** Connections, flows and polls as the configuration has them now; what is no longer there stays, inactive. */
  register(setup: Registration, now: number): Promise<void>

  // Notifications: hints that a record may have changed.
  notify(hints: readonly Hint[], now: number): Promise<void>
  claimNotices(claim: {
    connection: string
    limit: number
    leaseMs: number
    now: number
  }): Promise<readonly Notice[]>
  retryNotices(notices: readonly Notice[], at: number): Promise<void>

  // Reading: pages of records, saved in one transaction with their cursor or the notices that asked for them.
  claimPoll(claim: { connection: string; leaseMs: number; now: number }): Promise<ClaimedPoll>
  finishPoll(poll: Poll, finish: PollFinish): Promise<void>
  saveRead(read: ReadPage): Promise<ReadResult>
  /** The connection's records of this entity that a look did not find: those missed now, of how many in all. */
  missing(connection: string, entity: EntityName): Promise<{ missed: number; all: number }>

  // Deliveries.
  owe(duties: readonly (Duty & { readonly id: string })[], now: number): Promise<number>
  claimDeliveries(claim: DeliveryClaim): Promise<readonly Delivery[]>
  /** Writes that are about to be sent. Answers the ids of those that are still ours: only these may be sent. */
  intend(intents: readonly Intent[], now: number): Promise<readonly string[]>
  /** What our last writes from one record to another left there, as far as that is known. */
  writtenFrom(echo: Echo): Promise<Written>
  /** What became of deliveries. One that is no longer ours (another has claimed it since) is left alone. */
  settle(settlements: readonly Settlement[], now: number): Promise<readonly SettleResult[]>

  // Runs of flows that work in batches.
  /** Begins the run that stands for this time; what is left of an earlier one goes with it. False: it is known already. */
  beginRun(run: { flow: string; dueAt: number; leftOut: boolean }, now: number): Promise<boolean>
  /**
   * Goes on with the flow's open run: what is owed when its source has been read belongs to it, and when all of that was
   * tried, it ends. Null: none is open.
   */
  turnRun(flow: string, now: number): Promise<'reading' | 'delivering' | 'ended' | null>
  /** The newest first. */
  runs(query: { flow: string; limit: number }): Promise<readonly Run[]>

  // First loads.
  /** Null: another node is at it, or nobody asked for it. */
  claimLoad(claim: { flow: string; leaseMs: number; now: number }): Promise<Load | null>
  /** What a person asks for: whoever works on the load loses it. `fresh` forgets what it has met. */
  setLoad(flow: string, state: unknown, fresh: boolean): Promise<void>
  /** Those of these records that no earlier page of the load has met; the same page may ask again. */
  meet(page: { flow: string; page: number; ids: readonly string[] }): Promise<readonly string[]>
  /** False when the load is no longer ours: nothing was saved. */
  saveLoad(move: LoadMove): Promise<boolean>
  loads(): Promise<readonly { readonly flow: string; readonly state: unknown }[]>
  /** How many of a flow's deliveries are ready or under way; it stops counting at `most`. */
  inLine(flow: string, most: number): Promise<number>

  // Links.
  links(requests: readonly LinkKey[]): Promise<readonly (string | null)[]>
  saveLink(link: NewLink, now: number): Promise<'linked' | 'taken'>

  // A system that was restored from a backup.
  newestLinks(query: LinkQuery): Promise<readonly Witness[]>
  /**
   * Takes back that a record is the same as one of another connection. Its next delivery there finds or creates it as if
   * for the first time, under a key of its own; nothing is delivered by this alone.
   */
  unlink(unlinking: Unlinking, now: number): Promise<Unlinked>
  /** What was not found in the connection, and a person is asked about, `newestLinks` leaves out where `seen` is asked for. */
  markLinks(connection: string, are: 'missing' | 'there', links: readonly Witness[]): Promise<void>
  /** The connection must be paused: nothing may be under way to it. */
  recover(recovery: Recovery, now: number): Promise<Recovered>

  /** Deliveries and notices whose time has come become ready. Answers the milliseconds until the next one, or null. */
  wake(now: number): Promise<number | null>

  // Connections: pauses, trouble, the shared rate limiter.
  connections(): Promise<readonly ConnectionState[]>
  flows(): Promise<readonly FlowState[]>
  pause(pause: Pause, now: number): Promise<void>
  resume(target: PauseTarget, who: string, now: number): Promise<boolean>
  /**
   * No request to this connection before `until`, or before what was asked for until now when that is later; `failures`
   * counts on. Null sets the failures back, and leaves the time: who was asked to wait waits, whoever else was answered.
   */
  block(connection: string, until: number | null): Promise<number>
  /** It asked for that: no request before `until`, or before what was asked for until now when that is later. No failure. */
  leaveAlone(connection: string, until: number): Promise<void>
  /**
   * A person knows better than what it asked for: what waits for that moment goes at once. False: it asks for nothing.
   */
  disturb(connection: string, who: string, now: number): Promise<boolean>
  /** Takes `cost` from the connection's bucket. Answers how long to wait before the request may go, 0 for at once. */
  spend(spend: {
    connection: string
    cost: number
    requests: number
    perMs: number
    now: number
  }): Promise<number>

  /** What the orders of the shops take from this product of this connection and its books do not show yet. */
  openDemand(connection: string, product: string): Promise<string>

  // Comparing a flow's two sides.
  /** Null: another node compares this flow. */
  claimComparison(claim: { flow: string; leaseMs: number; now: number }): Promise<Comparison | null>
  /** False when the comparison is no longer ours: nothing was saved. */
  saveComparison(comparison: Comparison, page: ComparedPage, now: number): Promise<boolean>
  /** Records of the source, each with the target's that it is linked to, by their ids. */
  comparedPairs(query: ComparedQuery): Promise<readonly ComparedPair[]>
  /**
   * Of the next `window` records of the source, those that may be unlike their counterpart by what is kept of both, or were
   * at the last comparison. `last` is the place to go on after; null: there are no more.
   */
  unequalPairs(query: {
    readonly flow: string
    readonly after: string | null
    readonly window: number
    readonly limit: number
  }): Promise<{ readonly pairs: readonly ComparedPair[]; readonly last: string | null }>
  /** Rows of one side, by their ids: those that are linked to nothing, or that were not met since `before`. */
  comparedRows(query: {
    flow: string
    side: Side
    only: 'unlinked' | 'faulty' | { before: number }
    after: string | null
    limit: number
    ids?: readonly string[]
  }): Promise<readonly Compared[]>
  /** Those of these records whose delivery is still owed. */
  owed(flow: string, ids: readonly string[]): Promise<readonly string[]>
  /** Those of these records of which a person must say whether they arrived. */
  unanswered(flow: string, ids: readonly string[]): Promise<readonly string[]>
  /** What stands longest first. */
  discrepancies(
    query: DiscrepancyQuery,
  ): Promise<readonly (FoundDiscrepancy & { readonly since: number; readonly at: number })[]>
  comparisonState(flow: string): Promise<ComparisonState | null>

  // Files.
  file(key: RecordKey): Promise<StoredFile | null>
  saveFile(key: RecordKey, file: Omit<StoredFile, 'fetchedAt'>, now: number): Promise<void>

  // Nodes: running processes.
  /** Says that this node lives. Frees what nodes held that have not been seen for `deadAfterMs`. */
  beat(node: string, now: number, deadAfterMs: number): Promise<void>

  // What people ask.
  record(key: RecordKey): Promise<(StoredRecord & { readonly row: unknown }) | null>
  search(value: string, limit: number): Promise<readonly Reference[]>
  trace(keys: readonly RecordKey[]): Promise<Trace>
  status(): Promise<Status>
  parked(filter: { flow?: string; limit: number }): Promise<readonly ParkedDelivery[]>
  /** Makes parked deliveries due again, or gives them up. Answers how many. */
  retryParked(which: Which, who: string, now: number): Promise<number>
  skipParked(which: Which, who: string, reason: string, now: number): Promise<number>
  /** "Did it arrive?" — the answer to a parked create that nobody could find out: its id there, or null for no. */
  answerUnknown(
    which: { flow: string; id: string },
    arrived: string | null,
    who: string,
    now: number,
  ): Promise<boolean>
  journal(entry: JournalEntry, now: number): Promise<void>

  // Secrets, sealed by their owner before they come here.
  secret(connection: string, name: string): Promise<string | null>
  saveSecret(connection: string, name: string, sealed: string, now: number): Promise<void>

  /** Calls `wake` when there may be work: a doorbell that can be missed. Answers how to stop listening. */
  listen(wake: (topic: Topic) => void): Promise<() => Promise<void>>
  close(): Promise<void>
}

/**
 * 'notices <connection>' or 'deliveries <connection>': there may be work. 'control *': something was paused or blocked;
 * '*': something was resumed, or the bell may have rung unheard. Then everybody looks.
 */
export type Topic = string

export interface RecordKey {
  readonly connection: string
  readonly entity: EntityName
  readonly id: string
}

export interface Registration {
  readonly connections: readonly { readonly name: string; readonly connector: string }[]
  readonly flows: readonly {
    readonly name: string
    readonly entity: EntityName
    readonly from: string
    readonly to: string
    readonly priority: number
    /** It works in batches. */
    readonly batch?: boolean
    /** For how long a write may be on its way, in ms. */
    readonly inFlightMs: number
    /** For how long after that a create may not be found; null: sent again, it is made only once. */
    readonly unseenMs: number | null
  }[]
  readonly polls: readonly {
    readonly connection: string
    readonly entity: EntityName
    /** It is due then at the latest, as the schedules are now: at once, when left out and it is new. */
    readonly by?: number
  }[]
}

/** `vanished`, `older`: a second look at what was not found, or was found in an older state than is known. */
export type Cause =
  'webhook' | 'bus' | 'poll' | 'dependency' | 'person' | 'vanished' | 'older' | 'stock' | 'link' | 'load'

export interface Hint extends RecordKey {
  readonly cause: Cause
  /** Deliver even if nothing changed. */
  readonly force?: boolean
  /** Not before this instant. */
  readonly at?: number
}

export interface Notice extends RecordKey {
  readonly cause: Cause
  readonly force: boolean
  readonly gen: number
  readonly fence: number
  readonly tries: number
}

/** The poll that was due and is ours now, or when it is worth asking again, in ms since 1970 (null: there is none). */
export interface ClaimedPoll {
  readonly poll: Poll | null
  readonly nextAt: number | null
}

export interface Poll {
  readonly connection: string
  readonly entity: EntityName
  readonly cursor: string | null
  readonly fence: number
  readonly failures: number
}

export interface PollFinish {
  readonly nextAt: number
  readonly problem: string | null
  /** When the look began after which there was nothing more to read; null: there is more. */
  readonly caughtUpAt: number | null
  readonly now: number
}

export interface Unlinking extends LinkKey {
  readonly who: string
}

/** 'under way': a delivery of it is being written, or nobody knows whether it arrived. */
export type Unlinked =
  | { readonly is: 'unlinked'; readonly targetId: string }
  | { readonly is: 'not linked' }
  | { readonly is: 'under way' }

export interface LinkQuery {
  readonly connection: string
  readonly entity: EntityName
  readonly limit: number
  /** Where the page before ended. */
  readonly after: Witness | null
  /** All of them, those that do not count as gone, or those that the last look at them found. */
  readonly which: 'all' | 'not gone' | 'seen'
}

/** A record of a connection that was linked, and as it was last read. */
export interface Witness {
  readonly entity: EntityName
  readonly id: string
  readonly to: string
  readonly targetId: string
  readonly alias: boolean
  readonly at: number
  readonly how: string
  readonly flow: string | null
  readonly canonical: unknown
  /** Since when it counts as gone; null: it does not. */
  readonly goneAt: number | null
}

export interface Recovery {
  readonly connection: string
  readonly who: string
  readonly lost: readonly LostRecord[]
  /** What was written since then is written again. */
  readonly since: number
}

export interface LostRecord extends Pick<Witness, 'entity' | 'id' | 'to' | 'targetId'> {
  /** Its id was given to another record since. */
  readonly isOther: boolean
  /** Whether its target can be searched for what we created, before it is created anew. */
  readonly look: boolean
}

/** How many deliveries are created and written again. */
export interface Recovered {
  readonly created: number
  readonly again: number
}

/** One record's duty under one flow. */
export interface Duty {
  readonly flow: string
  readonly entity: EntityName
  readonly from: string
  readonly to: string
  readonly lane: string
  /** The duty stands, but only when it is asked for, or under way, or the records are linked already. */
  readonly onlyIfLinked?: boolean
  /** What is under way already, waits or is parked is left as it is. */
  readonly onlyIfSettled?: boolean
  readonly force?: boolean
  /** It stands even if the record was known as it is. */
  readonly always?: boolean
  /** A person approved the row of this hash: no other is written for this duty. */
  readonly expect?: string
  readonly worth?: { readonly amount: string; readonly currency: string }
  /** When the record came to be, as its source says: nothing can have been written of it before. */
  readonly madeAt?: number
}

export interface ReadPage {
  readonly connection: string
  readonly entity: EntityName
  readonly cause: Cause
  /** When the reading began, and now. */
  readonly readAt: number
  readonly now: number
  readonly records: readonly ReadRecord[]
  /** Ids that were asked for, or reported, as gone. */
  readonly gone: readonly string[]
  /** The poll that read this page, with the cursor it began at, and where it goes on. Nothing is saved when the poll is no longer ours. */
  readonly poll?: { readonly poll: Poll; readonly cursor: string }
  /** Flows in batches whose open runs read this page. */
  readonly runs?: readonly string[]
  /** The notices that this read answers. */
  readonly notices?: readonly Notice[]
  /** The load that read this page, and how far it is now. Nothing is saved when the load is no longer ours. */
  readonly load?: LoadMove
}

export interface Load {
  readonly flow: string
  readonly fence: number
  /** The engine's own. */
  readonly state: unknown
}

export interface LoadMove {
  readonly load: Pick<Load, 'flow' | 'fence'>
  readonly state: unknown
  /** Null: done for now, anybody may go on. */
  readonly leaseUntil: number | null
}

export interface ReadRecord {
  /** Usually the page's entity; a guest's Account comes along with its order. */
  readonly entity: EntityName
  readonly id: string
  readonly version: string
  /** Of the canonical form. */
  readonly hash: string
  /** When its source changed it last, in ms by the source's clock; left out where it does not say. */
  readonly modifiedAt?: number
  readonly row: unknown
  readonly canonical: unknown
  readonly problem: string | null
  readonly references: readonly { readonly kind: string; readonly value: string }[]
  readonly parents: readonly { readonly entity: EntityName; readonly id: string }[]
  readonly demand?: readonly { readonly product: string; readonly quantity: string }[]
  readonly price?: PricePoint
  /** The version of the mapping that read it; the configuration's own, when left out. */
  readonly mapping?: number
  readonly duties: readonly Duty[]
  readonly force: boolean
}

export interface PricePoint {
  readonly product: string
  readonly priceList: string
  readonly currency: string
  readonly list: string
  readonly sale: string | null
  readonly saleFrom: string | null
  readonly saleTo: string | null
  readonly taxInclusive: boolean
}

export interface ReadResult {
  /** False when the poll was no longer ours: nothing was saved. */
  readonly saved: boolean
  readonly changed: number
  readonly owed: number
  readonly newlyGone: number
}

export interface DeliveryClaim {
  readonly node: string
  /** In the order of their priority. */
  readonly flows: readonly string[]
  /** Of these flows, records come with the vendor's own row. */
  readonly rowsOf?: readonly string[]
  readonly limit: number
  readonly leaseMs: number
  readonly now: number
  /** Of flows that work in batches: only what was owed by then goes, was tried before, or was asked for; null: all goes. */
  readonly runs?: Readonly<Record<string, number | null>>
}

export interface Delivery {
  readonly flow: string
  readonly entity: EntityName
  readonly id: string
  readonly from: string
  readonly to: string
  readonly lane: string
  readonly force: boolean
  readonly gen: number
  readonly fence: number
  readonly tries: number
  readonly attempt: number
  readonly intent: {
    readonly operation: 'create' | 'update'
    readonly sendBy: number
    readonly settledBy: number
    /** It is only supposed: an older state of the database was brought back, and it may have been written since. */
    readonly isSupposed: boolean
  } | null
  /** When at the latest an earlier write than the intent's was sent that nobody answered. */
  readonly unansweredBy: number | null
  /**
   * The hash of the row that the newest write left there, and every earlier one that may still arrive; '' when these are not
   * alike, or not known; null: nothing was sent.
   */
  readonly doubtHash: string | null
  readonly sentHash: string | null
  /** How often its source was restored from a backup that forgot the record of this id. */
  readonly era: number
  /** The hash of the row that a person approved in a plan; null: whatever comes of the record. */
  readonly expect: string | null
  /** What was read before then may be older than what stands in the target: another process wrote it. */
  readonly readAfter?: number
  readonly record: StoredRecord | null
  /** The id that the record is linked to in the target. */
  readonly targetId: string | null
  /** What becomes of it counts for its flow's open run. */
  readonly inRun?: boolean
}

export interface StoredRecord extends RecordKey {
  readonly version: string
  readonly hash: string
  readonly canonical: unknown
  readonly problem: string | null
  readonly readAt: number
  readonly changedAt: number
  readonly gone: boolean
  /** The vendor's own, where it was asked for. */
  readonly row?: unknown
}

/** A record, and the record of another connection that it may have been written from. */
export interface Echo extends RecordKey {
  readonly from: string
  readonly sourceId: string
}

export interface Written {
  /** A write may have arrived, and has not been answered yet. */
  readonly isOpen: boolean
  /** The same of one that a pause holds back, perhaps for ever: when it was sent at the latest; null: there is none. */
  readonly heldSentBy: number | null
  /** The last one that was answered; null: it did not come from there. */
  readonly last: {
    /** Null: its system does not say. */
    readonly version: string | null
    readonly at: number
    /** The canonical record that it was made of; null: that is not known. */
    readonly canonical: unknown
  } | null
}

export interface Intent {
  readonly delivery: Delivery
  readonly node: string
  readonly operation: 'create' | 'update'
  readonly key: string
  readonly sendBy: number
  readonly settledBy: number
  readonly request: unknown
  /** Of the row that is sent. */
  readonly hash: string
  /** No earlier write of this record may still arrive. */
  readonly isAlone: boolean
  /** The version of the mapping that made the request; the configuration's own, when left out. */
  readonly mapping?: number
}

export interface Trouble {
  readonly kind: string
  readonly words: string
}

export type Settlement = { readonly delivery: Delivery } & (
  | {
      readonly is: 'applied'
      readonly targetId: string
      readonly version: string | null
      readonly number: string | null
      readonly sentHash: string
      /** Write again then: a sale ends. */
      readonly again: number | null
      /** It is there, and something is still to be done: by itself at `at`, or by a person. */
      readonly rest: (Trouble & { readonly at: number | null }) | null
      readonly words: string
      readonly hints: readonly Hint[]
    }
  /** It is there already, found by our key or recognised; the delivery goes on as an update. */
  | { readonly is: 'linked'; readonly targetId: string; readonly how: string; readonly alias: boolean }
  | { readonly is: 'unchanged'; readonly words: string }
  /** Not for this target, at least not until these are linked. */
  | {
      readonly is: 'skipped'
      readonly words: string
      readonly links?: readonly LinkKey[]
      /** It may have been created before, and is asked about when it is carried after all. */
      readonly intent?: 'keep'
    }
  | { readonly is: 'parked'; readonly trouble: Trouble; readonly intent: 'keep' | 'clear' }
  /** Again at `at`. `counts` is false where it was not this record's fault. */
  | {
      readonly is: 'later'
      readonly at: number
      readonly trouble: Trouble | null
      readonly intent: 'keep' | 'clear'
      readonly counts: boolean
    }
  /** Until these are linked, and at the latest at `at`; `ask` for what is not on its way. */
  | {
      readonly is: 'waiting'
      readonly links: readonly LinkKey[]
      readonly at: number
      readonly words: string
      readonly hints: readonly Hint[]
      readonly duties: readonly (Duty & { readonly id: string })[]
    }
)

/** 'taken': the target record is linked to another one of ours; the delivery was parked with words. */
export type SettleResult = 'settled' | 'lost' | 'taken'

export interface LinkKey {
  readonly entity: EntityName
  readonly connection: string
  readonly id: string
  readonly to: string
}

export interface NewLink extends LinkKey {
  readonly targetId: string
  readonly how: string
  readonly flow: string | null
  readonly alias: boolean
}

export interface ConnectionState {
  readonly name: string
  readonly connector: string
  readonly paused: {
    readonly at: number
    readonly by: string
    readonly reason: string
    readonly kind: string | null
  } | null
  /** For whichever reason: after a failure, or because it asked for that. */
  readonly blockedUntil: number | null
  /** It asked for that: until then no request may leave, whoever sends it. */
  readonly leftAloneUntil: number | null
  readonly failures: number
  readonly polls: readonly {
    readonly entity: EntityName
    readonly nextAt: number
    readonly finishedAt: number | null
    readonly rounds: number
    readonly problem: string | null
  }[]
}

export interface FlowState {
  readonly name: string
  readonly entity: EntityName
  readonly from: string
  readonly to: string
  readonly active: boolean
  readonly since: number
  /** Of a flow that works in batches; null: it does not. */
  readonly batch: BatchState | null
  readonly paused: { readonly at: number; readonly by: string; readonly reason: string } | null
}

export interface BatchState {
  readonly since: number
  /** The newest one. */
  readonly run: Pick<Run, 'dueAt' | 'endedAt'> | null
  /** What was owed by then has its turn. */
  readonly cutAt: number | null
  /** Something is ready that does not wait for the next run: a person asked for it, or it was tried before. */
  readonly asked: boolean
}

/** One run of a flow in batches. */
export interface Run {
  readonly flow: string
  /** The time by the clock that it stands for. */
  readonly dueAt: number
  /** Nobody was there to do it, and the flow does not catch up. */
  readonly leftOut: boolean
  readonly beganAt: number
  readonly cutAt: number | null
  readonly endedAt: number | null
  readonly read: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly skipped: number
  readonly parked: number
}

export type PauseTarget = { readonly flow: string } | { readonly connection: string }
export interface Pause {
  readonly target: PauseTarget
  readonly who: string
  readonly reason: string
  /** Linchpin paused it itself, for this kind of problem, and looks again by itself. */
  readonly kind: string | null
}

export interface Comparison {
  readonly flow: string
  readonly fence: number
  /** The engine's own; null at first. */
  readonly state: unknown
}

export type Side = 'source' | 'target'

/** What comparing has seen of one record of one side. */
export interface Compared {
  readonly side: Side
  readonly id: string
  /** The record of the other side that it was linked to. */
  readonly other: string | null
  /** Why there is nothing to compare ('left alone', 'unreadable', and 'faulty': its row is no record), or null. */
  readonly state: string | null
  /** The fields that the flow carries, each as a hash. */
  readonly facts: Readonly<Record<string, string>> | null
}

export interface ComparedPair {
  readonly source: Compared
  readonly target: Compared | null
}

export interface ComparedQuery {
  readonly flow: string
  readonly limit: number
  readonly after?: string | null
  /** Only these records of the source. */
  readonly ids?: readonly string[]
}

export interface DiscrepancyQuery {
  readonly flow: string
  readonly limit: number
  /** Only what was found of this record. */
  readonly of?: { readonly side: Side; readonly id: string }
}

export interface FoundDiscrepancy {
  readonly side: Side
  readonly id: string
  readonly kind: string
  readonly detail: unknown
}

/** A step of a comparison, saved at once. */
export interface ComparedPage {
  readonly state: unknown
  /** Null: done for now, anybody may go on. */
  readonly leaseUntil: number | null
  readonly rows?: readonly Compared[]
  readonly removed?: readonly { readonly side: Side; readonly id: string }[]
  readonly found?: readonly FoundDiscrepancy[]
  /** Of these nothing is wrong any more. */
  readonly right?: readonly { readonly side: Side; readonly id: string }[]
  /** With this page all is compared: how both sides stand then is remembered. */
  readonly ended?: boolean
}

export interface ComparisonState {
  readonly state: unknown
  readonly rows: readonly { readonly side: Side; readonly state: string | null; readonly count: number }[]
  readonly found: readonly {
    readonly kind: string
    readonly side: Side
    readonly count: number
    readonly oldest: number
  }[]
}

export interface StoredFile {
  readonly name: string
  readonly mediaType: string
  readonly sha256: string
  readonly bytes: Uint8Array
  readonly fetchedAt: number
}

export interface Reference extends RecordKey {
  readonly kind: string
  readonly value: string
}

export interface Trace {
  readonly records: readonly (StoredRecord & { readonly parents: readonly RecordKey[] })[]
  readonly links: readonly {
    readonly entity: EntityName
    readonly left: RecordKey
    readonly right: RecordKey
    readonly how: string
    readonly at: number
  }[]
  readonly deliveries: readonly DeliveryState[]
  readonly attempts: readonly AttemptState[]
  readonly journal: readonly (JournalEntry & { readonly seq: number; readonly at: number })[]
}

export interface DeliveryState {
  readonly flow: string
  readonly entity: EntityName
  readonly id: string
  readonly from: string
  readonly to: string
  readonly state: string
  readonly tries: number
  readonly attempt: number
  readonly trouble: Trouble | null
  readonly owedAt: number
  readonly runAt: number
  readonly settledAt: number | null
}

export interface AttemptState {
  readonly flow: string
  readonly id: string
  readonly attempt: number
  readonly at: number
  readonly endedAt: number | null
  readonly operation: string
  readonly key: string
  readonly outcome: string | null
  readonly targetId: string | null
  readonly trouble: Trouble | null
}

export interface ParkedDelivery extends DeliveryState {
  readonly parkedAt: number
  readonly worth: { readonly amount: string; readonly currency: string } | null
  /** What people call the record: its first reference. */
  readonly label: string | null
  /** A create of which nobody knows whether it arrived. */
  readonly unknown: boolean
}

export interface Which {
  readonly flow?: string
  readonly ids?: readonly string[]
}

export interface Status {
  readonly deliveries: readonly {
    readonly flow: string
    readonly state: string
    readonly count: number
    readonly oldest: number | null
    readonly worth: readonly { readonly amount: string; readonly currency: string }[]
  }[]
  readonly notices: readonly {
    readonly connection: string
    readonly count: number
    readonly oldest: number | null
  }[]
  readonly records: readonly {
    readonly connection: string
    readonly entity: EntityName
    readonly count: number
  }[]
}

export interface JournalEntry {
  readonly connection?: string
  readonly entity?: EntityName
  readonly id?: string
  readonly flow?: string
  readonly who: string
  readonly what: string
  readonly words: string
  readonly detail?: unknown
}
