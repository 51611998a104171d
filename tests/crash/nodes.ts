import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../live/free-port.ts'
import { pairs } from './pairs.ts'
import { startNode, type Node } from './node.ts'
import type { System } from './systems.ts'

export interface NodesOptions {
  readonly folder: string
  readonly data: string
  readonly logs: string
  /** By the name of the connection; `port` is that of its wire. */
  readonly systems: Readonly<Record<string, System>>
  /** Where the shops' webhooks come in: a wire to whichever node is up. */
  readonly door: number
  /** The wire to PostgreSQL, for a node that is told DATABASE_URL. */
  readonly database: number
  /** Filled with the ports of the nodes. */
  readonly ports: number[]
}

export interface Nodes {
  readonly all: readonly Node[]
  /** Starts those that need the database to be there. */
  readonly startOthers: () => void
}

/**
 * Three nodes on one database, each by `linchpin start` from a configuration file. Two share the embedded PostgreSQL
 * and its supervision; the third is told DATABASE_URL, and what it says to PostgreSQL goes over a wire that is cut.
 */
export async function prepareNodes(options: NodesOptions): Promise<Nodes> {
  const { folder, logs, database, ports } = options
  const all: Node[] = []
  const ready: (() => void)[] = []
  for (const [name, environment] of [
    ['node-1', {}],
    ['node-2', {}],
    ['node-3', { DATABASE_URL: `postgres://linchpin@127.0.0.1:${database}/linchpin` }],
  ] as const) {
    const port = await freePort()
    ports.push(port)
    const config = join(folder, `${name}.json`)
    await writeFile(config, JSON.stringify(configOf(port, options)))
    ready.push(() => void all.push(startNode({ name, port, folder, config, logs, environment })))
  }
  ready.shift()?.()
  return { all, startOthers: () => ready.splice(0).forEach(start => start()) }
}

function configOf(port: number, { data, systems, door }: NodesOptions): object {
  const connections = Object.entries(systems).map(([name, { connector, settings, port: wire }]) => [
    name,
    {
      connector,
      settings: { ...settings, url: `http://127.0.0.1:${wire}` },
      // The machine is the limit here.
      limits: { requests: 500, perMs: 1_000 },
    },
  ])
  return {
    dataDir: data,
    http: { port, publicUrl: `http://127.0.0.1:${door}` },
    connections: Object.fromEntries(connections) as object,
    flows: pairs.map(({ shop, erp }) => ({
      preset: 'orderToCash',
      shop,
      erp,
      since: 'always',
      schedule: { every: '2s' },
    })),
  }
}
