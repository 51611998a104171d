import type { CreditNote, Invoice } from '@linchpin/model'
import type { Outgoing, StoredRecord, ToldLink, ToldOutcome } from '@linchpin/store'
import { keepFile } from '../file.ts'
import { asProblem, inLog } from '../trouble.ts'
import type { BusDeps } from './deps.ts'
import {
  linkMessage,
  linksMessage,
  outcomeMessage,
  outcomesMessage,
  recordMessage,
  rollMessage,
} from './events.ts'

const BATCH = 200

/**
 * Tells the oldest news. It was committed before, and is forgotten only when the bus has it: a crash in between tells it
 * twice. False when there was none.
 */
export async function publishOnce(deps: BusDeps): Promise<boolean> {
  const { on, world, store } = deps
  const due = await on.store.outgoing(BATCH)
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
  const kept = await keepFile({ connection, entity, id }, deps).catch((error: unknown) => {
    deps.world.log.warn({ connection, ...inLog(asProblem(error)) }, 'The file of an invoice cannot be had.')
    return 'missing' as const
  })
  if (kept === 'missing' && deps.world.now() - record.changedAt < PATIENCE_MS) return 'later'
  const url = await deps.fileUrl(connection, entity, id)
  if (url === null) return canonical
  const name = `${billing.number}.pdf`
  return { ...billing, document: { id, name, mediaType: 'application/pdf', ...billing.document, url } }
}

const PAGE = 1_000

/**
 * Calls the roll: tells which records there are and how they stand, as hashes, and whoever missed one asks for it; links
 * and outcomes are hardly longer than their hashes, and are told again. This is what finds a message that the bus lost.
 */
export async function callRoll(deps: BusDeps): Promise<void> {
  await rollRecords(deps)
  await rollDeliveries(deps)
}

async function rollRecords({ setup, on, world }: BusDeps): Promise<void> {
  for (const connection of setup.here)
    for (const entity of setup.published(connection)) {
      let after = ''
      for (let page = 0; ; page += 1) {
        const records = await on.store.roll({ connection, entity, after, limit: PAGE })
        const pairs = records.map(([id, hash]): [string, string] => [id, hash])
        if (pairs.length > 0)
          await on.bus.publish([rollMessage({ connection, entity, records: pairs }, page, world.now())])
        if (records.length < PAGE) break
        after = records.at(-1)?.[0] ?? ''
      }
    }
}

/** Far from the megabyte that a bus takes. */
const TOLD_PAGE = 500

async function rollDeliveries({ setup, on, world }: BusDeps): Promise<void> {
  for (const { name: flow, from, to } of setup.flows.filter(each => setup.here.has(each.to))) {
    const links = pages((after: ToldLink | null) =>
      on.store.madeLinks({ flow, from, to, after, limit: TOLD_PAGE }),
    )
    for await (const page of links)
      await on.bus.publish([linksMessage({ flow, from, to, ...page }, world.now())])
    const outcomes = pages((after: ToldOutcome | null) =>
      on.store.outcomes({ flow, from, to, after, limit: TOLD_PAGE }),
    )
    for await (const page of outcomes)
      await on.bus.publish([outcomesMessage({ flow, from, to, ...page }, world.now())])
  }
}

async function* pages<Thing>(
  read: (after: Thing | null) => Promise<readonly Thing[]>,
): AsyncIterable<{ readonly things: readonly Thing[]; readonly page: number }> {
  let after: Thing | null = null
  for (let page = 0; ; page += 1) {
    const things: readonly Thing[] = await read(after)
    if (things.length > 0) yield { things, page }
    if (things.length < TOLD_PAGE) return
    after = things.at(-1) ?? null
  }
}
