import type { Flow } from '../setup.ts'
import { wordsOf } from '../trouble.ts'
import type { World } from '../world.ts'
import { handOver, takeFlow, type Carrying } from './carry.ts'

const LOOK_MS = 2_000
/** What a pause begins with that ends by itself. */
const WAITS = 'Waits until it is handed over'

export interface Gate {
  readonly isOpen: (flow: string) => boolean
  readonly open: (flow: string) => void
}

export function createGate(open: readonly string[]): Gate {
  const names = new Set(open)
  return { isOpen: flow => names.has(flow), open: flow => void names.add(flow) }
}

/** Waits, if need be, until this process may carry the flow; until then nothing of it is delivered here. */
export async function takeUp(flow: Flow, gate: Gate, deps: Carrying, signal: AbortSignal): Promise<void> {
  for (let paused = false; !signal.aborted;) {
    try {
      const other = await takeFlow(flow, deps)
      if (other === null) return await begin(flow, gate, deps)
      if (!paused) await waitFor(flow, other.carriedBy, deps)
      paused = true
    } catch (error) {
      log(deps.world, flow.name, `Whether it may be carried is not known: ${wordsOf(error)}`)
    }
    await deps.world.sleep(LOOK_MS, signal)
  }
}

async function begin(flow: Flow, gate: Gate, { store, control, world }: Carrying): Promise<void> {
  control.forget()
  if ((await control.flow(flow.name))?.paused?.reason.startsWith(WAITS))
    await store.resume({ flow: flow.name }, 'linchpin', world.now())
  control.forget()
  gate.open(flow.name)
}

async function waitFor(flow: Flow, by: string, deps: Carrying): Promise<void> {
  const reason = `${WAITS} by ${by}, which carries it. Start ${by} with the same configuration: it then hands the flow over.`
  await deps.store.pause(
    { target: { flow: flow.name }, who: 'linchpin', reason, kind: null },
    deps.world.now(),
  )
  deps.control.forget()
  log(deps.world, flow.name, reason)
}

/**
 * Hands a flow over that the configuration gives to another process now, when it is ours still. Other nodes on this
 * database stop at its pause.
 */
export async function putDown(
  flow: Flow,
  wasMine: boolean,
  deps: Carrying,
  signal: AbortSignal,
): Promise<void> {
  for (let asked = false; !signal.aborted;) {
    try {
      const done = await handOver(flow.name, wasMine, deps, async () => {
        if (asked) return
        asked = true
        const reason = `${WAITS}: another process carries it now.`
        await deps.store.pause(
          { target: { flow: flow.name }, who: 'linchpin', reason, kind: null },
          deps.world.now(),
        )
      })
      if (done === 'handed over') log(deps.world, flow.name, 'It was handed over.')
      if (done !== 'busy') return
    } catch (error) {
      log(deps.world, flow.name, `It could not be handed over yet: ${wordsOf(error)}`)
    }
    await deps.world.sleep(LOOK_MS, signal)
  }
}

function log(world: World, flow: string, words: string): void {
  world.log.warn({ flow }, words)
}
