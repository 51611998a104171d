import { Problem } from '@linchpin/connector'
import type { Store } from '@linchpin/store'
import type { Control } from './control.ts'
import { StoreFailure } from './guard.ts'
import { outagePause, OUTAGE_FROM } from './retry.ts'
import type { Lane } from './sessions.ts'
import type { World } from './world.ts'

/** What a connection's trouble means for the connection; what it means for the record is decided elsewhere. */
export interface Trouble {
  readonly problem: Problem
  /** Whether the connection itself is out of order: then the record is not to blame. */
  readonly isOutage: boolean
  /** Not before then. */
  readonly until: number
}

/**
 * Anything that a remote or its connector threw, as a Problem. What is not one was not foreseen: a surprise. A failure of
 * our own store is thrown on: the work ends there, and what it held is freed when its lease ends.
 */
export function asProblem(error: unknown): Problem {
  if (error instanceof StoreFailure) throw error
  if (error instanceof Problem) return error
  if (error instanceof TypeError && /fetch failed|socket|network/i.test(error.message))
    return new Problem('passing', 'No answer came.', { cause: error })
  return new Problem('surprise', `Something that we did not foresee: ${wordsOf(error)}`, { cause: error })
}

/** What was thrown, in words for a log line. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/**
 * What a log may tell of a Problem. Its words are often the remote's own, and name people ("ida@example.com is not
 * valid"): they are kept in the store, where status and trace show them. Of a surprise, where in the code it was.
 */
export function inLog({ kind, cause }: Problem): { readonly kind: string; readonly at?: string } {
  const at = kind === 'surprise' && cause instanceof Error ? placeOf(cause) : undefined
  return at === undefined ? { kind } : { kind, at }
}

/** 'TypeError at read (file:///…/orders.ts:12:3)': without the message, which may hold anything. */
export function placeOf({ name, stack = '' }: Error): string {
  const [frame = ''] = stack.split('\n').filter(line => /^\s+at /.test(line))
  return `${name} ${frame.trim()}`.trim()
}

/** What several systems are asked for: who was asked last is who failed. */
export function watched<Deps extends { readonly sourceLane: (connection: string) => Lane }>(
  deps: Deps,
  first: string,
): { readonly deps: Deps; readonly asked: () => string } {
  let asked = first
  const sourceLane = (connection: string) => {
    asked = connection
    return deps.sourceLane(connection)
  }
  return { deps: { ...deps, sourceLane }, asked: () => asked }
}

/** Blocks, slows or pauses the connection as its trouble asks for. */
export async function meet(
  problem: Problem,
  lane: Lane,
  { store, control, world }: { store: Store; control: Control; world: World },
): Promise<Trouble> {
  const now = world.now()
  const { connection } = lane
  if (lane.signal.aborted) return { problem, isOutage: true, until: now }
  switch (problem.kind) {
    case 'busy': {
      const until = now + Math.max(problem.retryAfterMs ?? 1_000, 100)
      await store.leaveAlone(connection, until)
      control.forget()
      return { problem, isOutage: true, until }
    }
    case 'passing': {
      const failures = await store.block(connection, now + 1_000)
      const until = now + outagePause(failures, world.random)
      if (failures >= OUTAGE_FROM) await store.block(connection, until)
      control.forget()
      return { problem, isOutage: failures >= OUTAGE_FROM, until }
    }
    case 'login':
    case 'settings': {
      const reason = `${problem.message} Linchpin paused ${connection} and looks again every minute.`
      await store.pause({ target: { connection }, who: 'linchpin', reason, kind: problem.kind }, now)
      control.forget()
      world.log.warn({ connection, ...inLog(problem) }, 'Linchpin paused it, and looks again every minute.')
      return { problem, isOutage: true, until: now + 1_000 }
    }
    case 'refused':
    case 'conflict':
    case 'surprise':
      return { problem, isOutage: false, until: now }
  }
}

/** It answered: whatever was wrong is over. */
export async function wellAgain(
  connection: string,
  { store, control }: { store: Store; control: Control },
): Promise<void> {
  const state = (await control.connections()).find(({ name }) => name === connection)
  if (!state || state.failures === 0) return
  await store.block(connection, null)
  control.forget()
}
