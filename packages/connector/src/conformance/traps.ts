import { AsyncLocalStorage } from 'node:async_hooks'

/** What a connector could touch past its `io`. */
type Reach = 'the clock' | 'chance' | 'the network' | 'a timer'

const watched = new AsyncLocalStorage<Set<Reach> | null>()

/**
 * Does this work and says what it touched of the machine meanwhile. What a look-alike does on its behalf does not count
 * (`unwatched`), nor what anybody else does at the same time.
 */
export async function reachesOf(work: () => Promise<void>): Promise<readonly Reach[]> {
  const reached = new Set<Reach>()
  const restore = setTraps()
  try {
    await watched.run(reached, work)
  } finally {
    restore()
  }
  return [...reached]
}

export function unwatched<Value>(work: () => Value): Value {
  return watched.run(null, work)
}

function setTraps(): () => void {
  const traps = [
    trap(globalThis, 'Date', clockedDate(globalThis.Date)),
    trapCall(performance, 'now', 'the clock'),
    trapCall(Math, 'random', 'chance'),
    trapCall(crypto, 'randomUUID', 'chance'),
    trapCall(crypto, 'getRandomValues', 'chance'),
    trapCall(globalThis, 'fetch', 'the network'),
    trapCall(globalThis, 'setTimeout', 'a timer'),
    trapCall(globalThis, 'setInterval', 'a timer'),
  ]
  return () => traps.forEach(restore => restore())
}

const tell = (reach: Reach) => void watched.getStore()?.add(reach)

/** A Date that is given no instant asks the machine for one. */
function clockedDate(real: DateConstructor): DateConstructor {
  return new Proxy(real, {
    construct: (target, given, newTarget) => {
      if (given.length === 0) tell('the clock')
      return Reflect.construct(target, given, newTarget) as object
    },
    get: (target, name) => {
      if (name === 'now') tell('the clock')
      return Reflect.get(target, name) as unknown
    },
  })
}

function trapCall<Holder extends object>(holder: Holder, name: keyof Holder, reach: Reach): () => void {
  const real = holder[name] as (...given: unknown[]) => unknown
  const told = function (this: unknown, ...given: unknown[]): unknown {
    tell(reach)
    return Reflect.apply(real, this === undefined ? holder : this, given)
  }
  return trap(holder, name, Object.assign(told, real))
}

function trap<Holder extends object>(holder: Holder, name: keyof Holder, value: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(holder, name)
  Object.defineProperty(holder, name, { value, configurable: true, writable: true })
  return () => {
    if (own) Object.defineProperty(holder, name, own)
    else Reflect.deleteProperty(holder, name)
  }
}
