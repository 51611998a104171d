import { loadOn } from '@linchpin/engine'
import type { Linchpin } from './linchpin.ts'

/** After a failure of our own, the database's most of all. */
const FAILED_MS = 10_000

/** Goes on with the loads that were asked for, on this node, until it is told to stop. */
export function carryLoads({ engine }: Linchpin, failed: (error: unknown) => void): () => Promise<void> {
  const deps = { ...engine.reading, ...engine.delivering }
  let stopped = false
  let wake = () => {}
  const sleep = (ms: number) =>
    new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const work = (async () => {
    while (!stopped) {
      const wait = await loadOn(deps).catch((error: unknown) => {
        failed(error)
        return FAILED_MS
      })
      if (wait > 0 && !stopped) await sleep(wait)
    }
  })()
  return () => {
    stopped = true
    wake()
    return work
  }
}
