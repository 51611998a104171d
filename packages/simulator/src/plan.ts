import { chanceOf } from './chance.ts'
import type { ProcessFaults } from './process.ts'

/** What one seed expands into: the size of its world, and the faults that are switched on. Zero is off. */
export interface Plan {
  readonly seed: number
  readonly nodes: number
  readonly orders: number
  /** How the ERP takes a create again whose answer was lost. */
  readonly repeat: 'find' | 'safe' | 'ask'
  readonly batch: number
  readonly faultMinutes: number
  readonly process: ProcessFaults
  readonly clockSkewMs: number
  readonly net: NetFaults
  readonly store: { readonly lostAck: number; readonly downMs: number }
  readonly remote: RemoteFaults
  readonly hooks: HookFaults
  readonly people: People
}

export interface NetFaults {
  readonly lostRequest: number
  readonly lostReply: number
  readonly late: number
  readonly lateMaxMs: number
  readonly before500: number
  readonly after500: number
  readonly busy: number
  readonly okWithError: number
  readonly html: number
  readonly truncated: number
  readonly downMs: number
}

export interface RemoteFaults {
  /** Stamps are cut to so many milliseconds. */
  readonly stampMs: number
  /** How late a change can become visible after its stamp. */
  readonly lateCommitMs: number
  readonly indexLagMs: number
}

export interface HookFaults {
  readonly off: boolean
  readonly lost: number
  readonly doubled: number
  readonly delayMaxMs: number
  readonly forged: number
}

export interface People {
  readonly poison: number
  readonly edits: number
  readonly cancels: number
  readonly burst: boolean
  readonly operators: boolean
}

/** Each seed switches on a random part of the faults: a world in which everything fails at once hides most mistakes. */
export function planOf(seed: number): Plan {
  const chance = chanceOf(seed, 'plan')
  const maybe = (p: number, values: readonly number[]) => (chance.happens(p) ? chance.pick(values) : 0)
  return {
    seed,
    nodes: chance.between(1, 3),
    orders: chance.between(4, 16),
    repeat: chance.pick(['find', 'find', 'safe', 'ask']),
    batch: chance.pick([1, 1, 3]),
    faultMinutes: chance.pick([6, 12]),
    process: {
      crash: maybe(0.5, [0.0001, 0.0005, 0.002]),
      pause: maybe(0.4, [0.0001, 0.0005]),
      aimed: maybe(0.5, [0.02, 0.1]),
      pauseMaxMs: chance.pick([5_000, 60_000, 180_000]),
    },
    clockSkewMs: maybe(0.4, [50, 2_000]),
    net: {
      lostRequest: maybe(0.5, [0.01, 0.08]),
      lostReply: maybe(0.6, [0.02, 0.1, 0.3]),
      late: maybe(0.5, [0.03, 0.1]),
      lateMaxMs: 60_000,
      before500: maybe(0.5, [0.05]),
      after500: maybe(0.5, [0.03, 0.15]),
      busy: maybe(0.4, [0.05, 0.2]),
      okWithError: maybe(0.4, [0.05]),
      html: maybe(0.3, [0.03]),
      truncated: maybe(0.3, [0.03]),
      downMs: maybe(0.4, [20_000, 120_000]),
    },
    store: { lostAck: maybe(0.4, [0.002, 0.02]), downMs: maybe(0.3, [5_000, 60_000]) },
    remote: {
      stampMs: chance.pick([1, 1_000, 1_000]),
      lateCommitMs: maybe(0.5, [5_000, 45_000]),
      indexLagMs: maybe(0.5, [20_000]),
    },
    hooks: {
      off: chance.happens(0.2),
      lost: maybe(0.5, [0.1, 0.6]),
      doubled: maybe(0.4, [0.3]),
      delayMaxMs: maybe(0.4, [120_000]),
      forged: maybe(0.3, [0.2]),
    },
    people: {
      poison: maybe(0.4, [0.15]),
      edits: maybe(0.7, [1, 3]),
      cancels: maybe(0.5, [0.2]),
      burst: chance.happens(0.4),
      operators: chance.happens(0.4),
    },
  }
}

/** The plan in one line: only what is switched on. */
export function planInWords(plan: Plan): string {
  const on = Object.entries<number | string | object>({ ...plan }).map(([name, value]) => {
    if (typeof value !== 'object') return `${name} ${value}`
    const parts = Object.entries(value as Record<string, number | boolean>).filter(
      ([, each]) => each !== 0 && each !== false,
    )
    return `${name} {${parts.map(([part, each]) => `${part} ${each}`).join(', ')}}`
  })
  return on.join(', ')
}

/** When all faults are over. */
export const CALM: Pick<Plan, 'net' | 'store' | 'process'> = {
  process: { crash: 0, pause: 0, aimed: 0, pauseMaxMs: 1_000 },
  store: { lostAck: 0, downMs: 0 },
  net: {
    lostRequest: 0,
    lostReply: 0,
    late: 0,
    lateMaxMs: 0,
    before500: 0,
    after500: 0,
    busy: 0,
    okWithError: 0,
    html: 0,
    truncated: 0,
    downMs: 0,
  },
}
