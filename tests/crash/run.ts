import { setTimeout as sleep } from 'node:timers/promises'
import { compareBooks, isRight, type Verdict } from './books.ts'
import { dice } from './dice.ts'
import type { House } from './house.ts'
import type { Options } from './options.ts'
import { pairs } from './pairs.ts'
import { fsyncOf, keepWalSmall, owed } from './postgres.ts'
import { makeTrouble, noTrouble, type Tally } from './troubles.ts'
import { goods } from '../stories/house/goods.ts'
import { wish } from './wishes.ts'

export interface Outcome {
  readonly seed: number
  readonly orders: number
  readonly fsync: string
  readonly tally: Tally
  /** Nodes that ended without being killed: while they started, and while they ran. */
  readonly ended: { readonly starting: number; readonly running: number }
  readonly verdict: Verdict
  readonly parked: readonly string[]
  /** Words for everything that did not come to rest, or did not stop. */
  readonly complaints: readonly string[]
  readonly seconds: { readonly flowing: number; readonly converging: number }
  readonly megabytes: number
}

export interface Running {
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}

/**
 * So many orders are under way at once: then the flow is as fast as the nodes, and every trouble meets some. Many of them wait,
 * for minutes, until what broke their last try is tried again.
 */
const underWay = (orders: number) => Math.min(1_000, Math.ceil(orders / 4))
/** The troubles go on until so much of the orders is in the ERPs. */
const MOST = 0.95

export async function crashRun(house: House, options: Options, { say, signal }: Running): Promise<Outcome> {
  const fsync = await warmUp(house, signal)
  say(`The catalogue is in the shops, three nodes run, fsync is ${fsync}. Trouble begins.`)
  const tally = noTrouble()
  const quiet = new AbortController()
  const victims = { nodes: house.nodes.all, wires: house.wires, cluster: house.cluster, place: house.place }
  const trouble = makeTrouble(victims, dice(options.seed + 1), tally, {
    signal: AbortSignal.any([quiet.signal, signal]),
    say,
  })
  const began = performance.now()
  await flow(house, options, { say, signal })
  const flowed = performance.now()
  quiet.abort()
  await trouble
  say(`All ${options.orders} orders are placed, most are in the ERPs, and the troubles are over.`)
  const unrest = await converge(house, { say, signal })
  const rested = performance.now()
  const { parked } = await owed(house.cluster).catch(() => ({ parked: ['The database could not be asked.'] }))
  const megabytes = Math.round((await house.place.used()) / 1024 / 1024)
  const verdict = compareBooks(await house.systems.books())
  const complaints = [...unrest, ...(await house.stop())]
  const ends = house.nodes.all.map(node => node.ends())
  return {
    seed: options.seed,
    orders: options.orders,
    fsync,
    tally,
    ended: {
      starting: ends.reduce((sum, { starting }) => sum + starting, 0),
      running: ends.reduce((sum, { running }) => sum + running, 0),
    },
    verdict,
    parked,
    complaints,
    seconds: { flowing: (flowed - began) / 1000, converging: (rested - flowed) / 1000 },
    megabytes,
  }
}

export function isPassed(outcome: Outcome): boolean {
  const { verdict, parked, complaints, orders, ended } = outcome
  return (
    isRight(verdict) &&
    verdict.taken === orders &&
    parked.length === 0 &&
    complaints.length === 0 &&
    ended.running === 0
  )
}

async function warmUp({ nodes, systems, cluster }: House, signal: AbortSignal): Promise<string> {
  await until(() => nodes.all[0]?.isUp() ?? false, signal)
  await keepWalSmall(cluster)
  nodes.startOthers()
  await until(() => nodes.all.every(node => node.isUp()), signal)
  await until(async () => (await systems.counts()).sellable >= goods.length, signal)
  return fsyncOf(cluster)
}

async function flow({ systems }: House, { orders, seed }: Options, { say, signal }: Running): Promise<void> {
  const chance = dice(seed)
  const shops = pairs.map(({ shop }) => shop)
  let said = 0
  for (let [placed, confirmed] = [0, 0]; placed < orders || confirmed < orders * MOST;) {
    signal.throwIfAborted()
    confirmed = (await systems.counts()).confirmed
    const more = Math.min(orders - placed, underWay(orders) - (placed - confirmed))
    if (more > 0) await systems.place(Array.from({ length: more }, () => wish(chance.one(shops), chance)))
    placed += Math.max(0, more)
    if (confirmed >= said + orders / 20) say(`${(said = confirmed)} of ${orders} orders are in the ERPs.`)
    await sleep(250, undefined, { signal })
  }
}

/** The longest wait of the engine before it tries again is five minutes; twice that, and something is stuck. */
const REST_MS = 10 * 60_000

/** Until every order is booked, every shop knows, and nothing is owed; otherwise words. */
async function converge({ systems, cluster }: House, { say, signal }: Running): Promise<readonly string[]> {
  const end = performance.now() + REST_MS
  for (let turn = 1; ; turn += 1) {
    const { taken, confirmed, told } = await systems.counts()
    const open = await owed(cluster).then(
      found => found.open,
      () => null,
    )
    if (confirmed >= taken && told >= taken && open === 0) return []
    const words = `${confirmed} of ${taken} orders are confirmed in the ERPs, of ${told} the shop knows, ${open ?? 'nobody knows how many'} deliveries are owed.`
    if (signal.aborted || performance.now() > end) return [`It did not come to rest: ${words}`]
    if (turn % 15 === 0) say(words)
    await sleep(1_000, undefined, { signal }).catch(() => {})
  }
}

async function until(holds: () => boolean | Promise<boolean>, signal: AbortSignal): Promise<void> {
  while (!(await holds())) await sleep(100, undefined, { signal })
}
