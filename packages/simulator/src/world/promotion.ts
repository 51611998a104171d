import { START, type Kernel } from '../kernel.ts'
import type { Plan } from '../plan.ts'
import type { AttemptRow } from '../twin/tables.ts'
import type { Twin } from '../twin/twin.ts'

export interface Promotion {
  /** Nobody reaches the database meanwhile. */
  readonly isUnderWay: () => boolean
  /** Attempts that were written down, and of which the database knows nothing any more. */
  readonly forgotten: () => readonly AttemptRow[]
}

/** So short that who waits for a slow page meanwhile notices nothing, or so long that all do. */
const TAKES_MS = [100, 4_000]

/**
 * Our own database breaks down, and a replica that was behind takes its place: transactions whose success was told already
 * never were. Who was connected is not told; each finds it out with the next connection.
 */
export function startPromotion(kernel: Kernel, plan: Plan, twin: Twin, healAt: number): Promotion {
  const { lostTailMs } = plan.store
  let isUnderWay = false
  let forgotten: readonly AttemptRow[] = []
  if (lostTailMs > 0) {
    const chance = kernel.chance('promotion')
    const takes = chance.pick(TAKES_MS)
    const at = chance.between(START + lostTailMs + 60_000, healAt - 30_000)
    let bringBack = (_now: number) => {}
    kernel.at(at - lostTailMs, 'the replica falls behind', () => (bringBack = twin.keep()))
    kernel.at(at, 'the database breaks down', () => (isUnderWay = true))
    kernel.at(at + takes, 'a replica takes its place', () => {
      isUnderWay = false
      const known = twin.tables.attempts
      bringBack(kernel.now())
      forgotten = [...known].filter(([key]) => !twin.tables.attempts.has(key)).map(([, row]) => row)
    })
  }
  return { isUnderWay: () => isUnderWay, forgotten: () => forgotten }
}
