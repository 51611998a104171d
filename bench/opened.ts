import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openContestant, type Contestant } from './children.ts'
import type { Entrant } from './contestants.ts'

/** A contestant with an empty folder of its own, which goes when it goes. */
export interface Opened {
  readonly contestant: Contestant
  readonly close: () => Promise<void>
}

export async function open(
  { file, path, environment }: Entrant,
  more: Readonly<Record<string, string>>,
): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'linchpin-bench-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    // The data lie in a folder that does not exist yet: PostgreSQL makes its own, with its own rights.
    const surroundings = { ...environment, ...more, BENCH_FOLDER: join(folder, 'data') }
    const contestant = await openContestant(file, surroundings, path)
    const close = async () => {
      await contestant.stop()
      await remove()
    }
    return { contestant, close }
  } catch (error) {
    await remove()
    throw error
  }
}
