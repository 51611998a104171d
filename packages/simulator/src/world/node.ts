import { createEngine, loadOn, type Engine, type Setup, type World } from '@linchpin/engine'
import type { Store } from '@linchpin/store'
import type { Kernel } from '../kernel.ts'
import { createProcess, type Process, type ProcessFaults } from '../process.ts'
import type { Network } from './network.ts'
import { storeOf } from './store.ts'

/** One Linchpin: a real engine in a simulated process, which is started again when it died. */
export interface Node {
  /** The process and its engine, while it lives. */
  readonly running: () => { readonly process: Process; readonly engine: Engine } | null
  /** Stops it in good order; it comes back, as another version, unless it leaves for good. */
  readonly stop: (then: 'comes back' | 'leaves') => void
}

export interface NodeOptions {
  readonly kernel: Kernel
  readonly name: string
  readonly setup: () => Setup
  readonly store: Store
  readonly network: Network
  readonly skewMs: number
  readonly faults: () => ProcessFaults
  readonly storeFaults: () => { readonly lostAck: number; readonly down: boolean; readonly full: boolean }
  /** Whether somebody may ask for a load. */
  readonly loads: boolean
  readonly onError: (words: string) => void
}

export function startNode(options: NodeOptions): Node {
  const { kernel } = options
  const chance = kernel.chance(`restarts of ${options.name}`)
  let [life, left] = [0, false]
  let running: ReturnType<Node['running']> = null
  const begin = () => {
    if (left) return
    life += 1
    const process = createProcess(kernel, `${options.name}.${life}`, options.faults, () => {
      running = null
      kernel.at(kernel.now() + chance.between(500, 15_000), `${options.name} starts again`, begin)
    })
    const world = worldOf(process, options)
    const store = storeOf(process, kernel, options.store, options.storeFaults)
    const fileUrl = async () => null
    const engine = createEngine({ setup: options.setup(), store, world, node: process.name, fileUrl })
    running = { process, engine }
    engine.start().catch(() => process.kill())
    if (options.loads) void carryLoads(process, engine)
  }
  begin()
  return {
    running: () => running,
    stop(then) {
      left ||= then === 'leaves'
      const stopping = running
      if (!stopping) return
      const { process, engine } = stopping
      engine.stop().then(process.kill, process.kill)
      // What does not end in time is ended.
      kernel.at(kernel.now() + PATIENCE_MS, `${process.name} must be gone`, process.kill)
    },
  }
}

const PATIENCE_MS = 20_000

/** Ends with its process: what a dead one waits for never comes. */
async function carryLoads(process: Process, { reading, delivering }: Engine): Promise<never> {
  for (;;) {
    const wait = await loadOn({ ...reading, ...delivering }).catch(() => 5_000)
    await process.sleep(Math.max(wait, 200))
  }
}

function worldOf(process: Process, { kernel, network, skewMs, onError }: NodeOptions): World {
  return {
    now: () => kernel.now() + skewMs,
    sleep: process.sleep,
    random: process.chance.next,
    nonce: () => Array.from({ length: 32 }, () => process.chance.between(0, 15).toString(16)).join(''),
    fetch: (url, init, timeoutMs) => network.fetch(process, url, init, timeoutMs),
    point: process.point,
    log: {
      info: () => {},
      warn: (_facts, message) => kernel.note(`${process.name} warns: ${message}`),
      error(_facts, message) {
        kernel.note(`${process.name} errs: ${message}`)
        onError(message)
      },
    },
  }
}
