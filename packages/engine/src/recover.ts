import { Problem } from '@linchpin/connector'
import type { EntityName } from '@linchpin/model'
import type { LostRecord, Witness } from '@linchpin/store'
import { forgottenOf, telling, type Forgotten } from './restored.ts'
import type { Delivering } from './deliver.ts'
import type { Reading } from './read.ts'
import { known, type Setup } from './setup.ts'

export interface RecoverRequest {
  readonly connection: string
  readonly who: string
  /** When its backup was made, in ms since 1970; left out: when the newest record was linked that it still has. */
  readonly since?: number
  /** Only says what would be done. */
  readonly dryRun?: boolean
}

export interface RecoveryReport {
  /** Records that were looked for, and those that are not there any more. */
  readonly looked: number
  readonly lost: readonly Forgotten[]
  /** What was written since then is written again. */
  readonly since: number
  /** How many deliveries are created, and how many are written again; null: nothing was done yet. */
  readonly done: { readonly created: number; readonly again: number } | null
}

type Deps = Reading & Pick<Delivering, 'sourceLane'>

const PAGE = 50
/** A record may be older than its link: what was written shortly before it is written again, too, which harms nothing. */
const MARGIN_MS = 60 * 60_000

/**
 * Brings a system that was restored from a backup back to where it was: from the newest link on backwards, until a whole
 * page of records is there, its records are looked for; what is lost is unlinked, looked for by its key and created anew,
 * what was written since the backup is written again, and everything is read from the beginning. What it had told others
 * and has forgotten (a shipment that a shop knows of) stays with them, and is told to the person.
 */
export async function recover(
  { connection, who, since, dryRun = false }: RecoverRequest,
  deps: Deps,
): Promise<RecoveryReport> {
  const { store, world, setup, control } = deps
  known(setup.connections, connection)
  const state = (await store.connections()).find(({ name }) => name === connection)
  if (!dryRun && !state?.paused)
    throw new Problem(
      'refused',
      `${connection} must be paused while it is recovered: linchpin pause ${connection}.`,
    )
  if ((state?.blockedUntil ?? 0) > world.now())
    throw new Problem('refused', `${connection} asks to be left alone for a while. Recover it in a minute.`)
  const { lost, looked, newest } = await lookBack(connection, deps)
  const from = since ?? (newest ?? world.now()) - MARGIN_MS
  if (dryRun) return { looked, lost, since: from, done: null }
  const asked = { connection, who, since: from, lost: lost.map(each => lostRecord(each, connection, setup)) }
  const done = await store.recover(asked, world.now())
  await store.resume({ connection }, who, world.now())
  control.forget()
  return { looked, lost, since: from, done }
}

/** `newest`: when the newest record was linked that is still there. */
async function lookBack(
  connection: string,
  deps: Deps,
): Promise<{ readonly lost: readonly Forgotten[]; readonly looked: number; readonly newest: number | null }> {
  const lost: Forgotten[] = []
  let [looked, newest]: [number, number | null] = [0, null]
  for (const entity of telling(connection, deps.setup))
    for await (const page of pagesOf(connection, entity, deps)) {
      looked += page.asked.length
      lost.push(...page.forgotten)
      const there = page.asked.filter(each => !page.forgotten.some(({ id }) => id === each.id))
      newest = Math.max(newest ?? 0, ...there.map(({ at }) => at)) || null
    }
  return { lost, looked, newest }
}

/** From the newest link backwards, up to a whole page of which nothing is lost. */
async function* pagesOf(connection: string, entity: EntityName, { store, sourceLane, setup }: Deps) {
  for (let after: Witness | null = null; ;) {
    const query = { connection, entity, limit: PAGE, after, which: 'all' } as const
    const asked: readonly Witness[] = await store.newestLinks(query)
    const forgotten = await forgottenOf(asked, sourceLane(connection), { setup })
    yield { asked, forgotten }
    after = asked.at(-1) ?? null
    if (forgotten.length === 0 || asked.length < PAGE) return
  }
}

function lostRecord(
  { entity, id, to, targetId, isOther }: Forgotten,
  connection: string,
  { connections }: Setup,
): LostRecord {
  // Where nobody can search for what we created, its absence by its id is all that there is to know.
  const look = known(connections, connection).connector.entities[entity]?.writer?.repeat !== 'ask'
  return { entity, id, to, targetId, isOther, look }
}
