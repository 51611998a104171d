import { LEASE_MS, MOST_PATIENCE, SEND_BY_MS } from './world.ts'

/**
 * Pure: how patient a lane is with its remote after a write that took so long. A write of one order is some ten requests;
 * at a remote that thinks for two seconds over each, they would never fit into the usual time, and it would be begun again
 * for ever.
 */
export function patienceAfter(patience: number, tookMs: number): number {
  if (tookMs > SEND_BY_MS * patience) return Math.min(MOST_PATIENCE, patience * 2)
  return tookMs < (SEND_BY_MS * patience) / 4 ? Math.max(1, patience / 2) : patience
}

/**
 * And after all that was claimed together. What was looked up, one record after the other, for longer than a lease is no
 * longer ours when it could be written: as many claimed the next time would be looked up in vain again, for ever.
 */
export function patienceAfterClaim(patience: number, tookMs: number): number {
  return tookMs > LEASE_MS ? Math.min(MOST_PATIENCE, patience * 2) : patience
}
