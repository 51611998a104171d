import { measure, type StandIns } from '../measure.ts'
import type { Opened } from '../opened.ts'

/** Deliveries a second of so many workers, each with one call at a time, to a target that takes 20 ms. */
export interface WorkerSpeed {
  readonly workers: number
  readonly perSecond: number
}

const MESSAGES_A_WORKER = 100

export async function workerSpeeds(
  open: (environment: Readonly<Record<string, string>>) => Promise<Opened>,
  standIns: StandIns,
): Promise<readonly WorkerSpeed[]> {
  const speeds: WorkerSpeed[] = []
  for (const workers of [1, 2, 4]) {
    const { contestant, close } = await open({ BENCH_LANES: String(workers), BENCH_BATCH: '1' })
    await measure(contestant, standIns, { records: 20, delay: 20 })
    const asked = { records: MESSAGES_A_WORKER * workers, delay: 20 }
    speeds.push({ workers, perSecond: (await measure(contestant, standIns, asked)).perSecond })
    await close()
  }
  return speeds
}
