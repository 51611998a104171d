import type { EntityName } from '@linchpin/model'
import type { Healing } from '../healing.ts'
import type { Told } from '../reader.ts'
import type { FieldDifference } from './compare.ts'

/**
 * What is wrong between two systems about one record:
 * - `missing`: the flow would create it in the target, and it is not there;
 * - `stray`: it is in the target alone, and nothing of the source accounts for it;
 * - `different`: some field that the flow carries has another value there;
 * - `duplicate`: the target has it more than once;
 * - `orphan link`: it is linked, and one of the two records is not there (any more);
 * - `unexplained total`: a document's sum is another there.
 */
export type DiscrepancyKind =
  'missing' | 'stray' | 'different' | 'duplicate' | 'orphan link' | 'unexplained total'

export interface Discrepancy {
  readonly is: DiscrepancyKind
  readonly flow: string
  readonly entity: EntityName
  /** Its ids in the flow's source and target, where it has one. */
  readonly id: string | null
  readonly targetId: string | null
  /** What people call it: a number, a SKU. */
  readonly label: string | null
  readonly fields: readonly FieldDifference[]
  readonly words: string
}

/** One that stands: since when, and what is to be done about it. */
export interface Standing extends Discrepancy {
  readonly since: number
  readonly heal: Healing
}

/** How a flow's two sides stand by the last comparison. */
export interface Reconciliation {
  readonly flow: string
  readonly entity: EntityName
  readonly from: string
  readonly to: string
  /** False: there is more to compare, go on. */
  readonly done: boolean
  /** Whether this comparison reads both sides as a whole, or only what changed since the last one. */
  readonly full: boolean
  /** Records of each side that this comparison has read until now. */
  readonly looked: { readonly source: number; readonly target: number }
  /** How fresh the source is where another process speaks to it, as that told it on the bus; null: it was asked here. */
  readonly told: Told | null
  /** Records of the source that are known, and how they stand. */
  readonly read: number
  readonly same: number
  /** Left alone by the flow's filter, its beginning or its rules, or parked for a person: nothing to compare. */
  readonly leftAlone: number
  /** Deliveries that are under way say nothing yet. */
  readonly underWay: number
  /** The target cannot be asked for these, or they do not read as records. */
  readonly unreadable: number
  /** How many there are of each kind; `discrepancies` holds the first thousand. */
  readonly kinds: Readonly<Record<string, number>>
  readonly discrepancies: readonly Standing[]
  /** How many of them were given to the flow to be delivered anew. */
  readonly healed: number
  /** When the last comparison ended, in ms since 1970; null: it was never done. */
  readonly endedAt: number | null
  /** Since when the oldest of them stands. */
  readonly oldestAt: number | null
}

/** Delivering anew mends these; what is twice, astray or another sum is for a person to judge. */
export function canHeal({ is, id }: Discrepancy): boolean {
  return id !== null && (is === 'missing' || is === 'different')
}
