import type { Client } from './client.ts'

/** Where somebody who reads page by page is; they may stop there and go on later. */
export interface Reader {
  /** Where to begin; from the beginning, when left out. */
  readonly from?: string | undefined
  /** After every page: how much was read, what was owed so far, and where the next page begins. */
  readonly at: (so: { readonly read: number; readonly owed: number; readonly next: string | null }) => void
  /** Stops after the page that is under way. */
  readonly stop?: AbortSignal
}

/** How far it came. */
interface Came {
  readonly owed: number
  /** Where it was stopped; null: all was read. */
  readonly next: string | null
}

/** All of a flow's source is delivered anew, page by page; `read`: how many records that were. */
export async function syncFlow(
  client: Client,
  request: { readonly flow: string; readonly ids?: string[] },
  reader: Reader,
): Promise<Came & { readonly read: number }> {
  const ids = new Set<string>()
  let owed = 0
  const next = await pageByPage(reader, async cursor => {
    const page = await client.sync({ ...request, ...cursor })
    for (const id of page.ids) ids.add(id)
    owed += page.owed
    reader.at({ read: ids.size, owed, next: page.next })
    return page.next
  })
  return { read: ids.size, owed, next }
}

/** What came since an instant is delivered anew, page by page; `records`: how many those were. */
export async function replayFlow(
  client: Client,
  request: { readonly name: string; readonly since: string; readonly dryRun: boolean },
  reader: Reader,
): Promise<Came & { readonly records: number; readonly held: boolean }> {
  const ids = new Set<string>()
  let [read, owed, held] = [0, 0, false]
  const next = await pageByPage(reader, async cursor => {
    const page = await client.replay({ ...request, ...cursor })
    for (const id of page.ids) ids.add(id)
    read += page.rows
    owed += page.owed
    held = page.held
    reader.at({ read, owed, next: page.next })
    return page.next
  })
  return { records: ids.size, owed, held, next }
}

async function pageByPage(
  { from, stop }: Reader,
  ask: (cursor: { readonly cursor?: string }) => Promise<string | null>,
): Promise<string | null> {
  let next = await ask(from === undefined ? {} : { cursor: from })
  while (next !== null && !stop?.aborted) next = await ask({ cursor: next })
  return next
}
