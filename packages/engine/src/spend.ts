import type { Store } from '@linchpin/store'

type Spend = Parameters<Store['spend']>[0]
interface Asking {
  readonly what: Spend
  readonly go: (waitMs: number) => void
  readonly fail: (error: unknown) => void
}

/** What is known of one connection's limiter. */
interface Purse {
  readonly asking: Asking[]
  isAsked: boolean
  /** Tokens that were taken for requests to come; worth nothing from `until` on. */
  ahead: number
  until: number
  /** How many were taken ahead the last time; null: whoever asked then had to wait. */
  taken: number | null
}

/** Of what the limiter holds, and of the time in which it fills: so much may be taken ahead, and kept. */
const AHEAD = 0.1

/**
 * The same store, whose rate limiter is asked once for many: requests that want to leave while it is being asked for
 * others wait, and ask together; and who sends one request after the other takes tokens ahead, as many as it used up the
 * last time or a few more. All of those that ask together wait for the last one's turn. Whatever window one looks at, the
 * remote gets at most a tenth more than the limiter gives: what is spent within it was taken in it, or in the tenth of a
 * filling before, by however many nodes.
 */
export function spendingTogether(store: Store): Store {
  const purses = new Map<string, Purse>()
  const purseOf = (connection: string) => {
    let purse = purses.get(connection)
    if (!purse) purses.set(connection, (purse = { asking: [], isAsked: false, ahead: 0, until: 0, taken: 0 }))
    return purse
  }
  const ask = async (purse: Purse) => {
    const asking = purse.asking.splice(0)
    const { what } = asking.at(-1) as Asking
    const cost = asking.reduce((sum, each) => sum + each.what.cost, 0)
    const more = cost === 0 ? 0 : moreOf(purse, what)
    try {
      const waitMs = await store.spend({ ...what, cost: cost + more })
      // Who has to wait took too much: what was taken ahead is too old by then, and nothing more is, until there is enough.
      if (cost > 0) refill(purse, waitMs > 0 ? null : more, what.now + what.perMs * AHEAD)
      for (const { go } of asking) go(waitMs)
    } catch (error) {
      for (const { fail } of asking) fail(error)
    }
  }
  const spend = (what: Spend) =>
    new Promise<number>((go, fail) => {
      const purse = purseOf(what.connection)
      if (isPaid(purse, what)) return go(0)
      purse.asking.push({ what, go, fail })
      if (!purse.isAsked) void untilEmpty(purse)
    })
  const untilEmpty = async (purse: Purse) => {
    purse.isAsked = true
    while (purse.asking.length > 0) await ask(purse)
    purse.isAsked = false
  }
  return { ...store, spend }
}

function isPaid(purse: Purse, { cost, now }: Spend): boolean {
  if (cost === 0 || cost > purse.ahead || now >= purse.until) return false
  purse.ahead -= cost
  return true
}

/** All used up: twice as much and one more. Else as much as was used. */
function moreOf({ ahead, taken }: Purse, { requests }: Spend): number {
  if (taken === null) return 0
  return Math.min(ahead === 0 ? 2 * taken + 1 : taken - ahead, Math.floor(requests * AHEAD))
}

function refill(purse: Purse, tokens: number | null, until: number): void {
  purse.ahead = tokens ?? 0
  purse.taken = tokens
  purse.until = until
}
