import type { Flow } from '../setup.ts'
import { asProblem, inLog, meet, watched } from '../trouble.ts'
import { compareSome, heal } from './reconcile.ts'
import type { Deps } from './sides.ts'

const EVERY_MS = 60_000
/** Both sides are read as a whole this often: what changed without a new stamp, or was removed, shows only there. */
const FULL_MS = 24 * 60 * 60_000
/** So long it compares at a stretch, and then leaves the systems to others for four times as long. */
const STRETCH_MS = 2_000
const REST = 4

/**
 * A stretch of a flow's continuous comparison, which mends by itself what the flow's policy says. Answers how long to
 * wait for the next one, in ms.
 */
export async function compareOn(flow: Flow, given: Deps): Promise<number> {
  const { deps, asked } = watched(given, flow.to)
  const { world, control } = deps
  const closed = Math.max(await control.closedFor(flow.from), await control.closedFor(flow.to))
  const open = await control.openFlows([flow.name])
  if (closed > 0 || open.length === 0) return EVERY_MS
  const began = world.now()
  try {
    const request = { flow: flow.name, goOn: true, fullAfterMs: FULL_MS, until: began + STRETCH_MS }
    if (!(await compareSome(request, deps))) return Math.max(1_000, (world.now() - began) * REST)
    const healed = await heal({ flow: flow.name, as: 'automatic' }, deps)
    if (healed > 0) world.log.info({ flow: flow.name, healed }, 'Differences are delivered anew.')
  } catch (error) {
    const trouble = await meet(asProblem(error), given.sourceLane(asked()), deps)
    world.log.warn({ flow: flow.name, ...inLog(trouble.problem) }, 'Comparing failed.')
  }
  return EVERY_MS
}
