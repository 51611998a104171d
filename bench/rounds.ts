import type { Entrant } from './contestants.ts'
import { measure, type Measured, type StandIns } from './measure.ts'
import { open } from './opened.ts'

/** One contestant in one round: started, warmed up, loaded in four ways, stopped. */
export interface Round {
  readonly startMs: number
  readonly idleMb: number
  readonly peakMb: number
  /** The sink answers at once; after 20 ms; at half of the speed of the first; and five changes of each record. */
  readonly fast: Measured
  readonly slow: Measured
  readonly half: Measured
  readonly order: Measured
}

const WARM_UP = 100
const HALF_LOAD_S = 4
const CHANGES = 5

export async function playRound(
  entrant: Entrant,
  more: Readonly<Record<string, string>>,
  standIns: StandIns,
  messages: number,
): Promise<Round> {
  const { contestant, close } = await open(entrant, more)
  const records = Math.max(50, Math.round(messages * (entrant.share ?? 1)))
  const idleMb = contestant.memory()
  let peakMb = idleMb
  const watch = setInterval(() => (peakMb = Math.max(peakMb, contestant.memory())), 1_000)
  try {
    await measure(contestant, standIns, { records: Math.min(WARM_UP, records), delay: 0 })
    const fast = await measure(contestant, standIns, { records, delay: 0 })
    const slow = await measure(contestant, standIns, { records, delay: 20 })
    const rate = Math.max(5, fast.perSecond / 2)
    const paced = { records: Math.ceil(Math.min(records, rate * HALF_LOAD_S)), rate, delay: 0 }
    const half = await measure(contestant, standIns, paced)
    const changes = { records: Math.ceil(records / 2 / CHANGES), revisions: CHANGES, delay: 20 }
    const order = await measure(contestant, standIns, changes)
    return { startMs: contestant.startMs, idleMb, peakMb, fast, slow, half, order }
  } finally {
    clearInterval(watch)
    await close()
  }
}
