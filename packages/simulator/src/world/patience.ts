/** A remote that asks to wait, and notices who does not. */
export interface Patience {
  /** A request leaves for it. */
  readonly sent: (now: number) => void
  /** Its wish to be left alone for `ms` has reached one of us, who can tell the others while it is alive. */
  readonly told: (now: number, ms: number, isAlive: () => boolean) => void
}

/** Who heard it may end what is under way, and tell the others. */
const GRACE_MS = 3_000
/** A crash may swallow the wish now and then; more than that is a habit. */
const MOST_IGNORED = 12

export function createPatience(clockSkewMs: number, ban: (words: string) => void): Patience {
  let [from, until, ignored] = [0, 0, 0]
  let heard: { readonly until: number; readonly isAlive: () => boolean }[] = []
  return {
    told(now, ms, isAlive) {
      if (now >= until) [from, ignored, heard] = [now, 0, []]
      until = Math.max(until, now + ms)
      heard.push({ until: now + ms, isAlive })
    },
    sent(now) {
      // Who heard a wish may have died with it.
      const known = Math.max(0, ...heard.filter(each => each.isAlive()).map(each => each.until))
      if (now < from + GRACE_MS || now > known - 2 * clockSkewMs - 1_000) return
      ignored += 1
      if (ignored === MOST_IGNORED)
        ban(`${ignored} requests came in the ${(known - from) / 1000} s that it had asked us to wait`)
    },
  }
}
