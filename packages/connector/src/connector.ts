import type { Mapping, MatchKeys } from '@linchpin/mapping'
import type { Canonical, EntityName } from '@linchpin/model'
import type { z } from 'zod'
import type { Problem } from './problem.ts'

/**
 * Teaches Linchpin one kind of shop or ERP. A connector is a plain value: importing it does nothing, there is nothing
 * to extend and nothing to register. A function that is there is a capability; one that is missing is none.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- a list of connectors holds them with their types forgotten
export interface Connector<Settings = any, Session = any> {
  /** 'woocommerce': the folder's name, never renamed. */
  readonly id: string
  /** 'WooCommerce': what people read. */
  readonly title: string
  readonly role: 'shop' | 'erp'
  /** What an operator fills in. Secrets are marked `.meta({ secret: true })`. */
  readonly settings: z.ZodType<Settings>
  /** What the remote can bear: so many requests in so many milliseconds, so many at once. */
  readonly limits: { readonly requests: number; readonly perMs: number; readonly atOnce: number }
  readonly entities: Entities<Session>
  /**
   * What is left of `entities` at an installation with these settings: one may lack a module, a right or a view that
   * another has. Pure. All of them, when left out. What is left out here is no capability of the connection.
   */
  readonly entitiesFor?: (settings: Settings) => Entities<Session>
  readonly webhook?: Webhook<Settings, Session>
  readonly open: (settings: Settings, io: Io) => Promise<Session>
  readonly close?: (session: Session) => Promise<void>
  /** Answers, and never throws, whatever state the remote is in. */
  readonly health: (session: Session) => Promise<Health>
}

export type Entities<Session> = { readonly [Name in EntityName]?: Entity<Session, Name> }

/** What a connection test found. Each note is a sentence for the operator: a missing right, a setting to change. */
export interface Health {
  readonly is: 'up' | 'degraded' | 'down'
  readonly notes: readonly string[]
  /** The remote's product and version: 'WooCommerce 11.0.1'. */
  readonly version?: string
  /** The remote's clock minus ours, in milliseconds, where it tells. */
  readonly clockSkewMs?: number
  /** When `is` is not up: the kind of trouble. */
  readonly problem?: Problem
}

/** One kind of record at the remote. */
// oxlint-disable-next-line typescript/no-explicit-any -- see Connector
export interface Entity<Session, Name extends EntityName, Row = any, WriteRow = any> {
  /** The rows that `changes` and `get` answer: the vendor's own, with its own names, custom fields included. */
  readonly schema: z.ZodType<Row>
  /** Makes a row canonical. Paths are checked against `schema` and the model when the connector is loaded. */
  readonly mapping: Mapping
  /**
   * What came after the cursor, oldest first. Must meet every record whatever the page size, must not lose records
   * that changed in one instant or were committed late (`overlapMs` says how late), and ends with `more: false`.
   */
  readonly changes?: (session: Session, after: Cursor | null, limit: number) => Promise<Page<Row>>
  /**
   * For a remote that tells each record once, through a queue: tells it that everything up to this cursor is safe with
   * us. Called after a page and its cursor are durable, never before, and again at the next poll, so that a call that
   * was lost is made up for: it must be safe to repeat, and do nothing for a cursor that has nothing to confirm. An
   * entity that has it is read by its poll alone, since any other look would take from the queue.
   */
  readonly acknowledge?: (session: Session, cursor: Cursor) => Promise<void>
  /** These records as they are now. One that does not exist is left out. */
  readonly get?: (session: Session, ids: readonly string[]) => Promise<readonly Snapshot<Row>[]>
  /** The remote's records that carry one of these keys exactly (SKU, e-mail, VAT number); one list per asked keys. */
  readonly match?: (
    session: Session,
    keys: readonly MatchKeys[],
  ) => Promise<readonly (readonly Candidate[])[]>
  /** The file of this record: the PDF of an invoice. Null when there is none (yet). */
  readonly file?: (session: Session, id: string) => Promise<File | null>
  /** A page that a person can open to see the record in the remote's own screens. */
  readonly url?: (session: Session, id: string) => string
  readonly writer?: Writer<Session, WriteRow>
  /** Never present; it ties the type to its canonical form. */
  readonly canonical?: Canonical<Name>
}

/** A record that may be the one we look for, and what it was recognised by: 'SKU MUG-1'. */
export interface Candidate {
  readonly id: string
  readonly by: string
}

export interface File {
  readonly name: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** Opaque to all but its connector; saved in one transaction with its page. */
export type Cursor = string

export interface Page<Row> {
  readonly items: readonly (Snapshot<Row> | Gone)[]
  readonly next: Cursor
  readonly more: boolean
}
export interface Gone {
  readonly id: string
  readonly gone: true
}
/** `version` differs whenever the row does: it spots the echo of our own writes. Compared for equality only. */
export interface Snapshot<Row> {
  readonly id: string
  readonly version: string
  readonly row: Row
}

/**
 * `repeat` says whether a write whose answer was lost may be sent again:
 * - `safe`: the target takes our key once: it upserts, or answers the record of the first time, so send it again;
 * - `find`: look our key up first, but not before `settleMs` have passed since the last possible arrival;
 * - `ask`: nobody can know; a person is asked "Did it arrive?".
 * It concerns creating only: updates say what the record shall be, so they can always be sent again.
 */
export type Writer<Session, WriteRow> = {
  /** The rows that `write` takes: again the vendor's own names. */
  readonly schema: z.ZodType<WriteRow>
  /** Makes a row of a canonical record, with links instead of foreign ids. */
  readonly mapping: Mapping
  /** How many writes at most in one call. */
  readonly batch: number
  /** One outcome per write, in the order of the writes. Throws only when nothing was sent at all. */
  readonly write: (session: Session, writes: readonly Write<WriteRow>[]) => Promise<readonly Outcome[]>
  /** A remote that cannot create such a record leaves this out (a shop's orders: only their status is written). */
  readonly updatesOnly?: true
} & (
  | { readonly repeat: 'safe' }
  | {
      readonly repeat: 'find'
      /** Which of these creates did arrive: key → id. A key that is missing was never applied. Throws when unsure. */
      readonly find: (
        session: Session,
        writes: readonly Write<WriteRow>[],
      ) => Promise<ReadonlyMap<string, string>>
      /** How long after sending a create can still arrive, plus how long the remote's search lags, in ms. */
      readonly settleMs: number
    }
  | { readonly repeat: 'ask' }
)

export interface Write<Row> {
  /** One intent, one key, for ever: 'shop/SalesOrder/1042'. Where the remote has room for it, write it there. */
  readonly key: string
  /** The remote's id, or null to create. */
  readonly id: string | null
  /** A field left out stays as it is. */
  readonly row: Row
}

export type Outcome =
  | {
      readonly key: string
      readonly is: 'applied'
      readonly id: string
      /** As `get` would tell it now, so that the echo of this write is recognised. Null when the answer did not say. */
      readonly version: string | null
      /** What people call the record at the remote: 'S00042'. */
      readonly number?: string
      /** The record is there, yet something of the row is not: the delivery goes on as an update, or parks. */
      readonly rest?: Problem
      /** Write again at this instant (ms since 1970), for a remote that cannot schedule: a sale's end, say. */
      readonly again?: number
    }
  | { readonly key: string; readonly is: 'refused'; readonly problem: Problem }
  /** Sent, and no answer came: it may be there or not. */
  | { readonly key: string; readonly is: 'unknown'; readonly problem: Problem }

/** A webhook notifies, it does not deliver: the engine then reads the record itself. */
export interface Webhook<Settings, Session> {
  /** Pure and constant in time. What is unsigned, forged or not configured is not believed; it never throws. */
  readonly verify: (settings: Settings, request: RawRequest) => boolean
  readonly parse: (request: RawRequest) => readonly Notification[]
  /**
   * What the remote calls the event that it tells of, where it has a name for it: a repetition has the same one, and is not
   * read again. Null when this request has none.
   */
  readonly event?: (request: RawRequest) => string | null
  /** An unsigned request by which the remote only tries whether anybody answers. It is answered, and means nothing. */
  readonly greets?: (request: RawRequest) => boolean
  /** Brings the remote's subscriptions to the wanted state and says what it had to repair. Safe to repeat. */
  readonly subscribe?: (session: Session, url: string) => Promise<readonly string[]>
}
/** Record `id` may have changed: a hint, never the truth. */
export interface Notification {
  readonly entity: EntityName
  readonly id: string
}
export interface RawRequest {
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The bytes that came, before any parsing. */
  readonly body: Uint8Array
}

/** All that a connector may touch of the world. The simulator hands in another one. */
export interface Io {
  /**
   * Metered, logged and abortable. Rejects with a TypeError when no answer came, whatever was or was not sent, and
   * with a Problem when it certainly was not sent (Linchpin is stopping, or it would leave too late): pass that on.
   */
  readonly fetch: (url: string, init?: RequestInit, cost?: number) => Promise<Response>
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number
  /** 128 random bits as 32 hex digits. */
  readonly nonce: () => string
  readonly log: (message: string, facts?: Readonly<Record<string, string | number>>) => void
  readonly signal: AbortSignal
}
