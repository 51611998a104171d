/** The world as the engine meets it: handed in, so that the simulator can hand in another. */
export interface World {
  /** Milliseconds since 1970 by the database's clock, which all nodes share. */
  readonly now: () => number
  /** Ends early, without an error, when the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  /** From 0 to below 1. */
  readonly random: () => number
  /** 128 random bits as 32 hex digits. */
  readonly nonce: () => string
  /** Rejects with a TypeError when no whole answer came within `timeoutMs`. Follows no redirects. */
  readonly fetch: (url: string, init: RequestInit, timeoutMs: number) => Promise<Response>
  readonly log: Log
  /** A point at which the simulator may crash or pause the process; does nothing in earnest. */
  readonly point?: (name: Point) => Promise<void>
}

/** Where faults hurt most. */
export type Point = 'after claim' | 'after intent' | 'before send' | 'after reply' | 'before settle'

export interface Log {
  readonly info: (facts: Facts, message: string) => void
  readonly warn: (facts: Facts, message: string) => void
  readonly error: (facts: Facts, message: string) => void
}
export type Facts = Readonly<Record<string, string | number | boolean | null | undefined>>

/** A write leaves within SEND_BY of its intent, and whoever did not answer within TIMEOUT is not waited for. */
export const SEND_BY_MS = 20_000
/** A remote that is so slow that nothing leaves in that time gets up to so many times as much (patience.ts). */
export const MOST_PATIENCE = 4
export const TIMEOUT_MS = 20_000
/** Longer than any write can be under way, so that a lease never ends while its holder still works. */
export const LEASE_MS = SEND_BY_MS + TIMEOUT_MS + 5_000
/** A node that was not heard of for so long is taken for dead, and what it held is freed. */
export const DEAD_AFTER_MS = 15_000
