import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { builtConsole } from '@linchpin/console'
import { makePlace, type Place } from './place.ts'
import { clusterIn, killPostgres, socketOf } from './postgres.ts'
import { openWire, type Wire } from './proxy.ts'
import { prepareNodes, type Nodes } from './nodes.ts'
import { startSystems, type Systems } from './systems-process.ts'

/** All that runs: look-alikes, wires, nodes, PostgreSQL, and the folder that they live in. */
export interface House {
  readonly place: Place
  readonly systems: Systems
  readonly nodes: Nodes
  readonly wires: readonly Wire[]
  readonly cluster: string
  /** Politely. Answers what did not end as it should, in words. */
  readonly stop: () => Promise<readonly string[]>
  /** By force; nothing of it is left but, if wanted, the logs. */
  readonly raze: (leave: 'nothing' | 'logs' | 'everything') => Promise<void>
}

/** What the disk must hold: PostgreSQL itself, its log of changes, and each order with its history. */
const DISK_BYTES = 320 * 1024 * 1024
const DISK_BYTES_AN_ORDER = 96 * 1024

export async function openHouse(orders: number): Promise<House> {
  // Nodes that are killed within seconds would each begin to build it, and none would end.
  await builtConsole(fileURLToPath(new URL('../../node_modules/.cache/linchpin-console', import.meta.url)))
  const place = await makePlace(DISK_BYTES + orders * DISK_BYTES_AN_ORDER)
  const systems = await startSystems(place.logs)
  const cluster = clusterIn(place.data)
  const wires: Wire[] = []
  const wired = Object.entries(systems.ports.systems).map(async ([name, system]) => {
    const wire = await openWire(name, () => [{ port: system.port, host: '127.0.0.1' }])
    wires.push(wire)
    return [name, { ...system, port: wire.port }] as const
  })
  const database = await openWire('PostgreSQL', () => [{ path: socketOf(cluster) }])
  const ports: number[] = []
  let turn = 0
  const door = await openWire('the webhooks', () => {
    turn += 1
    return ports.map((_, index) => ({ port: ports[(index + turn) % ports.length] ?? 0, host: '127.0.0.1' }))
  })
  const nodes = await prepareNodes({
    ...place,
    systems: Object.fromEntries(await Promise.all(wired)),
    door: door.port,
    database: database.port,
    ports,
  })
  wires.push(database, door)
  const stop = () => stopPolitely(nodes, cluster)
  const raze = async (leave: 'nothing' | 'logs' | 'everything') => {
    for (const node of nodes.all) await node.stop(0)
    systems.end()
    await killPostgres(cluster)
    await Promise.all(wires.map(wire => wire.close()))
    await sleep(500)
    if (leave !== 'everything') await place.remove(leave === 'logs' ? 'all but the logs' : 'all')
  }
  return { place, systems, nodes, wires, cluster, stop, raze }
}

const GRACE_MS = 45_000

async function stopPolitely({ all }: Nodes, cluster: string): Promise<readonly string[]> {
  const ended = await Promise.all(all.map(async node => [node.name, await node.stop(GRACE_MS)] as const))
  const late = ended
    .filter(([, inTime]) => !inTime)
    .map(([name]) => `${name} did not stop within ${GRACE_MS / 1000} s.`)
  const answers = await new Promise<boolean>(resolve => {
    const socket = connect(socketOf(cluster))
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.unref()
  })
  return answers ? [...late, 'PostgreSQL still ran after the last node had stopped.'] : late
}
