import { contentHash } from '@linchpin/model'
import type { Told } from '../reader.ts'
import type { Flow, Setup } from '../setup.ts'

/**
 * One comparison of a flow, as far as it has come; kept in the store, so that it can go on on any node. It reads the
 * source, then the target, each in its own cheapest way; then it looks at the pairs, and at what stands alone.
 */
export interface Round {
  /** The mappings and rules that the kept hashes were made by: with others, everything is read anew. */
  readonly rules: string
  /** What people had it ignore: with something else, all pairs are looked at, by what is kept of them. */
  readonly ignoring?: string
  readonly full: boolean
  readonly phase: 'source' | 'target' | 'stale' | 'pairs' | 'strays' | 'done'
  readonly began: number
  readonly ended: number | null
  /** When the last comparison began that read both sides as a whole. */
  readonly fullAt: number | null
  /** Where each side's list goes on: kept from one comparison to the next. */
  readonly source: string | null
  readonly target: string | null
  /** How far this phase has come in the order of the ids. */
  readonly after: string | null
  /** The source's and the target's records that have to be looked at; null: all. */
  readonly touched: readonly string[] | null
  readonly alone: readonly string[] | null
  readonly looked: { readonly source: number; readonly target: number }
  /** How fresh the source is where another process speaks to it; null: it was asked here. */
  readonly told: Told | null
  /** Another comparison was asked for while this one was under way. */
  readonly again: boolean
}

/** Above so many, all pairs are looked at: hashes are cheap. */
const MOST_TOUCHED = 5_000

export function beginRound(known: Round | null, flow: Flow, setup: Setup, now: number, full: boolean): Round {
  const rules = rulesOf(flow, setup)
  const whole = full || known === null || known.rules !== rules
  const ignoring = setup.live.ignoring(flow.name)
  const fresh = {
    rules,
    ignoring,
    phase: 'source',
    began: now,
    ended: null,
    after: null,
    again: false,
  } as const
  const looked = { source: 0, target: 0 }
  const fullAt = known?.fullAt ?? null
  const told = known?.told ?? null
  return whole
    ? { ...fresh, full: true, source: null, target: null, touched: null, alone: null, looked, told, fullAt }
    : {
        ...fresh,
        full: false,
        source: known.source,
        target: known.target,
        touched: (known.ignoring ?? '') === ignoring ? [] : null,
        alone: [],
        looked,
        told,
        fullAt,
      }
}

export function touching(
  round: Round,
  touched: readonly string[],
  alone: readonly string[] = [],
): Pick<Round, 'touched' | 'alone'> {
  return { touched: more(round.touched, touched), alone: more(round.alone, alone) }
}

function more(known: readonly string[] | null, added: readonly string[]): readonly string[] | null {
  if (known === null) return null
  const all = [...new Set([...known, ...added])]
  return all.length > MOST_TOUCHED ? null : all
}

/** Another one with other mappings or rules. */
export function rulesOf(flow: Flow, setup: Setup): string {
  const mappings = [
    setup.readMapping(flow.from, flow.entity),
    setup.readMapping(flow.to, flow.entity),
    setup.writeMapping(flow),
  ].map(({ mapping }) => [mapping.fields, mapping.tables])
  const { entity, from, to, create, update, trigger, where, since, buffer, heal } = flow
  return contentHash([
    VERSION,
    mappings,
    entity,
    from,
    to,
    create,
    update,
    trigger,
    where,
    since,
    buffer,
    heal,
    // Lists that others told go on otherwise than those of a system.
    ...(setup.here.has(from) ? [] : ['told']),
  ])
}

/** Raised when what is kept of a record is made in another way. */
const VERSION = 1
