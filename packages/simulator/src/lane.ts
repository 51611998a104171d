import type { Kernel } from './kernel.ts'
import type { Twin } from './twin/twin.ts'

/** What the simulated processes speak to where it is not the twin alone: lane B, PostgreSQL beside the twin. */
export interface Lane {
  /** The store as `who` reaches it, over a connection of their own. */
  readonly storeOf: (who: string, twin: Twin, kernel: Kernel) => Twin
  /** Where the two stores said or know something different: one line each. */
  readonly differences: (twin: Twin) => Promise<readonly string[]>
}
