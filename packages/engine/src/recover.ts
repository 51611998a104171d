import { Problem } from '@linchpin/connector'
import type { EntityName } from '@linchpin/model'
import type { LostRecord, Witness } from '@linchpin/store'
import { canBeAsked, forgottenOf, telling, type Forgotten } from './restored.ts'
import type { Delivering } from './deliver.ts'
import type { Reading } from './read.ts'
import { known, type Setup } from './setup.ts'

export interface RecoverRequest {
  readonly connection: string
  readonly who: string
  /** When its backup was made, in ms since 1970; left out: at the earliest that its records tell (`backupAt`). */
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
  if (!setup.here.has(connection))
    throw new Problem('refused', `${connection} is spoken to by a process of its own. Recover it there.`)
  const state = (await store.connections()).find(({ name }) => name === connection)
  if (!dryRun && !state?.paused)
    throw new Problem(
      'refused',
      `${connection} must be paused while it is recovered: linchpin pause ${connection}.`,
    )
  if ((state?.blockedUntil ?? 0) > world.now())
    throw new Problem('refused', `${connection} asks to be left alone for a while. Recover it in a minute.`)
  const seen = await lookBack(connection, deps)
  const from = since ?? backupAt(connection, seen, setup)
  if (from === null)
    throw new Problem(
      'refused',
      `Nothing that ${connection} still has tells when its backup was made. Say it: --since 2026-11-24T22:00:00Z.`,
    )
  const looked = seen.there.length + seen.lost.length
  // What people had deleted before is in no backup, and is not brought back.
  const missing = seen.lost.filter(({ goneAt }) => goneAt === null || goneAt >= from)
  if (dryRun) return { looked, lost: missing, since: from, done: null }
  const lost = await lostForSure(missing, connection, deps)
  const asked = { connection, who, since: from, lost: lost.map(each => lostRecord(each, connection, setup)) }
  const done = await store.recover(asked, world.now())
  await store.resume({ connection }, who, world.now())
  control.forget()
  return { looked, lost, since: from, done }
}

interface Seen {
  readonly lost: readonly Forgotten[]
  readonly there: readonly Witness[]
}

async function lookBack(connection: string, deps: Deps): Promise<Seen> {
  const [lost, there]: [Forgotten[], Witness[]] = [[], []]
  for (const entity of telling(connection, deps.setup))
    for await (const page of pagesOf(connection, entity, deps)) {
      lost.push(...page.forgotten)
      there.push(...page.asked.filter(each => !page.forgotten.some(({ id }) => id === each.id)))
    }
  return { lost, there }
}

/** From the newest link backwards, up to a whole page of which nothing is lost. */
async function* pagesOf(connection: string, entity: EntityName, { store, sourceLane, setup }: Deps) {
  for (let after: Witness | null = null; ;) {
    const query = { connection, entity, limit: PAGE, after, which: 'all' } as const
    const linked: readonly Witness[] = await store.newestLinks(query)
    const asked = linked.filter(each => canBeAsked(each, connection, setup))
    const forgotten = await forgottenOf(asked, sourceLane(connection), { setup })
    yield { asked, forgotten }
    after = linked.at(-1) ?? null
    // Of the backup's age, a page of guests who cannot be asked for says nothing.
    if (linked.length < PAGE || (asked.length > 0 && forgotten.length === 0)) return
  }
}

/**
 * When the backup was made, at the earliest, in ms since 1970; null: nothing tells. It is no older than the newest record
 * that it has. Not every link tells when its record came to be: one that we created there is about as old as its link, one
 * that was placed there as its date, but a customer whom we recognised may be years old.
 */
export function backupAt(
  connection: string,
  { lost, there }: Seen,
  { flows }: Pick<Setup, 'flows'>,
): number | null {
  const lately = lost.filter(({ goneAt }) => goneAt === null)
  // What counts as gone may have been deleted long ago, or have been forgotten by the restore: then a record that came
  // after the restore would tell of a backup that never was.
  if (lost.length > 0 && lately.length === 0) return null
  const oldestLost = Math.min(Infinity, ...lately.map(({ at }) => at))
  const created = there.flatMap(({ at, how, flow, canonical }) => {
    const isOurs = how === 'written' && flows.some(({ name, to }) => name === flow && to === connection)
    const issued = Date.parse((canonical as { readonly issuedAt?: string } | null)?.issuedAt ?? '')
    const times = [...(isOurs ? [at] : []), ...(Number.isNaN(issued) ? [] : [Math.min(issued, at)])]
    return times.length === 0 ? [] : [Math.min(...times)]
  })
  const before = created.filter(time => time <= oldestLost)
  return before.length === 0 ? null : Math.max(...before) - MARGIN_MS
}

/**
 * A replica that lags says of a record that came a moment ago that it is not there. Where nobody looks for it by its key
 * before it is created again, it is asked for a second time.
 */
async function lostForSure(
  lost: readonly Forgotten[],
  connection: string,
  { world, setup, sourceLane }: Deps,
): Promise<readonly Forgotten[]> {
  const unsure = lost.filter(each => !each.isOther && !lostRecord(each, connection, setup).look)
  if (unsure.length === 0) return lost
  await world.sleep(SECOND_LOOK_MS)
  const still = new Set((await forgottenOf(unsure, sourceLane(connection), { setup })).map(nameOf))
  return lost.filter(each => !unsure.includes(each) || still.has(nameOf(each)))
}

const nameOf = ({ entity, id }: Pick<Witness, 'entity' | 'id'>) => `${entity} ${id}`

const SECOND_LOOK_MS = 60_000

function lostRecord(
  { entity, id, to, targetId, isOther }: Forgotten,
  connection: string,
  { connections }: Setup,
): LostRecord {
  // Where nobody can search for what we created, its absence by its id is all that there is to know.
  const look = known(connections, connection).connector.entities[entity]?.writer?.repeat !== 'ask'
  return { entity, id, to, targetId, isOther, look }
}
