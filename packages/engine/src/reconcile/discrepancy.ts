import type { EntityName } from '@linchpin/model'
import type { FieldDifference } from './compare.ts'

/**
 * What is wrong between two systems about one record:
 * - `missing`: the flow would create it in the target, and it is not there;
 * - `stray`: it is in the target alone, and nothing of the source accounts for it;
 * - `different`: some field that the flow carries has another value there;
 * - `duplicate`: the target has it more than once;
 * - `orphan link`: it is linked to a record that the target does not have (any more);
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

/** What one comparison of a flow's two sides found. */
export interface Reconciliation {
  readonly flow: string
  readonly entity: EntityName
  readonly from: string
  readonly to: string
  /** Records of the source that were read, and how they stand. */
  readonly read: number
  readonly same: number
  /** Left alone by the flow's filter, its beginning or its rules, or parked for a person: nothing to compare. */
  readonly leftAlone: number
  /** Deliveries that are under way say nothing yet. */
  readonly underWay: number
  /** The target cannot be asked for these, or they do not read as records. */
  readonly unreadable: number
  readonly discrepancies: readonly Discrepancy[]
  /** How many of them were given to the flow to be delivered anew. */
  readonly healed: number
}

/** Delivering anew mends these; what is twice, astray or another sum is for a person to judge. */
export function canHeal({ is, id }: Discrepancy): boolean {
  return id !== null && (is === 'missing' || is === 'different')
}
