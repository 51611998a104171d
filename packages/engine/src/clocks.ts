/** How far the clock of each remote is ahead of ours, in ms, as the dates of its answers tell; null: never heard. */
export interface Clocks {
  readonly heard: (connection: string, response: Response, now: number) => void
  readonly aheadMs: (connection: string) => number | null
}

/** An answer's date is of whole seconds, and the answer was some seconds under way: less than this is no difference. */
const EXACT_MS = 10_000

export function createClocks(): Clocks {
  const ahead = new Map<string, number>()
  return {
    heard(connection, response, now) {
      const at = Date.parse(response.headers.get('date') ?? '')
      if (Number.isNaN(at)) return
      ahead.set(connection, Math.abs(at - now) < EXACT_MS ? 0 : at - now)
    },
    aheadMs: connection => ahead.get(connection) ?? null,
  }
}
