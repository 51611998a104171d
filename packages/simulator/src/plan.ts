import { chanceOf } from './chance.ts'
import type { ProcessFaults } from './process.ts'

/** What one seed expands into: the size of its world, and the faults that are switched on. Zero is off. */
export interface Plan {
  readonly seed: number
  readonly nodes: number
  readonly orders: number
  /** How the ERP takes a create again whose answer was lost. */
  readonly repeat: 'find' | 'safe' | 'ask'
  readonly batch: number
  readonly faultMinutes: number
  /** So long after the last fault everything must be as it should be. */
  readonly convergeMinutes: number
  /** No fault at all: then the number of writes is known, too. */
  readonly fair: boolean
  readonly process: ProcessFaults
  readonly clockSkewMs: number
  readonly net: NetFaults
  readonly store: StoreFaults
  readonly remote: RemoteFaults
  readonly hooks: HookFaults
  readonly drift: DriftFaults
  readonly people: People
  readonly layers: Layers
}

export interface Layers {
  /** When all is healed the engine's own comparison looks at each flow, too. */
  readonly compared: boolean
  /** The ERP's stock is read once, at the start: what changes there later is found by comparing alone. */
  readonly alone: boolean
}

export interface NetFaults {
  readonly lostRequest: number
  readonly lostReply: number
  readonly late: number
  readonly lateMaxMs: number
  readonly before500: number
  readonly after500: number
  readonly busy: number
  readonly okWithError: number
  readonly html: number
  readonly truncated: number
  readonly downMs: number
  /** For days nothing reaches the ERP, while orders go on. */
  readonly outageMs: number
  /** For so long every request is told to wait; who does not is banned. */
  readonly stormMs: number
}

export interface StoreFaults {
  readonly lostAck: number
  readonly downMs: number
  /** For so long the disk is full: what is there can be read, nothing can be written. */
  readonly fullMs: number
  /** A replica that is so far behind takes its place: what was committed since is forgotten. */
  readonly lostTailMs: number
}

export interface RemoteFaults {
  /** Stamps are cut to so many milliseconds. */
  readonly stampMs: number
  /** How late a change can become visible after its stamp. */
  readonly lateCommitMs: number
  readonly indexLagMs: number
  /** For some minutes every second read is answered by a replica that is so far behind. */
  readonly staleMs: number
  /** So long the ERP thinks over each request, about: for some minutes, or always. */
  readonly thinksMs: number
  readonly thinksAlways: boolean
  /** How many requests a second it bears, as its connector declares. */
  readonly requestsMax: number
  /** How many rows a page holds at most, 0 for many: others come and move between two pages. */
  readonly pageSize: number
  /** For so long some rows cannot be seen by their id, as behind a replica that lags. */
  readonly missMs: number
  /** For so long no row at all can be seen by its id. */
  readonly massMs: number
  /** So old is the backup from which the ERP is restored after an outage: what came since is forgotten, its ids are given again. */
  readonly restoreMs: number
  /** Chances that the answer to a batch leaves an item out, tells it twice, or is in another order. */
  readonly itemsDropped: number
  readonly itemsDoubled: number
  readonly itemsReordered: number
}

export interface HookFaults {
  readonly off: boolean
  readonly lost: number
  readonly doubled: number
  readonly delayMaxMs: number
  readonly forged: number
}

/** A needed field of one table looks otherwise for so long: it has another name, is not told, or is of another type. */
export interface DriftFaults {
  readonly renamedMs: number
  readonly droppedMs: number
  readonly retypedMs: number
  /** A new name stays, and the operator maps it after a while. */
  readonly forGood: boolean
}

export interface People {
  readonly poison: number
  readonly edits: number
  readonly cancels: number
  readonly burst: boolean
  readonly operators: boolean
  /** Nodes are replaced one by one, one joins, one leaves. */
  readonly rolling: boolean
  /** Customers change on either side, and the two systems never agree on how a name is written. */
  readonly quarrel: boolean
  /** The ERP turns names around whenever it is told one: the echo of each write is another change. */
  readonly contrary: boolean
  /** Customers are renamed in the shops and in the ERP, where one word is as good as the other's. */
  readonly renames: boolean
  /** The share of orders whose customer the ERP refuses; and one article of the ERP is refused by both shops. */
  readonly poisonParts: number
  /** Prices and sales go to the shops, and companies order. */
  readonly prices: boolean
  /** Clerks merge customers in the ERP: the id of one of the two is gone. */
  readonly merges: boolean
  /** A shop gets a new secret; the operator enters it later, and starts the nodes again. */
  readonly secrets: boolean
  /** Both shops sell all that they show at one moment. */
  readonly lastPiece: boolean
  /** The share of orders that are shipped and billed: each of them is told to its shop. */
  readonly shipping: number
  /** What was shipped comes back, and is credited. */
  readonly returns: boolean
  /** Clerks copy orders in the ERP and write notes into them. */
  readonly meddling: boolean
  /** Some flows work in batches; after an upgrade, some of those no more, and others. */
  readonly batches: boolean
  /** Somebody has flows loaded as if for the first time, while all else goes on. */
  readonly loads: boolean
}

/** Each seed switches on a random part of the faults: a world in which everything fails at once hides most mistakes. */
export function planOf(seed: number): Plan {
  const chance = chanceOf(seed, 'plan')
  const maybe = (p: number, values: readonly number[]) => (chance.happens(p) ? chance.pick(values) : 0)
  const plan: Plan = {
    seed,
    nodes: chance.between(1, 3),
    orders: chance.between(4, 16),
    repeat: chance.pick(['find', 'find', 'safe', 'ask']),
    batch: chance.pick([1, 1, 3]),
    faultMinutes: chance.pick([6, 12]),
    convergeMinutes: 30,
    fair: false,
    process: {
      crash: maybe(0.5, [0.0001, 0.0005, 0.002]),
      pause: maybe(0.4, [0.0001, 0.0005]),
      aimed: maybe(0.5, [0.02, 0.1]),
      pauseMaxMs: chance.pick([5_000, 60_000, 180_000]),
    },
    clockSkewMs: maybe(0.4, [50, 2_000]),
    net: {
      lostRequest: maybe(0.5, [0.01, 0.08]),
      lostReply: maybe(0.6, [0.02, 0.1, 0.3]),
      late: maybe(0.5, [0.03, 0.1]),
      lateMaxMs: 60_000,
      before500: maybe(0.5, [0.05]),
      after500: maybe(0.5, [0.03, 0.15]),
      busy: maybe(0.4, [0.05, 0.2]),
      okWithError: maybe(0.4, [0.05]),
      html: maybe(0.3, [0.03]),
      truncated: maybe(0.3, [0.03]),
      downMs: maybe(0.4, [20_000, 120_000]),
      outageMs: 0,
      stormMs: 0,
    },
    store: {
      lostAck: maybe(0.4, [0.002, 0.02]),
      downMs: maybe(0.3, [5_000, 60_000]),
      fullMs: 0,
      lostTailMs: 0,
    },
    remote: {
      stampMs: chance.pick([1, 1_000, 1_000]),
      lateCommitMs: maybe(0.5, [5_000, 45_000]),
      indexLagMs: maybe(0.5, [20_000]),
      staleMs: 0,
      thinksMs: 0,
      thinksAlways: false,
      requestsMax: 20,
      pageSize: 0,
      missMs: 0,
      massMs: 0,
      restoreMs: 0,
      itemsDropped: 0,
      itemsDoubled: 0,
      itemsReordered: 0,
    },
    hooks: {
      off: chance.happens(0.2),
      lost: maybe(0.5, [0.1, 0.6]),
      doubled: maybe(0.4, [0.3]),
      delayMaxMs: maybe(0.4, [120_000]),
      forged: maybe(0.3, [0.2]),
    },
    layers: { compared: false, alone: false },
    drift: { renamedMs: 0, droppedMs: 0, retypedMs: 0, forGood: false },
    people: {
      poison: maybe(0.4, [0.15]),
      edits: maybe(0.7, [1, 3]),
      cancels: maybe(0.5, [0.2]),
      burst: chance.happens(0.4),
      operators: chance.happens(0.4),
      rolling: false,
      quarrel: false,
      contrary: false,
      renames: false,
      secrets: false,
      merges: false,
      poisonParts: 0,
      prices: false,
      lastPiece: false,
      shipping: 0.6,
      returns: false,
      meddling: false,
      batches: false,
      loads: false,
    },
  }
  return slowed(promoted(restored(rarer(plan))))
}

/** The faults that came later, from a stream of chance of their own: what older seeds drew stays as it was. */
function rarer(plan: Plan): Plan {
  const chance = chanceOf(plan.seed, 'rarer faults')
  const maybe = (p: number, values: readonly number[]) => (chance.happens(p) ? chance.pick(values) : 0)
  const { net, store, remote, people, orders } = plan
  const more: Plan = {
    ...plan,
    // Ten times the usual load.
    orders: chance.happens(0.01) ? orders * 10 : orders,
    net: { ...net, stormMs: maybe(0.2, [30_000, 90_000]) },
    store: { ...store, fullMs: maybe(0.15, [10_000, 60_000]) },
    remote: {
      ...remote,
      pageSize: chance.pick([0, 0, 3, 1]),
      missMs: maybe(0.25, [45_000]),
      massMs: maybe(0.05, [50_000]),
      itemsDropped: maybe(0.3, [0.1]),
      itemsDoubled: maybe(0.3, [0.2]),
      itemsReordered: maybe(0.3, [0.5]),
    },
    people: {
      ...people,
      rolling: chance.happens(0.25),
      lastPiece: chance.happens(0.1),
      quarrel: chance.happens(0.1),
      returns: chance.happens(0.3),
      meddling: chance.happens(0.3),
      batches: chanceOf(plan.seed, 'batch').happens(0.15),
      loads: chanceOf(plan.seed, 'loads in between').happens(0.12),
    },
  }
  return renamed(rarest(chance.happens(0.05) ? fairWeather(more) : more))
}

/** Who is stopped for minutes would not see the outage, and learns of the restore only five minutes later: see README. */
function restored(plan: Plan): Plan {
  const chance = chanceOf(plan.seed, 'restores')
  if (plan.fair || plan.people.renames || !chance.happens(0.06)) return plan
  const { process, store, remote, people } = plan
  return {
    ...plan,
    process: { ...process, pauseMaxMs: 5_000 },
    store: { ...store, downMs: Math.min(store.downMs, 5_000), fullMs: 0 },
    remote: { ...remote, restoreMs: chance.pick([90_000, 180_000]) },
    people: { ...people, lastPiece: false },
  }
}

/** Seeds below were played before a replica could take the place of our own database. */
const PROMOTED_SINCE = 10_000_000

/** One memory is lost at a time: when the ERP forgets as well, nobody is left who knows what there was. */
function promoted(plan: Plan): Plan {
  const chance = chanceOf(plan.seed, 'promotions')
  if (
    plan.seed < PROMOTED_SINCE ||
    plan.fair ||
    plan.people.renames ||
    plan.remote.restoreMs > 0 ||
    !chance.happens(0.08)
  )
    return plan
  return { ...plan, store: { ...plan.store, lostTailMs: chance.pick([200, 3_000, 30_000]) } }
}

/** Seeds below were played with an ERP that answers within a second. */
const SLOW_SINCE = 18_000_000

/**
 * An ERP that needs seconds for each request: a write of one order is some ten of them. Where the load is ten times the usual
 * it recovers, since half an hour would not be enough. Who sells last pieces, or says who entered a name last, needs one that
 * answers soon.
 */
function slowed(plan: Plan): Plan {
  const { seed, fair, people, net, orders } = plan
  const chance = chanceOf(seed, 'slow ERPs')
  const isApart = fair || people.renames || people.lastPiece || net.outageMs > 0
  if (seed < SLOW_SINCE || isApart || !chance.happens(0.27)) return plan
  const thinksMs = chance.pick([1_000, 3_000, 6_000, 10_000])
  const thinksAlways = chance.happens(0.5) && orders <= USUAL_ORDERS
  return { ...plan, remote: { ...plan.remote, thinksMs, thinksAlways } }
}

const USUAL_ORDERS = 16

/** The same without that: a real PostgreSQL beside the twin keeps what it has. */
export const remembering = (plan: Plan): Plan => ({ ...plan, store: { ...plan.store, lostTailMs: 0 } })

/** Seeds below were played before these faults were known. Those that failed are kept, and so must be their stories. */
const SINCE = 1_000_000

/** And those that came last. */
function rarest(plan: Plan): Plan {
  if (plan.seed < SINCE) return plan
  const chance = chanceOf(plan.seed, 'rarest faults')
  const maybe = (p: number, values: readonly number[]) => (chance.happens(p) ? chance.pick(values) : 0)
  const { remote, people, fair } = plan
  const requestsMax = chance.pick([20, 20, 5])
  const driftMs = maybe(0.2, [60_000, 150_000])
  const kind = chance.pick(['renamedMs', 'droppedMs', 'retypedMs'] as const)
  const more: Plan = {
    ...plan,
    drift: { ...plan.drift, [kind]: driftMs, forGood: driftMs > 0 && chance.happens(0.3) },
    remote: { ...remote, requestsMax, ...lagging(maybe(0.25, [5_000, 40_000])) },
    people: {
      ...people,
      contrary: chance.happens(0.05),
      secrets: chance.happens(0.15),
      merges: chance.happens(0.15),
      poisonParts: maybe(0.15, [0.2]),
      prices: chance.happens(0.3),
    },
  }
  const layers = { compared: chance.happens(0.3), alone: chance.happens(0.15) }
  if (fair) return { ...plan, layers: { ...layers, alone: false }, remote: { ...remote, requestsMax } }
  // Nobody knows of the last pieces in time where stock is heard of by comparing alone.
  const told = { ...more, layers, people: { ...more.people, lastPiece: people.lastPiece && !layers.alone } }
  return chance.happens(0.002) ? cutOff(told) : told
}

const RENAMED_SINCE = 11_000_000

function renamed(plan: Plan): Plan {
  const isRenamed = plan.seed >= RENAMED_SINCE && chanceOf(plan.seed, 'renames').happens(0.2)
  // In fair weather each write is counted.
  return isRenamed && plan.net.outageMs === 0 && !plan.fair ? renaming(plan) : plan
}

/**
 * Who entered a name last is known only where nothing else writes names: no late request, no replica that lags, no
 * restore, and nobody who has things sent again by force.
 */
export function renaming(plan: Plan): Plan {
  const { net, remote, people } = plan
  const alone = { quarrel: false, contrary: false, merges: false, loads: false, operators: false }
  return {
    ...plan,
    net: { ...net, late: 0 },
    remote: { ...remote, restoreMs: 0, staleMs: 0 },
    people: { ...people, ...alone, renames: true },
  }
}

const OUTAGE_HOURS = 72

/** Three days without the ERP, and one node. */
function cutOff(plan: Plan): Plan {
  const outageMs = OUTAGE_HOURS * 3_600_000
  const { net, faultMinutes } = plan
  return {
    ...plan,
    nodes: 1,
    orders: Math.min(plan.orders, 12),
    faultMinutes: faultMinutes + OUTAGE_HOURS * 60,
    net: { ...net, outageMs },
  }
}

/** Only its stamp tells an older state from a newer one: where replicas lag it must be fine enough. */
export const lagging = (staleMs: number) => (staleMs > 0 ? { staleMs, stampMs: 1 } : { staleMs })

export function fairWeather(plan: Plan): Plan {
  const { remote, hooks, people } = plan
  return {
    ...plan,
    ...CALM,
    fair: true,
    clockSkewMs: 0,
    remote: { ...remote, missMs: 0, massMs: 0, itemsDropped: 0, itemsDoubled: 0, itemsReordered: 0 },
    hooks: { ...hooks, lost: 0, doubled: 0, delayMaxMs: 0, forged: 0 },
    people: { ...people, poison: 0, operators: false, rolling: false },
  }
}

/** The plan in one line: only what is switched on. */
export function planInWords(plan: Plan): string {
  const on = Object.entries<number | string | boolean | object>({ ...plan }).map(([name, value]) => {
    if (typeof value !== 'object') return `${name} ${value}`
    const parts = Object.entries(value as Record<string, number | boolean>).filter(
      ([, each]) => each !== 0 && each !== false,
    )
    return `${name} {${parts.map(([part, each]) => `${part} ${each}`).join(', ')}}`
  })
  return on.join(', ')
}

/** When all faults are over. */
export const CALM: Pick<Plan, 'net' | 'store' | 'process'> = {
  process: { crash: 0, pause: 0, aimed: 0, pauseMaxMs: 1_000 },
  store: { lostAck: 0, downMs: 0, fullMs: 0, lostTailMs: 0 },
  net: {
    lostRequest: 0,
    lostReply: 0,
    late: 0,
    lateMaxMs: 0,
    before500: 0,
    after500: 0,
    busy: 0,
    okWithError: 0,
    html: 0,
    truncated: 0,
    downMs: 0,
    outageMs: 0,
    stormMs: 0,
  },
}
