import { subjectOf } from '@linchpin/bus'
import type { BusDeps, OnBus } from './bus/deps.ts'
import { readEvent } from './bus/events.ts'
import { hear } from './bus/hear.ts'
import type { Delivering } from './deliver.ts'
import { savePage, stopAtMassLoss, type Reading } from './read.ts'
import { isThere } from './reader.ts'
import type { Flow } from './setup.ts'
import { flowHere, pageOf, type SourcePage } from './sync.ts'

export interface ReplayRequest {
  readonly flow: string
  /** In ms since 1970. */
  readonly since: number
  /** Where the page before ended; null: from the beginning. */
  readonly cursor: string | null
  /** Only says which records it would be. */
  readonly dryRun: boolean
}

export interface Replayed {
  /** How many rows were looked at for it. */
  readonly rows: number
  /** The records since then, each once. */
  readonly ids: readonly string[]
  readonly owed: number
  /** The flow works in batches: they go with its next run. */
  readonly held: boolean
  /** Where the next page begins; null: that was the last. */
  readonly next: string | null
}

type Deps = Reading & Delivering & { readonly on: OnBus | null }

/**
 * What came since an instant is due again, each record as it is now: over the bus what was published since then, all at
 * once, else a page of what changed at the source. It goes the ordinary way, so what would change nothing in the target
 * is not written.
 */
export async function replay(request: ReplayRequest, deps: Deps): Promise<Replayed> {
  const { since, cursor, dryRun } = request
  const flow = flowHere(request.flow, deps)
  const { name, from: connection, entity } = flow
  const { on } = deps
  const isTold = on !== null && !deps.setup.here.has(connection)
  const pages = isTold
    ? publishedPages(flow, since, !dryRun, { ...deps, on })
    : [await pageOf(flow, cursor, { since }, deps)]
  const ids = new Set<string>()
  let [rows, owed, next]: [number, number, string | null] = [0, 0, null]
  for await (const page of pages) {
    for (const { id } of page.items.filter(isThere)) ids.add(id)
    rows += page.rows
    next = page.next
    if (dryRun) continue
    const of = { connection, entity, readAt: page.readAt, again: name }
    const saved = await savePage({ ...page, next: '', more: false }, of, deps)
    owed += saved.owed
    if (saved.newlyGone > 0) await stopAtMassLoss(connection, entity, deps)
  }
  return { rows, ids: [...ids], owed, held: flow.batch?.holds === true, next }
}

/** What this process has missed, or its database has forgotten, it hears first. */
async function* publishedPages(
  { entity, from }: Flow,
  since: number,
  takesIn: boolean,
  deps: BusDeps,
): AsyncIterable<SourcePage> {
  const filter = `${subjectOf('linchpin', entity, from)}.>`
  for await (const messages of deps.on.bus.published(since, filter)) {
    const told = messages.flatMap(message => {
      const event = readEvent(message)
      return event.is === 'record' ? [{ message, record: event.data }] : []
    })
    if (takesIn)
      await hear(
        told.map(({ message }) => message),
        deps,
      )
    const items = told.map(({ record: { id, version, canonical, readAt, gone } }) =>
      gone ? { id, gone } : { id, version, row: canonical ?? {}, toldAt: readAt },
    )
    yield { readAt: deps.world.now(), rows: items.length, items, next: null }
  }
}
