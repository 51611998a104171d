import { tidyPeople } from '@linchpin/store'
import type { Linchpin } from '../linchpin.ts'

const EVERY_MS = 15_000
const TIDY_MS = 3_600_000

/**
 * What the console promises while nobody looks: pauses end when they were told to, and causes are remembered. Once an
 * hour, what no longer opens anything and what is too old to be shown is taken out.
 */
export function takeCare(linchpin: () => Linchpin, failed: (error: unknown) => void): () => void {
  let busy = false
  let tidied = linchpin().wall()
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    const care = async () => {
      await careOnce(linchpin())
      // People come and go by the clock on the wall, in a demo too.
      const { db, desk, wall, now } = linchpin()
      if (wall() - tidied < TIDY_MS) return
      await tidyPeople(db, wall())
      await desk.thinTrend(now())
      tidied = wall()
    }
    care()
      .catch(failed)
      .finally(() => (busy = false))
  }, EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}

export async function careOnce({ desk, store, engine, changes, now }: Linchpin): Promise<void> {
  // The bell that tells of them can be missed.
  await changes.refresh()
  for (const { kind, name, at } of await desk.pauseEnds()) {
    if (at > now()) continue
    // What Linchpin itself stopped meanwhile to ask about goes on when it is answered.
    const isAsked = (await store.connections()).some(each => each.name === name && each.paused?.kind)
    if (kind === 'flow' || !isAsked)
      await store.resume(kind === 'flow' ? { flow: name } : { connection: name }, 'linchpin', now())
    await desk.endPauseAt({ kind, name, at: null })
    engine.control.forget()
  }
  await desk.causes(now())
}
