import type { Gone, Page, Snapshot } from '@linchpin/connector'
import type { EntityName } from '@linchpin/model'
import type { Notice, Poll, PollFinish, ReadRecord, ReadResult, Store } from '@linchpin/store'
import type { Control } from './control.ts'
import { normalize, type Route } from './normalize.ts'
import type { ToldStore } from './reader.ts'
import { pause } from './retry.ts'
import type { Lane } from './sessions.ts'
import { entityOf, known, type Setup } from './setup.ts'
import { asProblem, inLog, meet, wellAgain } from './trouble.ts'
import { LEASE_MS, type World } from './world.ts'

export interface Reading {
  readonly setup: Setup
  readonly store: Store
  readonly world: World
  readonly control: Control
  readonly route: Route
  /** What others told of their records; null without a bus. */
  readonly told: ToldStore | null
  /** When the poll of this entity is due again. */
  readonly nextPoll: (connection: string, entity: EntityName, now: number) => number
}

const AT_ONCE = 50
const PAGE = 100

/** Answers notifications: reads the records that rang as they are now. False when there were none. */
export async function readNotices(lane: Lane, deps: Reading): Promise<boolean> {
  const { store, world } = deps
  const { connection } = lane
  const claim = { connection, limit: AT_ONCE, leaseMs: LEASE_MS, now: world.now() }
  const notices = await store.claimNotices(claim)
  for (const [entity, group] of byEntity(notices)) await readGroup(lane, entity, group, deps)
  return notices.length > 0
}

async function readGroup(
  lane: Lane,
  entity: EntityName,
  notices: readonly Notice[],
  deps: Reading,
): Promise<void> {
  const { setup, store, world } = deps
  const { connection } = lane
  const readAt = world.now()
  try {
    const { get } = entityOf(known(setup.connections, connection), entity)
    const ids = notices.map(notice => notice.id)
    // A guest's account has no page of its own at the shop: it is read with its orders.
    const askable = ids.filter(id => !(entity === 'Account' && id.startsWith('guest:')))
    // What cannot be read one by one comes with its next poll; a hint is no promise.
    const snapshots = !get || askable.length === 0 ? [] : await get(await lane.session(), askable)
    const force = new Set(notices.filter(notice => notice.force).map(notice => notice.id))
    const found = new Set(snapshots.map(snapshot => snapshot.id))
    const saved = await store.saveRead({
      connection,
      entity,
      cause: notices[0]?.cause ?? 'webhook',
      readAt,
      now: world.now(),
      records: lastOfEach(
        snapshots.flatMap(each =>
          normalize(connection, entity, each, { ...deps, force: force.has(each.id) }),
        ),
      ),
      gone: get ? askable.filter(id => !found.has(id)) : [],
      notices,
    })
    await wellAgain(connection, deps)
    // Counting all records is dear: only when some were missed just now.
    if (saved.newlyGone > 0) await stopAtMassLoss(connection, entity, deps)
  } catch (error) {
    const trouble = await meet(asProblem(error), lane, deps)
    const tries = Math.max(...notices.map(notice => notice.tries))
    const at = Math.max(trouble.until, world.now() + (trouble.isOutage ? 0 : pause(tries, world.random)))
    if (!lane.signal.aborted)
      world.log.warn(
        { connection, entity, count: notices.length, ...inLog(trouble.problem) },
        'Reading failed.',
      )
    await store.retryNotices(notices, at)
  }
}

/** A poll that is due, and that another node is just claiming. */
const LOOK_MS = 500

/** Reads what changed since the cursor, page by page, when a poll is due. Answers how long none will be, in ms. */
export async function pollOnce(lane: Lane, deps: Reading): Promise<number> {
  const { store, world } = deps
  const { connection } = lane
  const { poll, nextAt } = await store.claimPoll({ connection, leaseMs: LEASE_MS, now: world.now() })
  if (poll === null) return nextAt === null ? Infinity : Math.max(nextAt - world.now(), LOOK_MS)
  const began = world.now()
  try {
    const left = await readPages(lane, poll, deps)
    await wellAgain(connection, deps)
    const nextAt = left === 'more' ? world.now() : deps.nextPoll(connection, poll.entity, world.now())
    await finish(poll, { problem: null, nextAt, caughtUpAt: left === 'nothing' ? began : null }, deps)
  } catch (error) {
    const trouble = await meet(asProblem(error), lane, deps)
    if (!lane.signal.aborted)
      world.log.warn({ connection, entity: poll.entity, ...inLog(trouble.problem) }, 'Polling failed.')
    const nextAt = Math.max(trouble.until, world.now() + 1_000)
    await finish(poll, { problem: trouble.problem.message, nextAt, caughtUpAt: null }, deps)
  }
  return 0
}

/** Answers what is left to read; 'unknown' when another node has taken the poll over. */
async function readPages(lane: Lane, poll: Poll, deps: Reading): Promise<'nothing' | 'more' | 'unknown'> {
  const { setup, world } = deps
  const { changes, acknowledge } = entityOf(known(setup.connections, poll.connection), poll.entity)
  if (!changes) return 'nothing'
  // What was saved last time may not have been confirmed any more.
  if (acknowledge && poll.cursor !== null) await acknowledge(await lane.session(), poll.cursor)
  const lease = world.now() + LEASE_MS
  for (let cursor = poll.cursor; ;) {
    const readAt = world.now()
    const page = await changes(await lane.session(), cursor, PAGE)
    const saved = await savePage(
      page,
      { connection: poll.connection, entity: poll.entity, readAt, poll: { ...poll, cursor } },
      deps,
    )
    // Another node took the poll over, or time is nearly up: the cursor is saved, the next round goes on from it.
    if (!saved.saved) return 'unknown'
    // Only now is the page ours.
    if (acknowledge) await acknowledge(await lane.session(), page.next)
    if (!page.more) return 'nothing'
    if (world.now() > lease - LEASE_MS / 3) return 'more'
    cursor = page.next
  }
}

interface PageOf {
  readonly connection: string
  readonly entity: EntityName
  readonly readAt: number
  readonly poll?: Poll
  /** A person asked for it: it is owed and written, changed or not. */
  readonly force?: boolean
  /** Of this flow it is due again, changed or not, and written if that changes anything in the target. */
  readonly again?: string
}

/** What another process told is kept as it told it: of that, nothing is saved, and it is owed when that is asked for. */
export async function savePage(
  page: Page<unknown>,
  of: PageOf,
  deps: Pick<Reading, 'setup' | 'store' | 'world' | 'route'>,
): Promise<ReadResult> {
  const { connection, entity, readAt, poll, force = false, again } = of
  const snapshots = page.items.filter((item): item is Snapshot<unknown> => !('gone' in item))
  const records = snapshots
    .flatMap(each => normalize(connection, entity, each, { ...deps, force }))
    .map(record => (again === undefined ? record : dueAgain(record, again)))
  if (!deps.setup.here.has(connection)) {
    const duties = records.flatMap(({ id, force: isForced, duties: due }) =>
      due.filter(({ always }) => isForced || always).map(duty => ({ ...duty, id, force: isForced })),
    )
    return { saved: true, changed: 0, owed: await deps.store.owe(duties, deps.world.now()), newlyGone: 0 }
  }
  const gone = page.items.filter((item): item is Gone => 'gone' in item)
  return deps.store.saveRead({
    connection,
    entity,
    cause: poll ? 'poll' : 'person',
    readAt,
    now: deps.world.now(),
    records: lastOfEach(records),
    gone: gone.map(item => item.id),
    ...(poll ? { poll: { poll, cursor: page.next }, ...runsOf(connection, entity, deps) } : {}),
  })
}

function dueAgain(record: ReadRecord, flow: string): ReadRecord {
  const duties = record.duties.map(duty => (duty.flow === flow ? { ...duty, always: true } : duty))
  return { ...record, duties }
}

/** The flows whose runs in batches this page is read for. */
function runsOf(connection: string, entity: EntityName, { setup }: Pick<Reading, 'setup'>) {
  const flows = setup.flows.filter(flow => flow.batch && flow.from === connection && flow.entity === entity)
  return flows.length === 0 ? {} : { runs: flows.map(({ name }) => name) }
}

async function finish(poll: Poll, finish: Omit<PollFinish, 'now'>, { store, world }: Reading): Promise<void> {
  await store.finishPoll(poll, { ...finish, now: world.now() })
}

/** Many records missed at once is a wrong answer more often than a clear-out: stop, and ask. */
const MASS_COUNT = 20
const MASS_SHARE = 0.05

export async function stopAtMassLoss(connection: string, entity: EntityName, deps: Reading): Promise<void> {
  const { setup, store, world, control } = deps
  const { missed, all } = await store.missing(connection, entity)
  if (missed < MASS_COUNT || missed < all * MASS_SHARE) return
  const reason = `${missed} of ${all} ${entity} records of ${connection} were not found. Look whether they were really removed there, then resume.`
  for (const flow of setup.flows.filter(each => each.from === connection && each.entity === entity)) {
    if ((await control.flow(flow.name))?.paused) continue
    await store.pause({ target: { flow: flow.name }, who: 'linchpin', reason, kind: null }, world.now())
    world.log.error({ flow: flow.name }, reason)
  }
  control.forget()
}

function byEntity(notices: readonly Notice[]): Map<EntityName, readonly Notice[]> {
  const groups = new Map<EntityName, Notice[]>()
  for (const notice of notices) groups.set(notice.entity, [...(groups.get(notice.entity) ?? []), notice])
  return groups
}

/** One record can stand twice in a page of a moving list, and a guest comes with each of their orders: the last counts. */
function lastOfEach(records: readonly ReadRecord[]): readonly ReadRecord[] {
  return [...new Map(records.map(record => [`${record.entity} ${record.id}`, record])).values()]
}
