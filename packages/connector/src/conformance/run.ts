import { AssertionError } from 'node:assert'
import { conformance, type Check } from '../conformance.ts'
import type { MakeRig } from './rig.ts'

/** What came of one check. `why` says what was not kept, or why the check does not apply. */
export interface Result {
  readonly check: string
  readonly is: 'passed' | 'failed' | 'does not apply'
  readonly why: string | null
}

/**
 * Runs the suite against one rig, check by check, and tells each result as soon as it is known. `limited` ends a check
 * that never ends: it gets the work and rejects when it takes too long. It is the caller's, who has a clock.
 */
export async function* runSuite(
  makeRig: MakeRig,
  limited: (work: Promise<void>) => Promise<void>,
): AsyncGenerator<Result> {
  for (const check of conformance(makeRig)) yield await resultOf(check, limited)
}

async function resultOf(
  { name: check, skip, run }: Check,
  limited: (work: Promise<void>) => Promise<void>,
): Promise<Result> {
  if (skip !== null) return { check, is: 'does not apply', why: skip }
  try {
    await limited(run())
    return { check, is: 'passed', why: null }
  } catch (error) {
    return { check, is: 'failed', why: wordsOf(error) }
  }
}

/** What a check says needs no stack; a mistake in the connector does. */
function wordsOf(error: unknown): string {
  if (error instanceof AssertionError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
