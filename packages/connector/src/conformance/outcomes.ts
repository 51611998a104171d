import assert from 'node:assert/strict'
import type { Outcome, Write } from '../connector.ts'
import { Problem } from '../problem.ts'
import type { Stage } from './stage.ts'

export type Applied = Extract<Outcome, { is: 'applied' }>

export function applied(outcome: Outcome | undefined): Applied {
  if (outcome?.is === 'applied') return outcome
  return assert.fail(
    `A write was not applied but ${outcome?.is ?? 'forgotten'}: ${outcome?.problem.message ?? ''}`,
  )
}

/** What comes of a write, also when it throws. */
export async function attempt(stage: Stage, write: Write<unknown>): Promise<Outcome | Problem> {
  try {
    const [outcome] = await stage.write([write])
    return outcome ?? assert.fail('The write has no outcome.')
  } catch (error) {
    return asProblem(error)
  }
}

export function troubleIn(outcome: Outcome | Problem): Problem | null {
  if (outcome instanceof Problem) return outcome
  return 'problem' in outcome ? outcome.problem : null
}

/** The Problem that this work ends in. */
export async function problemFrom(work: Promise<unknown>): Promise<Problem> {
  try {
    await work
  } catch (error) {
    return asProblem(error)
  }
  return assert.fail('Nothing was thrown.')
}

/** All the words that an error would show in a log: its message and those of what caused it. */
export function messagesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return error === undefined || error === null ? [] : [JSON.stringify(error)]
  return [error.message, ...messagesOf(error.cause)]
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof assert.AssertionError) throw error
  return assert.fail(`It threw ${String(error)}, which is not a Problem.`)
}
