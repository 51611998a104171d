import type { Store } from '@linchpin/store'

type Spend = Parameters<Store['spend']>[0]
interface Asking {
  readonly what: Spend
  readonly go: (waitMs: number) => void
  readonly fail: (error: unknown) => void
}

/**
 * The same store, whose rate limiter is asked once for many: requests that want to leave while it is being asked for
 * others wait, and ask together. All of them wait for the last one's turn; the remote never gets more than it bears.
 */
export function spendingTogether(store: Store): Store {
  const purses = new Map<string, Asking[]>()
  const ask = async (purse: Asking[]) => {
    const asking = purse.splice(0)
    const { what } = asking.at(-1) as Asking
    const cost = asking.reduce((sum, each) => sum + each.what.cost, 0)
    try {
      const waitMs = await store.spend({ ...what, cost })
      for (const { go } of asking) go(waitMs)
    } catch (error) {
      for (const { fail } of asking) fail(error)
    }
  }
  const spend = (what: Spend) =>
    new Promise<number>((go, fail) => {
      const under = purses.get(what.connection)
      const purse = under ?? []
      purse.push({ what, go, fail })
      if (under) return
      purses.set(what.connection, purse)
      void untilEmpty(what.connection, purse)
    })
  const untilEmpty = async (connection: string, purse: Asking[]) => {
    while (purse.length > 0) await ask(purse)
    purses.delete(connection)
  }
  return new Proxy(store, {
    get: (target, name) => (name === 'spend' ? spend : (Reflect.get(target, name) as unknown)),
  })
}
