import { Budget } from './budget.ts'
import type { Settings } from './settings.ts'
import { Token } from './token.ts'

/** What all sessions of one connection share in this process: the engine opens one for each of its lanes of work. */
export interface Common {
  readonly token: Token
  readonly budget: Budget
  /** The prices that Shopify changes in bulk, by what it calls that: what is to become of each variant. */
  readonly priceBulks: Map<string, ReadonlyMap<string, string>>
  /** What was to become of each variant by a bulk that has ended: whether it did, shows the next look at the price. */
  readonly pricesAfterBulk: Map<string, string>
  /** Does this after all else of the same name is done: two new variants of one group make one product. */
  readonly alone: <Value>(name: string, work: () => Promise<Value>) => Promise<Value>
}

/** A connection's settings are one object for as long as the process knows it. */
const kept = new WeakMap<Settings, Common>()

export function commonOf(settings: Settings): Common {
  const known = kept.get(settings)
  if (known) return known
  const common = {
    token: new Token(settings),
    budget: new Budget(),
    priceBulks: new Map(),
    pricesAfterBulk: new Map(),
    alone: oneByOne(),
  }
  kept.set(settings, common)
  return common
}

function oneByOne(): Common['alone'] {
  const last = new Map<string, Promise<unknown>>()
  return async (name, work) => {
    const turn = (last.get(name) ?? Promise.resolve()).then(work, work)
    last.set(name, turn)
    try {
      return await turn
    } finally {
      if (last.get(name) === turn) last.delete(name)
    }
  }
}
