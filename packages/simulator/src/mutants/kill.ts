import { planOf } from '../plan.ts'
import { run } from '../run.ts'
import type { Mutant } from './mutant.ts'

/** How many seeds each mutant may live. */
export const budget = 40

export interface Kill {
  /** At which of its seeds it was noticed; null: at none. */
  readonly turn: number | null
  readonly seed: number
  readonly words: string
}

const FIRST_SEED = 10_001

/**
 * Plants a mistake in one seed after the other until somebody complains of it, in the words that it deserves. Then the
 * same seed must pass without the mistake: what fails anyway proves nothing.
 */
export async function kill(mutant: Mutant): Promise<Kill> {
  let other = ''
  for (let turn = 1; turn <= budget; turn += 1) {
    const plan = mutant.plan(planOf(FIRST_SEED + turn - 1))
    const { violations } = await run(plan.seed, { mutation: mutant.mutation(plan), plan })
    const words = violations.find(each => mutant.says.test(each))
    if (words === undefined) {
      other = violations[0] ?? other
      continue
    }
    const [sound] = (await run(plan.seed, { plan })).violations
    if (sound === undefined) return { turn, seed: plan.seed, words }
    other = `seed ${plan.seed} fails without the mistake, too: ${sound}`
  }
  return { turn: null, seed: FIRST_SEED, words: other || 'nothing was noticed' }
}
