/** When to try again. All times in milliseconds. */
const FIRST_MS = 1_000
const LONGEST_MS = 5 * 60_000
/** After so many tries of its own a record is parked: with the pauses below, that is after about an hour and a half. */
export const MOST_TRIES = 25

/** 1 s, 2 s, 4 s … 5 min, each with half of it by chance, so that many do not come back in one moment. */
export function pause(tries: number, random: () => number): number {
  const full = Math.min(FIRST_MS * 2 ** Math.min(tries, 20), LONGEST_MS)
  return Math.round(full / 2 + (full / 2) * random())
}

/** How long after it was sent a request may still arrive at its target. */
export const LATE_MS = 60_000

/** A connection that does not answer is left alone for 1 s, 2 s … 30 s; one look then shows whether it is back. */
export function outagePause(failures: number, random: () => number): number {
  return Math.min(pause(failures, random), 30_000)
}

/** From so many failures in a row on, it is the connection that is down, not a record that is bad. */
export const OUTAGE_FROM = 3
