import type { Flow } from '../setup.ts'
import { FRESH_MS } from '../control.ts'
import { handOver, takeFlow, WAITS, type Carrying } from './carry.ts'

/** The flows that this process is known to carry alone. */
export interface Gate {
  readonly isOpen: (flow: string) => boolean
  readonly open: (flow: string) => void
}

export function createGate(): Gate {
  const names = new Set<string>()
  return { isOpen: flow => names.has(flow), open: flow => void names.add(flow) }
}

/** Takes a flow up, if nobody else carries it. False: not yet; until then nothing of it is delivered here. */
export async function takeUp(flow: Flow, gate: Gate, deps: Carrying): Promise<boolean> {
  if (gate.isOpen(flow.name)) return true
  const other = await takeFlow(flow, deps)
  if (other === null) {
    if (await isWaiting(flow, deps))
      await deps.store.resume({ flow: flow.name }, 'linchpin', deps.world.now())
    gate.open(flow.name)
    deps.control.forget()
    return true
  }
  if (!(await isPaused(flow, deps)))
    await hold(flow, `by ${other.carriedBy}, which carried it: that needs the same configuration.`, deps)
  return false
}

/**
 * Hands a flow over that the configuration gives to another process now, when it is ours still. Other nodes on this
 * database stop at its pause. False: not yet, something is under way.
 */
export async function putDown(flow: Flow, wasMine: boolean, deps: Carrying): Promise<boolean> {
  const othersStopped = async () => {
    if (!(await isPaused(flow, deps))) await hold(flow, TO_ANOTHER, deps)
    const paused = (await deps.control.flow(flow.name))?.paused
    return !paused || deps.world.now() - paused.at > STOPPED_MS
  }
  const done = await handOver(flow.name, wasMine, deps, othersStopped)
  if (done === 'handed over') {
    // A person's pause went with the flow: should that come back, it is as it was left there.
    if (!(await isWaiting(flow, deps))) await hold(flow, TO_ANOTHER, deps)
    deps.world.log.info({ flow: flow.name }, 'It was handed over.')
  }
  return done !== 'busy'
}

const TO_ANOTHER = 'to the process that carries it now.'

/** A node that has not heard of the pause claims for so long; as long again, should its claim be slow. */
const STOPPED_MS = 2 * FRESH_MS

/** Whoever paused it: what a person paused stands still as well, and stays paused when it has changed hands. */
const isPaused = async (flow: Flow, deps: Carrying) => (await pauseOf(flow, deps)) !== null
const isWaiting = async (flow: Flow, deps: Carrying) =>
  (await pauseOf(flow, deps))?.reason.startsWith(WAITS) ?? false

async function pauseOf({ name }: Flow, { control }: Carrying) {
  control.forget()
  return (await control.flow(name))?.paused ?? null
}

async function hold(flow: Flow, rest: string, { store, control, world }: Carrying): Promise<void> {
  const reason = `${WAITS} ${rest}`
  await store.pause({ target: { flow: flow.name }, who: 'linchpin', reason, kind: null }, world.now())
  control.forget()
  world.log.warn({ flow: flow.name }, reason)
}
