import type { Message } from '@linchpin/bus'
import type { CreditNote, Invoice } from '@linchpin/model'
import type {
  Outgoing,
  RecordKey,
  RollEntry,
  StoredRecord,
  ToldLink,
  ToldOutcome,
  ToldUnlink,
} from '@linchpin/store'
import { keepFile, lacksFile } from '../file.ts'
import { asProblem, inLog, meet } from '../trouble.ts'
import type { BusDeps } from './deps.ts'
import {
  linkMessage,
  linksMessage,
  outcomeMessage,
  outcomesMessage,
  recordMessage,
  rollMessage,
  saidMessage,
  unlinkMessage,
  unlinksMessage,
} from './events.ts'

const BATCH = 200
const FILES = 20

/**
 * Tells the oldest news. It was committed before, and is forgotten only when the bus has it: a crash in between tells it
 * twice. `files`: the news of invoices, whose files are fetched first; nothing else waits for those. False when there was
 * none.
 */
export async function publishOnce(deps: BusDeps, files: boolean): Promise<boolean> {
  const { on, world, store } = deps
  const due = await on.store.outgoing({ files, limit: files ? FILES : BATCH })
  const ready: { each: Outgoing; message: ReturnType<typeof recordMessage> | null }[] = []
  for (const each of due) {
    const message = await messageOf(each, deps)
    if (message !== 'later') ready.push({ each, message })
  }
  const messages = ready.flatMap(({ message }) => message ?? [])
  const refused = messages.length === 0 ? [] : await on.bus.publish(messages)
  for (const { id, words } of refused) {
    world.log.error({ id }, `The bus does not take it: ${words}`)
    const what = { who: 'linchpin', what: 'not told', words: `The bus does not take ${id}: ${words}` }
    await store.journal(what, world.now())
  }
  await on.store.told(ready.map(({ each }) => each.row))
  return ready.length > 0
}

async function messageOf(each: Outgoing, deps: BusDeps) {
  switch (each.kind) {
    case 'record': {
      const canonical = await withDocument(each.record, deps)
      return canonical === 'later' ? canonical : recordMessage(each, each.record, canonical)
    }
    case 'link':
      return linkMessage(each, each.link)
    case 'unlink':
      return unlinkMessage(each, each.unlink)
    case 'outcome':
      return outcomeMessage(each, each.outcome)
    case 'nothing':
      return null
  }
}

/** How long an invoice is held back for a PDF that is not there yet. */
const PATIENCE_MS = 60_000

/** Files do not travel on the bus: an invoice tells where its own is, with whoever read it. */
async function withDocument(record: StoredRecord, deps: BusDeps): Promise<unknown> {
  const { entity, canonical, connection, id } = record
  if (canonical === null || (entity !== 'Invoice' && entity !== 'CreditNote')) return canonical
  const billing = canonical as Invoice | CreditNote
  if (billing.status === 'draft') return canonical
  const kept = await fileOf({ connection, entity, id }, deps)
  if (kept === 'closed') return 'later'
  if (kept === 'missing' && deps.world.now() - record.changedAt < PATIENCE_MS) return 'later'
  const url = await deps.fileUrl(connection, entity, id)
  if (url === null) return canonical
  const name = `${billing.number}.pdf`
  return { ...billing, document: { id, name, mediaType: 'application/pdf', ...billing.document, url } }
}

/** `closed`: its system does not answer, or is paused; it is asked again when it is open. */
async function fileOf(key: RecordKey, deps: BusDeps): Promise<'kept' | 'missing' | 'none' | 'closed'> {
  const { connection } = key
  if ((await deps.control.closedFor(connection)) > 0 && (await lacksFile(key, deps))) return 'closed'
  try {
    return await keepFile(key, deps)
  } catch (error) {
    const { problem, isOutage } = await meet(asProblem(error), deps.sourceLane(connection), deps)
    deps.world.log.warn({ connection, ...inLog(problem) }, 'The file of an invoice cannot be had.')
    return isOutage ? 'closed' : 'missing'
  }
}

const PAGE = 1_000

/**
 * Calls the roll: tells which records there are and how they stand, as hashes, and which are gone, and whoever missed that
 * asks for it; links and outcomes are hardly longer than their hashes, and are told again. This is what finds a message that
 * the bus lost.
 */
export async function callRoll(deps: BusDeps, of: Iterable<string> = deps.setup.here): Promise<void> {
  for (const connection of of) {
    // The hub tells nothing of what it carries.
    if (deps.setup.published(connection).length === 0) continue
    await rollRecords(connection, deps)
    await rollBetween(connection, deps)
    await rollDeliveries(connection, deps)
  }
}

async function rollRecords(connection: string, deps: BusDeps): Promise<void> {
  const { setup, on, world } = deps
  for (const entity of setup.published(connection)) {
    const tell = teller<RollEntry>((entries, page) => {
      const records = entries.flatMap(([id, hash]): [string, string][] => (hash === null ? [] : [[id, hash]]))
      const gone = entries.flatMap(([id, hash]) => (hash === null ? [id] : []))
      return rollMessage({ connection, entity, records, gone }, page, world.now())
    }, deps)
    let after = ''
    for (;;) {
      const records = await on.store.roll({ connection, entity, after, limit: PAGE })
      await tell(records)
      if (records.length < PAGE) break
      after = records.at(-1)?.[0] ?? ''
    }
  }
}

/** A bus takes messages up to a megabyte, or what its operator allows: what is too large goes in halves. */
const TOLD_PAGE = 500

/** What stands no longer, and what a person linked. Either side tells it again: whoever said so, it is true for both. */
async function rollBetween(connection: string, deps: BusDeps): Promise<void> {
  const { setup, on, world } = deps
  const others = setup.flows.flatMap(({ from, to }) => [from, to]).filter(name => name !== connection)
  for (const other of new Set(others)) {
    const [left = '', right = ''] = [connection, other].toSorted()
    const unlinked = pages((after: ToldUnlink | null) =>
      on.store.unlinked({ left, right, after, limit: TOLD_PAGE }),
    )
    const tell = teller<ToldUnlink>(
      (things, page) => unlinksMessage({ speaker: connection, left, right, things, page }, world.now()),
      deps,
    )
    for await (const page of unlinked) await tell(page)
    const said = pages((after: ToldLink | null) =>
      on.store.saidLinks({ left, right, after, limit: TOLD_PAGE }),
    )
    const tellSaid = teller<ToldLink>(
      (things, page) => saidMessage({ speaker: connection, left, right, things, page }, world.now()),
      deps,
    )
    for await (const page of said) await tellSaid(page)
  }
}

async function rollDeliveries(connection: string, deps: BusDeps): Promise<void> {
  const { setup, on, world } = deps
  for (const { name: flow, from, to } of setup.flows.filter(each => each.to === connection)) {
    const links = pages((after: ToldLink | null) =>
      on.store.madeLinks({ flow, from, to, after, limit: TOLD_PAGE }),
    )
    const tellLinks = teller<ToldLink>(
      (things, page) => linksMessage({ flow, from, to, things, page }, world.now()),
      deps,
    )
    for await (const page of links) await tellLinks(page)
    const outcomes = pages((after: ToldOutcome | null) =>
      on.store.outcomes({ flow, from, to, after, limit: TOLD_PAGE }),
    )
    const tellOutcomes = teller<ToldOutcome>(
      (things, page) => outcomesMessage({ flow, from, to, things, page }, world.now()),
      deps,
    )
    for await (const page of outcomes) await tellOutcomes(page)
  }
}

/** Tells one page after the other, numbered as they go out: a message takes the place of an older one of its number. */
function teller<Thing>(
  messageOf: (things: readonly Thing[], page: number) => Message,
  { on, world }: BusDeps,
): (things: readonly Thing[]) => Promise<void> {
  let page = 0
  const tell = async (things: readonly Thing[]): Promise<void> => {
    if (things.length === 0) return
    const message = messageOf(things, page)
    const [refused] = await on.bus.publish([message])
    if (refused === undefined) page += 1
    else if (things.length > 1) {
      const middle = Math.ceil(things.length / 2)
      await tell(things.slice(0, middle))
      await tell(things.slice(middle))
    } else world.log.error({ id: message.id }, `The bus does not take it: ${refused.words}`)
  }
  return tell
}

async function* pages<Thing>(
  read: (after: Thing | null) => Promise<readonly Thing[]>,
): AsyncIterable<readonly Thing[]> {
  for (let after: Thing | null = null; ;) {
    const things: readonly Thing[] = await read(after)
    if (things.length > 0) yield things
    if (things.length < TOLD_PAGE) return
    after = things.at(-1) ?? null
  }
}
