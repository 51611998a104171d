import { setTimeout as sleep } from 'node:timers/promises'
import type { Dice } from './dice.ts'
import type { Node } from './node.ts'
import type { Place } from './place.ts'
import { killBackend, killPostgres } from './postgres.ts'
import type { Wire } from './proxy.ts'

/** What was done to them, counted. */
export interface Tally {
  nodesKilled: number
  nodesPaused: number
  postgresKilled: number
  backendsKilled: number
  /** Everything at once: all nodes and PostgreSQL. */
  blackouts: number
  connectionsCut: number
  answersSwallowed: number
  disksFilled: number
}

export interface Victims {
  readonly nodes: readonly Node[]
  readonly wires: readonly Wire[]
  readonly cluster: string
  readonly place: Place
}

type Trouble = (victims: Victims, dice: Dice, tally: Tally) => Promise<string>

/** How often each comes, of 100. */
const TROUBLES: readonly (readonly [number, Trouble])[] = [
  [34, nodeDies],
  [14, postgresDies],
  [6, backendDies],
  [16, wiresAreCut],
  [14, answersAreLost],
  [8, diskFills],
  [5, nodeStandsStill],
  [3, lightsGoOut],
]

/** One trouble every few seconds until told to stop; the last one is over when this ends. */
export async function makeTrouble(
  victims: Victims,
  dice: Dice,
  tally: Tally,
  { signal, say }: { readonly signal: AbortSignal; readonly say: (line: string) => void },
): Promise<void> {
  while (!signal.aborted) {
    await sleep(dice.between(1_500, 5_500), undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    say(await chosen(dice, victims)(victims, dice, tally))
  }
}

export function noTrouble(): Tally {
  return {
    nodesKilled: 0,
    nodesPaused: 0,
    postgresKilled: 0,
    backendsKilled: 0,
    blackouts: 0,
    connectionsCut: 0,
    answersSwallowed: 0,
    disksFilled: 0,
  }
}

function chosen({ roll }: Dice, { place }: Victims): Trouble {
  const possible = TROUBLES.filter(([, trouble]) => trouble !== diskFills || place.noDisk === null)
  let at = roll() * possible.reduce((sum, [share]) => sum + share, 0)
  return possible.find(([share]) => (at -= share) < 0)?.[1] ?? nodeDies
}

async function nodeDies({ nodes }: Victims, { one }: Dice, tally: Tally): Promise<string> {
  const node = one(nodes)
  tally.nodesKilled += node.pid() === undefined ? 0 : 1
  node.kill()
  return `kill -9 ${node.name}`
}

async function postgresDies({ cluster }: Victims, _dice: Dice, tally: Tally): Promise<string> {
  tally.postgresKilled += (await killPostgres(cluster)) ? 1 : 0
  return 'kill -9 PostgreSQL'
}

async function backendDies({ cluster }: Victims, _dice: Dice, tally: Tally): Promise<string> {
  tally.backendsKilled += (await killBackend(cluster)) ? 1 : 0
  return 'kill -9 a connection of PostgreSQL'
}

async function wiresAreCut({ wires }: Victims, { one }: Dice, tally: Tally): Promise<string> {
  const wire = one(wires)
  const count = wire.cut()
  tally.connectionsCut += count
  return `${count} connections to ${wire.name} cut`
}

/** What was asked is done, and nobody hears of it. */
async function answersAreLost({ wires }: Victims, { one, between }: Dice, tally: Tally): Promise<string> {
  const wire = one(wires)
  wire.mute()
  await sleep(between(300, 3_000))
  const count = wire.unmute()
  tally.answersSwallowed += count
  return `${count} answers of ${wire.name} swallowed`
}

async function diskFills({ place }: Victims, { between }: Dice, tally: Tally): Promise<string> {
  const ms = between(1_000, 6_000)
  await place.fill()
  tally.disksFilled += 1
  await sleep(ms)
  await place.free()
  return `the disk was full for ${ms} ms`
}

/** Long enough to be taken for dead by the others: it comes back to deliveries that are no longer its own. */
async function nodeStandsStill({ nodes }: Victims, { one, between }: Dice, tally: Tally): Promise<string> {
  const node = one(nodes)
  const ms = between(5_000, 25_000)
  if (node.pid() === undefined) return `${node.name} was to stand still, and was dead`
  tally.nodesPaused += 1
  await node.pause(ms)
  return `${node.name} stood still for ${ms} ms`
}

async function lightsGoOut({ nodes, cluster }: Victims, _dice: Dice, tally: Tally): Promise<string> {
  tally.blackouts += 1
  tally.postgresKilled += (await killPostgres(cluster)) ? 1 : 0
  for (const node of nodes) {
    tally.nodesKilled += node.pid() === undefined ? 0 : 1
    node.kill()
  }
  return 'kill -9 all nodes and PostgreSQL'
}
