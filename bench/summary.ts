import type { Entrant } from './contestants.ts'
import type { Calls } from './figures/calls.ts'
import type { ClaimCost } from './figures/claim.ts'
import type { WorkerSpeed } from './figures/workers.ts'
import type { Machine } from './machine.ts'
import type { Measured } from './measure.ts'
import type { Round } from './rounds.ts'
import { quantile } from './wire.ts'

/** Everything that one run of the benchmark found out: the one object that it prints and keeps. */
export interface Results {
  readonly form: 'quick' | 'full' | 'long'
  readonly messages: number
  readonly machine: Machine
  readonly loadAtEnd: readonly number[]
  readonly seconds: number
  readonly entrants: readonly Summary[]
  readonly notRun: readonly { readonly name: string; readonly title: string; readonly reason: string }[]
  readonly calls: readonly Calls[]
  readonly claim: readonly ClaimCost[]
  readonly workers: readonly WorkerSpeed[]
  readonly goals: readonly Goal[]
}

export interface Summary {
  readonly name: string
  readonly title: string
  readonly promise: string
  readonly median: Figures
  /** To the minimal inbox of the same round: the median over the rounds, the least, the most. */
  readonly ratio: { readonly fast: Spread; readonly slow: Spread; readonly cpu: Spread }
  /** Over all rounds. */
  readonly faults: Faults
  readonly rounds: readonly Round[]
}
export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}
export interface Faults {
  readonly lost: number
  readonly doubled: number
  readonly reordered: number
  readonly refused: number
}

export interface Goal {
  readonly what: string
  readonly goal: string
  /** Null: not measured in this run. */
  readonly value: number | null
  readonly met: boolean | null
}

const NORM = 'inbox'

export function summarise(
  entrants: readonly Entrant[],
  played: ReadonlyMap<string, readonly (Round | null)[]>,
): readonly Summary[] {
  const norm = played.get(NORM) ?? []
  return entrants.flatMap(({ name, title, promise }) => {
    const turns = played.get(name) ?? []
    const rounds = turns.filter(round => round !== null)
    if (rounds.length === 0) return []
    const pairs = turns.flatMap((round, turn) => (round && norm[turn] ? [[round, norm[turn]] as const] : []))
    const ratioOf = (figure: (round: Round) => number) =>
      spread(pairs.map(([ours, theirs]) => figure(ours) / figure(theirs)))
    const ratio = {
      fast: ratioOf(round => round.fast.perSecond),
      slow: ratioOf(round => round.slow.perSecond),
      cpu: ratioOf(round => round.fast.cpuMs),
    }
    return [{ name, title, promise, median: figuresOf(rounds), ratio, faults: faultsOf(rounds), rounds }]
  })
}

const FIGURES = {
  fast: (round: Round) => round.fast.perSecond,
  slow: (round: Round) => round.slow.perSecond,
  cpuMs: (round: Round) => round.fast.cpuMs,
  ackP50: (round: Round) => round.half.ackP50,
  ackP99: (round: Round) => round.half.ackP99,
  callP50: (round: Round) => round.half.p50,
  callP99: (round: Round) => round.half.p99,
  idleMb: (round: Round) => round.idleMb,
  peakMb: (round: Round) => round.peakMb,
  startMs: (round: Round) => round.startMs,
}
export type Figures = { readonly [Name in keyof typeof FIGURES]: number }

function figuresOf(rounds: readonly Round[]): Figures {
  const medians = Object.entries(FIGURES).map(([name, figure]) => [name, spread(rounds.map(figure)).median])
  return Object.fromEntries(medians) as Figures
}

/** Between the two in the middle when they are even. */
function spread(values: readonly number[]): Spread {
  const median =
    (quantile(values, 0.5) +
      quantile(
        values.map(value => -value),
        0.5,
      ) *
        -1) /
    2
  return { median, least: Math.min(...values), most: Math.max(...values) }
}

function faultsOf(rounds: readonly Round[]): Faults {
  const runs: readonly Measured[] = rounds.flatMap(({ fast, slow, half, order }) => [fast, slow, half, order])
  const total = (name: keyof Faults) => runs.reduce((sum, run) => sum + run[name], 0)
  return {
    lost: total('lost'),
    doubled: total('doubled'),
    reordered: total('reordered'),
    refused: total('refused'),
  }
}
