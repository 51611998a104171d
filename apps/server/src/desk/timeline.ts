import type { TimelineAnswer, TimelineEvent } from '@linchpin/api'
import type { RecordKey, Sent, StoredRecord, Trace, Version } from '@linchpin/store'
import type { Linchpin } from '../linchpin.ts'
import { Refusal } from '../http/problem.ts'
import { deliveryAnswer, iso, isoOrNull } from '../http/status.ts'
import { inOrderOfTheStory, ownOfStory, urlOf } from '../http/trace.ts'
import { correctionAnswer } from './correct.ts'
import { headOf } from './head.ts'
import { masked, ownOf, withoutSecrets } from './mask.ts'
import { shownTrouble, shownWords } from './words.ts'

/** One record and its whole story over all connections: what it is, what belongs to it, what happened when. */
export async function timelineAnswer(
  linchpin: Linchpin,
  key: RecordKey,
  revealed: boolean,
): Promise<TimelineAnswer> {
  const { store, desk } = linchpin
  const record = await store.record(key)
  if (record === null)
    throw new Refusal(404, 'no-record', `${key.connection} has no ${key.entity} ${key.id} that was read.`)
  const show: Show = revealed ? withoutSecrets : masked
  const story = await store.trace([key])
  // Of a record that did not read, only its system's own words are known.
  const own = [...ownOfStory(story), ...(record.canonical === null ? ownOf(record.row, key.entity) : [])]
  const say: Say = revealed ? words => words : (words, entity) => shownWords(words, entity, own)
  const keys = story.records.map(({ connection, entity, id }) => ({ connection, entity, id }))
  const [versions, sent, comments] = await Promise.all([
    desk.versionsOf(keys),
    desk.sentOf(story.deliveries),
    desk.commentsOf(keys),
  ])
  const related = []
  for (const each of inOrderOfTheStory(story))
    related.push({ ...headOf(each, each.canonical), url: await urlOf(linchpin, each), gone: each.gone })
  const events = [
    ...reads(versions),
    ...attempts(story, sent, show, say),
    ...journal(story, versions, say),
    ...story.links.map(({ left, right, how, at }) => ({
      ...left,
      is: 'link' as const,
      at: iso(at),
      to: right,
      how,
    })),
    ...comments.map(each => ({ ...each, is: 'comment' as const, at: iso(each.at) })),
  ]
  return {
    record: {
      ...recordAnswer(record, show, say),
      url: await urlOf(linchpin, key),
      correction: correctionAnswer(linchpin, key, revealed),
    },
    revealed,
    related,
    deliveries: story.deliveries.map(each =>
      shownTrouble(deliveryAnswer(each), words => say(words, each.entity)),
    ),
    events: events.toSorted((left, right) => (left.at < right.at ? 1 : left.at > right.at ? -1 : 0)),
  }
}

type Show = (value: unknown, entity?: RecordKey['entity']) => unknown
type Say = (words: string, entity?: RecordKey['entity']) => string

function recordAnswer(record: StoredRecord & { readonly row: unknown }, show: Show, say: Say) {
  const { version, readAt, changedAt, gone, problem, canonical, row } = record
  return {
    ...headOf(record, canonical),
    version,
    readAt: iso(readAt),
    changedAt: iso(changedAt),
    gone,
    problem: problem && say(problem, record.entity),
    canonical: show(canonical, record.entity),
    row: show(row, record.entity),
  }
}

/** What each reading found, and which fields differed from the reading before. */
function reads(versions: readonly Version[]): readonly TimelineEvent[] {
  const last = new Map<string, unknown>()
  return versions.map(({ connection, entity, id, at, cause, version, canonical, mapping }) => {
    const name = `${connection} ${entity} ${id}`
    const fields = last.has(name) ? changedFields(last.get(name), canonical) : []
    last.set(name, canonical)
    return { is: 'read', connection, entity, id, at: iso(at), cause, version, mapping, fields: [...fields] }
  })
}

function changedFields(before: unknown, after: unknown): readonly string[] {
  const [old, fresh] = [before ?? {}, after ?? {}] as Record<string, unknown>[]
  const names = new Set([...Object.keys(old ?? {}), ...Object.keys(fresh ?? {})])
  return [...names].filter(name => JSON.stringify(old?.[name]) !== JSON.stringify(fresh?.[name]))
}

function attempts(story: Trace, sent: readonly Sent[], show: Show, say: Say): readonly TimelineEvent[] {
  const byName = new Map(sent.map(each => [`${each.flow} ${each.id} ${each.attempt}`, each]))
  const owners = new Map(story.deliveries.map(each => [`${each.flow} ${each.id}`, each]))
  return story.attempts.flatMap(({ flow, id, at, endedAt, ...attempt }) => {
    const owner = owners.get(`${flow} ${id}`)
    if (!owner) return []
    const what = byName.get(`${flow} ${id} ${attempt.attempt}`)
    return [
      {
        ...shownTrouble(attempt, words => say(words, owner.entity)),
        is: 'attempt' as const,
        connection: owner.from,
        entity: owner.entity,
        id,
        flow,
        at: iso(at),
        endedAt: isoOrNull(endedAt),
        node: what?.node ?? null,
        mapping: what?.mapping ?? 0,
        request: show(what?.request ?? null, owner.entity),
      },
    ]
  })
}

/** A reading that is told with its fields is not told twice. */
function journal(
  { journal: entries }: Trace,
  versions: readonly Version[],
  say: Say,
): readonly TimelineEvent[] {
  const read = new Set(
    versions.map(({ connection, entity, id, at }) => `${connection} ${entity} ${id} ${at}`),
  )
  return entries.flatMap(({ at, connection, entity, id, flow, who, what, words }) => {
    if (connection === undefined || entity === undefined || id === undefined) return []
    if (what === 'read' && read.has(`${connection} ${entity} ${id} ${at}`)) return []
    return [
      {
        is: 'journal',
        at: iso(at),
        connection,
        entity,
        id,
        flow: flow ?? null,
        who,
        what,
        words: say(words, entity),
      },
    ]
  })
}
