import type { CreditNote, Invoice } from '@linchpin/model'
import type { Outgoing, StoredRecord } from '@linchpin/store'
import { keepFile } from '../file.ts'
import { asProblem, inLog } from '../trouble.ts'
import type { BusDeps } from './deps.ts'
import { linkMessage, outcomeMessage, recordMessage, rollMessage } from './events.ts'

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
 * Calls the roll: tells which records there are and how they stand, as hashes. Whoever missed one asks for it. This is
 * what finds a message that the bus lost.
 */
export async function callRoll(deps: BusDeps): Promise<void> {
  const { setup, on, world } = deps
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
