import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../../apps/cli/bin/linchpin.js', import.meta.url))

/** One Linchpin process that is started again whenever it ended, as a service manager does. */
export interface Node {
  readonly name: string
  readonly port: number
  readonly pid: () => number | undefined
  /** Whether it said that it listens since it was last started. */
  readonly isUp: () => boolean
  /** How often it ended without being killed by us, and whether it was up then. */
  readonly ends: () => { readonly starting: number; readonly running: number }
  readonly kill: () => void
  readonly pause: (ms: number) => Promise<void>
  /** Politely; answers whether it ended by itself in time. */
  readonly stop: (withinMs: number) => Promise<boolean>
}

export interface NodeOptions {
  readonly name: string
  readonly port: number
  readonly folder: string
  readonly config: string
  readonly logs: string
  readonly environment: Readonly<Record<string, string>>
  /** What of Linchpin it is: 'start', when left out. */
  readonly command?: readonly string[]
  /** A program that it is started by, and its words: `ip netns exec …`. */
  readonly by?: readonly string[]
}

const AGAIN_MS = 1_000

export function startNode(options: NodeOptions): Node {
  const log = createWriteStream(join(options.logs, `${options.name}.log`), { flags: 'a' })
  const ends = { starting: 0, running: 0 }
  let child: ChildProcess
  let isUp = false
  let killed = false
  let stopping = false
  const begin = () => {
    isUp = false
    killed = false
    const words = [process.execPath, BIN, ...(options.command ?? ['start']), '--config', options.config]
    const [program = process.execPath, ...rest] = [...(options.by ?? []), ...words]
    child = spawn(program, rest, {
      cwd: options.folder,
      env: { ...process.env, ...options.environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log.write(text)
      if (text.includes('Linchpin listens on')) isUp = true
    })
    child.once('exit', (code, signal) => {
      log.write(`--- ended: ${signal ?? code}\n`)
      if (stopping) return
      if (!killed) ends[isUp ? 'running' : 'starting'] += 1
      setTimeout(() => stopping || begin(), AGAIN_MS)
    })
  }
  begin()
  const isOver = () => child.exitCode !== null || child.signalCode !== null
  const kill = () => {
    killed = true
    child.kill('SIGKILL')
  }
  return {
    name: options.name,
    port: options.port,
    pid: () => (isOver() ? undefined : child.pid),
    isUp: () => isUp && !isOver(),
    ends: () => ({ ...ends }),
    kill,
    async pause(ms) {
      child.kill('SIGSTOP')
      await sleep(ms)
      child.kill('SIGCONT')
    },
    async stop(withinMs) {
      stopping = true
      if (isOver()) return true
      const ended = once(child, 'exit').then(() => true)
      child.kill('SIGTERM')
      const inTime = await Promise.race([ended, sleep(withinMs, false, { ref: false })])
      if (!inTime) kill()
      return inTime
    },
  }
}
