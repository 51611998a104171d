import type {
  AlertEvent,
  AlertRule,
  CauseState,
  ConnectionState,
  EndedRun,
  FlowState,
  Incident,
} from '@linchpin/store'
import { OUTAGE_FROM } from '../retry.ts'

/** How everything stands. */
export interface AlertFacts {
  readonly causes: readonly CauseState[]
  readonly connections: readonly ConnectionState[]
  readonly flows: readonly FlowState[]
  /** What each flow still owes, without what is parked. */
  readonly owed: readonly { readonly flow: string; readonly count: number; readonly oldest: number | null }[]
  readonly differing: readonly { readonly flow: string; readonly count: number }[]
  readonly runs: readonly EndedRun[]
  readonly keys: readonly { readonly id: string; readonly name: string; readonly expiresAt: number }[]
  /** Of connections: what somebody entered, and said the end of. */
  readonly credentials: readonly {
    readonly connection: string
    readonly name: string
    readonly expiresAt: number
  }[]
}

/** Something that is wrong now. */
export type Sighting = Pick<Incident, 'cause' | 'event' | 'flow' | 'connection' | 'words' | 'count' | 'worth'>

/** Pure: everything that is wrong now, each cause once. What counts as behind, the rules say. */
export function sightings(
  facts: AlertFacts,
  rules: readonly Pick<AlertRule, 'behind'>[],
  now: number,
): readonly Sighting[] {
  const active = facts.flows.filter(flow => flow.active)
  return [
    ...facts.causes.filter(({ count }) => count > 0).map(parked),
    ...facts.connections.flatMap(connectionTrouble),
    ...active.flatMap(flow => pausedFlow(flow)),
    ...active.flatMap(flow => behind(flow, facts, rules, now)),
    ...facts.differing.filter(({ count }) => count > 0).map(differences),
    ...facts.runs.flatMap(run),
    ...facts.keys.map(key),
    ...facts.credentials.map(credential),
  ]
}

const plain = { flow: null, connection: null, count: 1, worth: [] } as const

function parked({ cause, flow, kind, words, count, worth }: CauseState): Sighting {
  return {
    cause: `parked ${cause}`,
    event: 'parked',
    flow,
    connection: null,
    words: `${kind}: ${withoutNames(words)}`,
    count,
    worth,
  }
}

/** Linchpin's own pauses are trouble of three kinds; a person's is told as what it is. */
function connectionTrouble({ name, paused, failures, polls }: ConnectionState): readonly Sighting[] {
  const about = (event: AlertEvent, words: string): Sighting => {
    return { ...plain, cause: `${event} ${name}`, event, connection: name, words }
  }
  if (paused?.kind === 'restored') return [about('restored', withoutNames(paused.reason))]
  if (paused && paused.kind !== null) return [about('login', withoutNames(paused.reason))]
  if (paused) return [about('paused', `${paused.by}: ${withoutNames(paused.reason)}`)]
  if (failures >= OUTAGE_FROM) return [about('trouble', '')]
  const problem = polls.find(poll => poll.problem !== null)
  return problem ? [about('trouble', `${problem.entity}: ${withoutNames(problem.problem ?? '')}`)] : []
}

function pausedFlow({ name, paused }: FlowState): readonly Sighting[] {
  if (!paused) return []
  const words = `${paused.by}: ${withoutNames(paused.reason)}`
  return [{ ...plain, cause: `paused flow ${name}`, event: 'paused', flow: name, words }]
}

/** Two rules that mean different things by "behind" tell of different incidents. */
export const behindCause = (flow: string, { minutes, count }: AlertRule['behind']) =>
  `behind ${flow} ${minutes} ${count ?? '-'}`

/** A flow that somebody paused is not behind, but paused. */
function behind(
  { name, paused }: FlowState,
  { owed }: AlertFacts,
  rules: readonly Pick<AlertRule, 'behind'>[],
  now: number,
): readonly Sighting[] {
  const open = owed.find(({ flow }) => flow === name)
  if (paused || !open || open.count === 0) return []
  const minutes = open.oldest === null ? 0 : Math.floor((now - open.oldest) / 60_000)
  const causes = new Set(
    rules
      .filter(rule => minutes >= rule.behind.minutes || open.count >= (rule.behind.count ?? Infinity))
      .map(rule => behindCause(name, rule.behind)),
  )
  return [...causes].map(cause => {
    return { ...plain, cause, event: 'behind', flow: name, words: `${minutes} min`, count: open.count }
  })
}

function differences({ flow, count }: { flow: string; count: number }): Sighting {
  return { ...plain, cause: `differences ${flow}`, event: 'differences', flow, words: '', count }
}

/** Until a newer run ends without. */
function run({ flow, dueAt, leftOut, parked: count }: EndedRun): readonly Sighting[] {
  if (!leftOut && count === 0) return []
  return [{ ...plain, cause: `run ${flow}`, event: 'run', flow, words: new Date(dueAt).toISOString(), count }]
}

/** So long before a key or a credential ends it is told, and so long after a key has ended; a credential until another is entered. */
export const ENDS_MS = 14 * 24 * 3_600_000

function key({ id, name, expiresAt }: AlertFacts['keys'][number]): Sighting {
  const words = `${name}: ${new Date(expiresAt).toISOString()}`
  return { ...plain, cause: `expiring ${id}`, event: 'expiring', words }
}

function credential({ connection, name, expiresAt }: AlertFacts['credentials'][number]): Sighting {
  const words = `${name}: ${new Date(expiresAt).toISOString()}`
  return { ...plain, cause: `expiring ${connection} ${name}`, event: 'expiring', connection, words }
}

/**
 * Words of a remote often quote a customer's name or address. Alerts leave the house: they go without what is quoted, and
 * without e-mail addresses.
 */
export function withoutNames(words: string): string {
  return words
    .replace(
      /"[^"]*"|“[^”]*”|«[^»]*»|„[^“”]*[“”]|(?<![\p{L}\p{N}])['‘‚][^'‘’]*['‘’](?![\p{L}\p{N}])/gu,
      '“…”',
    )
    .replace(/[^\s@"<>()]+@[^\s@"<>()]+/g, '…@…')
    .slice(0, 300)
}
