import { fork, spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** Processes of the benchmark, all in TypeScript, all run alike. */
const RUN_TYPESCRIPT = ['--import', 'tsx']
/** `BENCH_PROFILE=/tmp/profiles`: where contestants leave a profile of their processor time when they end. */
const folder = process.env['BENCH_PROFILE']
const PROFILE = folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`]
const fileOf = (name: string) => fileURLToPath(new URL(`${name}.ts`, import.meta.url))

/** A stand-in: tells its port, then answers each order with one message. */
export async function openStandIn<Order extends object>(name: 'sink' | 'shop') {
  const child = fork(fileOf(name), { execArgv: RUN_TYPESCRIPT })
  const ask = <Answer>(order: Order) => {
    const answered = answerOf<Answer>(child, name)
    child.send(order)
    return answered
  }
  const { port } = await answerOf<{ port: number }>(child, name)
  return { url: `http://127.0.0.1:${port}`, ask, close: () => child.disconnect() }
}

function answerOf<Answer>(child: ChildProcess, name: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const died = () => reject(new Error(`The ${name} ended while it was asked.`))
    child.once('exit', died)
    child.once('message', message => {
      child.off('exit', died)
      resolve(message as Answer)
    })
  })
}

export interface Contestant {
  readonly url: string
  readonly startMs: number
  /** Proportional memory of the process and all that it started, in MB. */
  readonly memory: () => number
  /** Processor time of all of them so far, in ms. */
  readonly cpu: () => number
  readonly stop: () => Promise<void>
}

const START_WITHIN_MS = 180_000

/** Starts a contestant and waits until it says READY. Throws with its last words when it does not. */
export async function openContestant(
  file: string,
  environment: Readonly<Record<string, string>>,
  path = '/',
): Promise<Contestant> {
  const port = await freePort()
  const beganAt = performance.now()
  const child = spawn(process.execPath, [...PROFILE, ...RUN_TYPESCRIPT, fileOf(`contestants/${file}`)], {
    env: { ...process.env, ...environment, BENCH_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await untilReady(child)
  const startMs = performance.now() - beganAt
  const url = `http://127.0.0.1:${port}${path}`
  const { pid = 0 } = child
  return { url, startMs, memory: () => memoryOf(pid), cpu: () => cpuOf(pid), stop: () => stop(child) }
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    const fail = (why: string) => reject(new Error(`${why}: ${said.trim().slice(-500)}`))
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      fail(`not ready within ${START_WITHIN_MS / 1_000} s`)
    }, START_WITHIN_MS)
    const hear = (piece: Buffer) => {
      said = `${said}${piece.toString()}`.slice(-4_000)
      if (!/^READY$/m.test(said)) return
      clearTimeout(timer)
      resolve()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', code => {
      clearTimeout(timer)
      fail(`ended with ${code}`)
    })
  })
}

const STOP_WITHIN_MS = 10_000

/** In peace first; whoever is left of its processes after that is ended. */
async function stop(child: ChildProcess): Promise<void> {
  const family = familyOf(child.pid ?? 0)
  const gone = new Promise<void>(resolve => child.once('exit', () => resolve()))
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await Promise.race([gone, sleep(STOP_WITHIN_MS)])
  for (const pid of family) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself, as it should.
    }
  }
}

function memoryOf(pid: number): number {
  const kilobytes = familyOf(pid).map(each => {
    const text = textOf(`/proc/${each}/smaps_rollup`)
    return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0)
  })
  return Math.round(kilobytes.reduce((total, each) => total + each, 0) / 1_024)
}

const TICK_MS = 10

/** User and system time, its own and that of children that have ended: fields 14 to 17 of proc(5)'s stat. */
export function cpuOf(pid: number): number {
  const ticks = familyOf(pid).flatMap(each =>
    textOf(`/proc/${each}/stat`).split(') ').at(-1)?.split(' ').slice(11, 15).map(Number),
  )
  return ticks.reduce<number>((total, each) => total + (each ?? 0), 0) * TICK_MS
}

/** The process and all below it, as Linux lists them. */
function familyOf(pid: number): readonly number[] {
  const children = textOf(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number)
  return [pid, ...children.flatMap(familyOf)]
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}
