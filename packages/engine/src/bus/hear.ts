import type { Message } from '@linchpin/bus'
import type { EntityName } from '@linchpin/model'
import type { ReadRecord, ToldLink, ToldOutcome } from '@linchpin/store'
import { heardRecord } from '../normalize.ts'
import type { BusDeps } from './deps.ts'
import { readEvent, type Heard, type RecordData, type RollData } from './events.ts'

/**
 * Takes in what the bus told, in its order. When it ends, everything is committed; when it throws, all of it may be told
 * again: what was known already changes nothing.
 */
export async function hear(messages: readonly Message[], deps: BusDeps): Promise<void> {
  const told = messages.map(message => ({ message, event: readEvent(message) }))
  for (const { message, event } of told) if (event.is === 'unreadable') await park(message, event.words, deps)
  for (const run of runs(told.map(({ event }) => event))) await hearRun(run, deps)
}

/** Neighbours of one kind, and records that were read at one time, are taken in together. */
function runs(events: readonly Heard[]): readonly (readonly Heard[])[] {
  const all: Heard[][] = []
  let last = ''
  for (const event of events) {
    const name = runName(event)
    if (name === last) all.at(-1)?.push(event)
    else all.push([event])
    last = name
  }
  return all
}

function runName(event: Heard): string {
  if (event.is !== 'record') return event.is
  const { connection, entity, readAt, gone } = event.data
  return JSON.stringify([connection, entity, readAt, gone])
}

async function hearRun(run: readonly Heard[], deps: BusDeps): Promise<void> {
  const [first] = run
  if (first?.is === 'record') {
    const records = run.flatMap(each => (each.is === 'record' ? [each.data] : []))
    await (first.data.gone ? hearGone(records, deps) : hearRecords(records, deps))
  }
  if (first?.is === 'links')
    await hearLinks(
      run.flatMap(each => (each.is === 'links' ? each.data : [])),
      deps,
    )
  if (first?.is === 'unlinks')
    await deps.on.store.hearUnlinks(
      run.flatMap(each => (each.is === 'unlinks' ? each.data : [])),
      deps.world.now(),
    )
  if (first?.is === 'outcomes')
    await hearOutcomes(
      run.flatMap(each => (each.is === 'outcomes' ? each.data : [])),
      deps,
    )
  if (first?.is === 'roll') for (const each of run) if (each.is === 'roll') await answerRoll(each.data, deps)
}

/** A record of another process's connection, as if it had just been read: from here on it goes the ordinary way. */
async function hearRecords(records: readonly RecordData[], deps: BusDeps): Promise<void> {
  const [first] = records
  if (!first || deps.setup.here.has(first.connection)) return
  const { connection, entity, readAt } = first
  const ids = records.filter(each => each.asked).map(({ id }) => id)
  const awaited = new Set(
    ids.length === 0 ? [] : await deps.on.store.awaited({ connection, entity, ids, readAt }),
  )
  const last = new Map(records.map(each => [each.id, each]))
  await deps.store.saveRead({
    connection,
    entity,
    cause: 'bus',
    readAt,
    now: deps.world.now(),
    records: [...last.values()].map(each => {
      const record = heardRecord(each, deps.route, awaited.has(each.id))
      return each.asked && entity === 'StockLevel' ? lookedAtAnew(record) : record
    }),
    gone: [],
  })
}

/** A stock that was asked for may be as it was: what orders take from it is not, so what shops may promise is told anew. */
function lookedAtAnew(record: ReadRecord): ReadRecord {
  return { ...record, duties: record.duties.map(duty => ({ ...duty, always: true })) }
}

/** Its own adapter has looked twice before it told us: both looks count here. */
const SECOND_LOOK_MS = 60_001

async function hearGone(records: readonly RecordData[], deps: BusDeps): Promise<void> {
  const [first] = records
  if (!first || deps.setup.here.has(first.connection)) return
  const { connection, entity, readAt } = first
  const page = {
    connection,
    entity,
    cause: 'bus' as const,
    readAt,
    records: [],
    gone: records.map(each => each.id),
  }
  const now = deps.world.now()
  await deps.store.saveRead({ ...page, now: now - SECOND_LOOK_MS })
  await deps.store.saveRead({ ...page, now })
}

async function hearLinks(links: readonly ToldLink[], deps: BusDeps): Promise<void> {
  const { on, store, world } = deps
  for (const { entity, left, right } of await on.store.hearLinks(links, world.now())) {
    const words = `Another process linked it to ${entity} ${right.id} of ${right.connection}; here, one of the two is linked otherwise. Look at both, and unlink the wrong one.`
    const about = { connection: left.connection, entity, id: left.id }
    await store.journal({ ...about, who: 'linchpin', what: 'link refused', words }, world.now())
    world.log.error(about, words)
  }
  await oweLinked(links, deps)
}

/**
 * Of some flows, only records that are linked are owed; and records and links come in two lines. Those that were heard
 * before their link are owed now.
 */
async function oweLinked(links: readonly ToldLink[], deps: BusDeps): Promise<void> {
  const { setup, on, store, world, route } = deps
  const flows = setup.flows.filter(({ to }) => setup.here.has(to))
  const keys = links.flatMap(({ entity, left, right }) =>
    [
      { ...left, to: right.connection },
      { ...right, to: left.connection },
    ].flatMap(({ connection, id, to }) =>
      flows
        .filter(flow => flow.entity === entity && flow.from === connection && flow.to === to)
        .map(({ name }) => ({ flow: name, connection, entity, id })),
    ),
  )
  const unowed = keys.length === 0 ? [] : await on.store.unowed(keys)
  const duties = unowed.flatMap(({ flow, record: { connection, entity, id, canonical } }) =>
    route(connection, entity, id, canonical)
      .filter(duty => duty.flow === flow)
      .map(duty => ({ ...duty, id })),
  )
  await store.owe(duties, world.now())
}

/** Of flows that this process carries itself, it knows better. */
async function hearOutcomes(outcomes: readonly ToldOutcome[], { setup, on }: BusDeps): Promise<void> {
  const names = new Set(setup.flows.map(({ name }) => name))
  await on.store.hearOutcomes(outcomes.filter(({ flow, to }) => names.has(flow) && !setup.here.has(to)))
}

/** Whatever we missed is asked for. */
async function answerRoll({ connection, entity, records, gone }: RollData, deps: BusDeps): Promise<void> {
  if (deps.setup.here.has(connection)) return
  const ids = await deps.on.store.unlike(connection, entity, [
    ...records,
    ...gone.map(id => [id, null] as const),
  ])
  const hints = ids.map(id => ({ connection, entity, id, cause: 'bus' as const }))
  if (hints.length > 0) await deps.store.notify(hints, deps.world.now())
}

/** Nobody can say what it was about, so that no delivery can be parked: its words are kept, and the next one is heard. */
async function park(
  { subject, id, body }: Message,
  reason: string,
  { store, world }: BusDeps,
): Promise<void> {
  const words = `A message on ${subject} cannot be read: ${reason}. It was left out. If its sender is newer than this Linchpin, upgrade; else look at its sender.`
  world.log.error({ subject, id }, words)
  const detail = { subject, id, body: body.slice(0, 10_000) }
  await store.journal({ who: 'linchpin', what: 'unreadable', words, detail }, world.now())
}

/** Which entities of which connections this process listens to. */
export function wanted({ setup }: Pick<BusDeps, 'setup'>): readonly { entity: EntityName; from: string }[] {
  const all = setup.flows.filter(({ from, to }) => setup.here.has(to) && !setup.here.has(from))
  return [...new Map(all.map(({ entity, from }) => [`${entity} ${from}`, { entity, from }])).values()]
}
