import { availableParallelism } from 'node:os'
import { startWorkers, type Workers } from './workers.ts'

/**
 * One order's happy path, with a crash at every single await of the node while it is under way, and at every pair of
 * those awaits that belong to the order's way (that is, all but the idle loops': between two of those nothing changes).
 */
export async function exhaust(threads = availableParallelism()): Promise<boolean> {
  const workers = await startWorkers({ threads })
  try {
    return await crashEverywhere(workers)
  } finally {
    await workers.end()
  }
}

async function crashEverywhere(workers: Workers): Promise<boolean> {
  const began = performance.now()
  const { seed, awaits } = await smallWorld(workers)
  const busy = awaits.flatMap((label, index) => (isIdle(label) ? [] : [index]))
  const singles = awaits.map((_label, index) => [index])
  const pairs = busy.flatMap((first, turn) => busy.slice(turn).map(second => [first, second]))
  const names = (points: readonly number[]) =>
    points.map(point => `${point} (${awaits[point]})`).join(' and ')
  const failures: string[] = []
  await inParts([...singles, ...pairs], async part => {
    const answer = await workers.ask({ seed, crashes: part })
    if ('failed' in answer)
      failures.push(`crashed at ${part.map(names).slice(0, 3).join('; ')} …: ${answer.failed}`)
    else if ('crashed' in answer)
      for (const { points, violations } of answer.crashed)
        if (violations.length > 0) failures.push(`crashed at ${names(points)}: ${violations.join('; ')}`)
  })
  for (const words of failures.slice(0, 20)) console.log(words)
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  console.log(
    `One order, crashed at each of ${singles.length} awaits and at each of ${pairs.length} pairs of the ${busy.length} on its way (seed ${seed}), ${seconds} s.`,
  )
  console.log(`${singles.length + pairs.length - failures.length} passed, ${failures.length} failed`)
  return failures.length === 0
}

/** Loops that find nothing to do, and housekeeping. */
const isIdle = (label: string) =>
  /^(timer|woken|bell|wake|beat|connections|flows|claimPoll|finishPoll|claimNotices|claimDeliveries)$/.test(
    label,
  )

/** A seed whose one order is of the shop that the small world has, and the awaits of its node until it rests. */
async function smallWorld(workers: Workers): Promise<{ seed: number; awaits: readonly string[] }> {
  for (let seed = 1; seed < 50; seed += 1) {
    const answer = await workers.ask({ seed, crashes: [] })
    if ('failed' in answer) throw new Error(`The small world does not run: ${answer.failed}`)
    if ('crashed' in answer && answer.awaits.length > 0) return { seed, awaits: answer.awaits }
  }
  throw new Error('No seed below 50 lets a customer of the shop north order and nothing be shipped.')
}

const PART = 50

async function inParts(
  all: readonly (readonly number[])[],
  work: (part: readonly (readonly number[])[]) => Promise<void>,
): Promise<void> {
  const parts = Array.from({ length: Math.ceil(all.length / PART) }, (_each, index) =>
    all.slice(index * PART, (index + 1) * PART),
  )
  await Promise.all(parts.map(work))
}
