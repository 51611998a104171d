import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openWire, type Wire } from '../../crash/proxy.ts'
import { freePort } from '../free-port.ts'

export interface NatsServer {
  readonly name: string
  readonly url: string
  readonly pid: () => number | undefined
  /** kill -9. Its files stay. */
  readonly kill: () => void
  readonly start: () => void
}

export interface Nats {
  readonly servers: readonly NatsServer[]
  readonly urls: readonly string[]
  /** No byte goes between these two any more, until it is called again with false. */
  readonly cut: (left: number, right: number, isCut: boolean) => void
  /** Which of the servers leads the stream of records. */
  readonly leader: () => Promise<number>
  readonly close: () => Promise<void>
}

export const access = { user: 'linchpin', password: 'a-password-of-the-tests' }

/** Real NATS servers with JetStream on this machine: one, or a cluster whose servers reach each other only over wires. */
export async function startNats(count: 1 | 3): Promise<Nats> {
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-nats-'))
  const ports = await Promise.all(
    Array.from({ length: count }, async () => ({
      client: await freePort(),
      cluster: await freePort(),
      monitor: await freePort(),
    })),
  )
  const cuts = new Set<string>()
  const wires = new Map<string, Wire>()
  for (const [from] of ports.entries())
    for (const [to, { cluster }] of ports.entries())
      if (from !== to)
        wires.set(
          `${from}-${to}`,
          await openWire(`${from}-${to}`, () =>
            cuts.has(`${from}-${to}`) ? [] : [{ host: '127.0.0.1', port: cluster }],
          ),
        )
  const servers = ports.map(({ client, cluster, monitor }, index) => {
    const name = `n${index + 1}`
    const file = join(folder, `${name}.conf`)
    const routes = [...wires].filter(([wire]) => wire.startsWith(`${index}-`)).map(([, { port }]) => port)
    const lines = [
      `server_name: ${name}`,
      `listen: 127.0.0.1:${client}`,
      `http: 127.0.0.1:${monitor}`,
      `jetstream { store_dir: "${join(folder, name)}" }`,
      `authorization { user: ${access.user}, password: "${access.password}" }`,
      // What it tells the others about where it is must lead nowhere, or they would go around the wires.
      ...(count === 1
        ? []
        : [
            `cluster { name: linchpin, listen: 127.0.0.1:${cluster}, advertise: "127.0.0.1:1", no_advertise: true,`,
            `  routes: [${routes.map(port => `"nats://127.0.0.1:${port}"`).join(', ')}] }`,
          ]),
    ]
    writeFileSync(file, lines.join('\n'))
    return serverOf(name, `nats://127.0.0.1:${client}`, file, join(folder, `${name}.log`))
  })
  for (const server of servers) server.start()
  return {
    servers,
    urls: servers.map(({ url }) => url),
    cut(left, right, isCut) {
      for (const name of [`${left}-${right}`, `${right}-${left}`]) {
        if (isCut) cuts.add(name)
        else cuts.delete(name)
        wires.get(name)?.cut()
      }
    },
    leader: async () => {
      const name = await leaderOf(ports.map(({ monitor }) => monitor))
      return servers.findIndex(server => server.name === name)
    },
    async close() {
      for (const server of servers) server.kill()
      for (const wire of wires.values()) await wire.close()
      await sleep(200)
      if (process.env['LINCHPIN_KEEP'] === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

function serverOf(name: string, url: string, file: string, logFile: string): NatsServer {
  let child: ChildProcess | null = null
  return {
    name,
    url,
    pid: () => child?.pid,
    kill: () => void child?.kill('SIGKILL'),
    start() {
      const output = openSync(logFile, 'a')
      child = spawn('nats-server', ['-c', file], { stdio: ['ignore', output, output] })
      child.once('error', error => console.error(`${name}: ${error.message}`, readFileSync(logFile, 'utf8')))
    },
  }
}

interface Monitored {
  readonly account_details?: readonly {
    readonly stream_detail?: readonly {
      readonly name: string
      readonly cluster?: { readonly leader?: string }
    }[]
  }[]
}

async function leaderOf(monitors: readonly number[]): Promise<string | undefined> {
  for (const port of monitors) {
    const answer = await fetch(`http://127.0.0.1:${port}/jsz?accounts=true&streams=true`).catch(() => null)
    if (!answer) continue
    const { account_details = [] } = (await answer.json()) as Monitored
    const streams = account_details.flatMap(({ stream_detail = [] }) => stream_detail)
    const leader = streams.find(({ name }) => name === 'LINCHPIN')?.cluster?.leader
    if (leader) return leader
  }
  return undefined
}
