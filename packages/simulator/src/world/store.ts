import type { Store } from '@linchpin/store'
import type { Kernel } from '../kernel.ts'
import type { Process } from '../process.ts'

/**
 * The store as one process reaches it: over a line that takes time. The transaction happens at one instant; the
 * process may die before its answer comes, the answer may be lost, or the database may not be there.
 */
export function storeOf(
  process: Process,
  kernel: Kernel,
  store: Store,
  faults: () => { readonly lostAck: number; readonly down: boolean; readonly full: boolean },
): Store {
  const { chance } = process
  const reach = (name: string, label: string, run: () => Promise<unknown>): Promise<unknown> =>
    new Promise((answer, fail) => {
      const fails = (words: string) => () => fail(new Error(`${LOST}: ${words}`))
      const answerAfter = (delay: number, go: () => void) =>
        kernel.at(kernel.now() + delay, `${label} answered`, () => process.resume(name, go))
      const begin = () => {
        if (!process.alive()) return
        const { lostAck, down, full } = faults()
        if (down) {
          answerAfter(5, fails('the database does not answer'))
          return
        }
        if (full && !READS.has(name)) {
          answerAfter(5, fails('no space is left on its disk'))
          return
        }
        const lost = chance.happens(lostAck)
        let go = fails('it takes for ever')
        run().then(
          value => (go = lost ? fails('the answer was lost') : () => answer(value)),
          (error: unknown) => (go = () => fail(error as Error)),
        )
        // Decided now, not when PostgreSQL is ready, so that it is the same in both lanes: it is ready before any other event.
        answerAfter(chance.between(0, 3), () => go())
      }
      // Answers take their time, and so whose turn is next is open already; an event of its own for each request would
      // show nothing more, except where two requests of one process overtake each other.
      if (chance.next() < OVERTAKEN) kernel.at(kernel.now() + chance.between(0, 3), label, begin)
      else {
        kernel.note(label)
        begin()
      }
    })
  const calls = Object.entries(store).map(([name, method]) => {
    const label = `${process.name} ${name}`
    const ask = method as (...args: unknown[]) => Promise<unknown>
    return [name, (...args: unknown[]) => reach(name, label, () => ask(...args))]
  })
  return {
    ...(Object.fromEntries(calls) as unknown as Store),
    async listen(hear) {
      return store.listen(topic => {
        if (process.alive())
          kernel.at(kernel.now() + chance.between(1, 5), `${process.name} hears ${topic}`, () =>
            process.resume('bell', () => hear(topic)),
          )
      })
    },
  }
}

/** The share of requests that others of the same process may overtake. */
const OVERTAKEN = 0.2

/** What needs no room on the disk. */
const READS = new Set('missing links writtenFrom connections flows openDemand file record secret'.split(' '))

/** What the line to the store says when it breaks. */
const LOST = 'Simulated trouble with the store'
