import { subjectOf, type Message } from '@linchpin/bus'
import { entityNames, type EntityName } from '@linchpin/model'
import type { Outgoing, StoredRecord, ToldLink, ToldOutcome, ToldUnlink } from '@linchpin/store'
import { z } from 'zod'

/**
 * What goes over the bus: CloudEvents 1.0 in their structured JSON form
 * (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md). Each carries enough to act on:
 * the whole canonical record, and whose it is. A newer event about the same thing takes the place of an older one.
 */
const entity = z.enum(entityNames as [EntityName, ...EntityName[]])
const trouble = z.object({ kind: z.string(), words: z.string() }).nullable()
const end = z.object({ connection: z.string(), id: z.string() })

const recordData = z.object({
  connection: z.string(),
  entity,
  id: z.string(),
  version: z.string(),
  hash: z.string(),
  /** When its system was asked, in ms since 1970: what was read earlier never takes the place of what was read later. */
  readAt: z.number(),
  canonical: z.unknown(),
  problem: z.string().nullable(),
  gone: z.boolean(),
  /** Somebody asked for it: whoever waits for it goes on, even if nothing changed. */
  asked: z.boolean(),
})
export type RecordData = z.infer<typeof recordData>

const unlinkData = z.object({ entity, left: end, right: end, at: z.number() })
const linkData = unlinkData.extend({ alias: z.boolean(), how: z.string() })

const outcomeData = z.object({
  flow: z.string(),
  entity,
  id: z.string(),
  from: z.string(),
  to: z.string(),
  lane: z.string(),
  hash: z.string(),
  state: z.enum(['done', 'skipped', 'parked']),
  trouble,
  at: z.number(),
})

const rollData = z.object({
  connection: z.string(),
  entity,
  /** Each with its hash. */
  records: z.array(z.tuple([z.string(), z.string()])),
  /** Those that are gone. */
  gone: z.array(z.string()).default([]),
})
export type RollData = z.infer<typeof rollData>

const TYPES = {
  record: 'io.linchpin.record.v1',
  link: 'io.linchpin.link.v1',
  links: 'io.linchpin.links.v1',
  unlink: 'io.linchpin.unlink.v1',
  unlinks: 'io.linchpin.unlinks.v1',
  outcome: 'io.linchpin.outcome.v1',
  outcomes: 'io.linchpin.outcomes.v1',
  roll: 'io.linchpin.roll.v1',
} as const

const envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  source: z.string().min(1),
  type: z.string().min(1),
})
const heard = z.discriminatedUnion('type', [
  envelope.extend({ type: z.literal(TYPES.record), data: recordData }),
  envelope.extend({ type: z.literal(TYPES.link), data: linkData }),
  envelope.extend({ type: z.literal(TYPES.links), data: z.array(linkData) }),
  envelope.extend({ type: z.literal(TYPES.unlink), data: unlinkData }),
  envelope.extend({ type: z.literal(TYPES.unlinks), data: z.array(unlinkData) }),
  envelope.extend({ type: z.literal(TYPES.outcome), data: outcomeData }),
  envelope.extend({ type: z.literal(TYPES.outcomes), data: z.array(outcomeData) }),
  envelope.extend({ type: z.literal(TYPES.roll), data: rollData }),
])

export type Heard =
  | { readonly is: 'record'; readonly data: RecordData }
  | { readonly is: 'links'; readonly data: readonly ToldLink[] }
  | { readonly is: 'unlinks'; readonly data: readonly ToldUnlink[] }
  | { readonly is: 'outcomes'; readonly data: readonly ToldOutcome[] }
  | { readonly is: 'roll'; readonly data: RollData }
  | { readonly is: 'unreadable'; readonly words: string }

/** A message as what it says. Of a type that we do not know (a newer Linchpin's), and of what is none, the reason. */
export function readEvent({ body }: Message): Heard {
  const parsed = heard.safeParse(parsedJson(body))
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`)
    return { is: 'unreadable', words: faults.slice(0, 5).join('; ') }
  }
  const { type, data } = parsed.data
  switch (type) {
    case TYPES.record:
      return { is: 'record', data }
    case TYPES.link:
      return { is: 'links', data: [data] }
    case TYPES.links:
      return { is: 'links', data }
    case TYPES.unlink:
      return { is: 'unlinks', data: [data] }
    case TYPES.unlinks:
      return { is: 'unlinks', data }
    case TYPES.outcome:
      return { is: 'outcomes', data: [data] }
    case TYPES.outcomes:
      return { is: 'outcomes', data }
    case TYPES.roll:
      return { is: 'roll', data }
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

/**
 * The id of news that is told twice is the same both times: the bus keeps it once. `readAt` stands in it as well, since
 * a database that was made anew counts from one again.
 */
export function recordMessage(
  { row }: Pick<Outgoing, 'row'>,
  record: StoredRecord,
  canonical: unknown,
): Message {
  const { connection, entity: name, id, version, hash, readAt, problem, gone } = record
  const key = `${connection}/${name}/${id}`
  const data = { connection, entity: name, id, version, hash, readAt, canonical, problem, gone }
  return message({
    type: TYPES.record,
    id: `${key}@${row.seq}.${readAt}`,
    connection,
    about: `${name}/${id}`,
    at: readAt,
    key,
    subject: [name, connection, id],
    data: { ...data, asked: row.force },
  })
}

export const linkMessage = (news: Pick<Outgoing, 'row'>, link: ToldLink) => pairMessage('link', news, link)

/** It takes the place of what told the link: whoever joins later never hears of that. */
export const unlinkMessage = (news: Pick<Outgoing, 'row'>, unlink: ToldUnlink) =>
  pairMessage('unlink', news, unlink)

function pairMessage(is: 'link' | 'unlink', { row }: Pick<Outgoing, 'row'>, told: ToldUnlink): Message {
  const { entity: name, left, right, at } = told
  const key = `${name}/${left.connection}/${left.id}/${right.connection}/${right.id}`
  return message({
    type: TYPES[is],
    id: `${is}/${key}@${row.seq}.${at}`,
    connection: left.connection,
    about: `${name}/${left.id}`,
    at,
    key,
    subject: ['Link', left.connection, right.connection, name, left.id, right.id],
    data: told,
  })
}

export function outcomeMessage({ row }: Pick<Outgoing, 'row'>, outcome: ToldOutcome): Message {
  const { flow, id, from, to, at } = outcome
  return message({
    type: TYPES.outcome,
    id: `outcome/${flow}/${id}@${row.seq}.${at}`,
    connection: to,
    about: `${outcome.entity}/${id}`,
    at,
    key: `${flow}/${id}`,
    subject: ['Outcome', from, to, flow, id],
    data: outcome,
  })
}

/** One page of the links that a flow made, or of what became of its deliveries, as they are told again. */
export interface Page<Thing> {
  readonly flow: string
  readonly from: string
  readonly to: string
  readonly things: readonly Thing[]
  readonly page: number
}

export function linksMessage({ flow, from, to, things, page }: Page<ToldLink>, now: number): Message {
  const [left = '', right = ''] = [from, to].toSorted()
  return message({
    type: TYPES.links,
    id: `links/${flow}/${page}@${now}`,
    connection: left,
    about: flow,
    at: now,
    key: flow,
    // No entity is called `roll`: it never takes the place of a single link.
    subject: ['Link', left, right, 'roll', flow, String(page)],
    data: things,
  })
}

/**
 * What stands no longer as a link between two connections, as it is told again. No entity is called `unlinked`. Either side
 * tells what it knows, so its name stands in the subject: one message would take the place of the other's.
 */
export function unlinksMessage(spoken: SpokenOf<ToldUnlink>, now: number): Message {
  return spokenMessage(TYPES.unlinks, 'unlinked', spoken, now)
}

/** Links between two connections that a person made, as they are told again. No entity is called `said`. */
export function saidMessage(spoken: SpokenOf<ToldLink>, now: number): Message {
  return spokenMessage(TYPES.links, 'said', spoken, now)
}

function spokenMessage(
  type: string,
  what: string,
  { speaker, left, right, things, page }: SpokenOf<unknown>,
  now: number,
): Message {
  return message({
    type,
    id: `${what}/${speaker}/${left}/${right}/${page}@${now}`,
    connection: speaker,
    about: speaker === left ? right : left,
    at: now,
    key: `${left}/${right}`,
    subject: ['Link', left, right, what, speaker, String(page)],
    data: things,
  })
}

interface SpokenOf<Thing> extends Pick<Page<Thing>, 'things' | 'page'> {
  /** The connection whose adapter tells it. */
  readonly speaker: string
  readonly left: string
  readonly right: string
}

export function outcomesMessage({ flow, from, to, things, page }: Page<ToldOutcome>, now: number): Message {
  return message({
    type: TYPES.outcomes,
    id: `outcomes/${flow}/${page}@${now}`,
    connection: to,
    about: flow,
    at: now,
    key: flow,
    subject: ['Outcome', from, to, flow, 'roll', String(page)],
    data: things,
  })
}

export function rollMessage(roll: RollData, page: number, now: number): Message {
  const { connection, entity: name } = roll
  return message({
    type: TYPES.roll,
    id: `roll/${connection}/${name}/${page}@${now}`,
    connection,
    about: name,
    at: now,
    key: `${connection}/${name}`,
    subject: ['Roll', connection, name, String(page)],
    data: roll,
  })
}

function message(event: {
  readonly type: string
  readonly id: string
  readonly connection: string
  readonly about: string
  readonly at: number
  readonly key: string
  readonly subject: readonly string[]
  readonly data: unknown
}): Message {
  const body = {
    specversion: '1.0',
    id: event.id,
    source: `/connections/${encodeURIComponent(event.connection)}`,
    type: event.type,
    subject: event.about,
    time: new Date(event.at).toISOString(),
    datacontenttype: 'application/json',
    partitionkey: event.key,
    data: event.data,
  }
  return { subject: subjectOf('linchpin', ...event.subject), id: event.id, body: JSON.stringify(body) }
}
