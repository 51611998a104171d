import { askLoad, type Setup } from '@linchpin/engine'
import type { World } from './world.ts'

const MINUTE = 60_000

/** Somebody has flows looked at, and loaded as soon as that may be, in the middle of everything. */
export function startLoads({ kernel, plan, twin, healAt }: World, setup: Setup): void {
  if (!plan.people.loads) return
  const chance = kernel.chance('loads')
  const deps = { setup, store: twin, world: { now: kernel.now } }
  for (const { name } of setup.flows.filter(() => chance.happens(0.3))) {
    // Refused where it has not been looked at to the end, or is loaded by now.
    const ask = (as: 'look' | 'go') => askLoad({ flow: name, as, again: false }, deps)
    const from = chance.between(kernel.now() + MINUTE, healAt - 2 * MINUTE)
    kernel.at(from, `a look at ${name} is asked for`, () => void ask('look'))
    for (let at = from + MINUTE / 2; at < healAt + 5 * MINUTE; at += MINUTE)
      kernel.at(at, `a load of ${name} is asked for`, () => void ask('go'))
  }
}
