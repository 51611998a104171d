/** A remote that asks to wait, and notices who does not. */
export interface Patience {
  /** A request leaves for it. */
  readonly sent: (now: number) => void
  /** Its wish to be left alone for `ms` has reached one of us. */
  readonly told: (now: number, ms: number) => void
}

/** Who heard it may end what is under way, and tell the others. */
export const GRACE_MS = 3_000
/** A crash may swallow the wish now and then; more than that is a habit. */
const MOST_IGNORED = 12

export function createPatience(clockSkewMs: number, ban: (words: string) => void): Patience {
  let [from, until, ignored] = [0, 0, 0]
  return {
    told(now, ms) {
      if (now >= until) [from, ignored] = [now, 0]
      until = Math.max(until, now + ms)
    },
    sent(now) {
      if (now < from + GRACE_MS || now > until - 2 * clockSkewMs - 1_000) return
      ignored += 1
      if (ignored === MOST_IGNORED)
        ban(`${ignored} requests came in the ${(until - from) / 1000} s that it had asked us to wait`)
    },
  }
}
