import { z } from 'zod'
import { delivery, entity, money, parkedDelivery, pausedShape, recordKey, time, trouble } from './shapes.ts'

/** The shapes of the console's screens. */

/** A record as it is told from others in a list. */
export const recordHead = recordKey.extend({
  /** What people call it: its number, its SKU, its name. */
  label: z.string(),
  state: z.string(),
  total: money.nullable(),
})
export type RecordHead = z.infer<typeof recordHead>

export const found = recordHead.extend({
  /** What kind of number carried it: 'tracking'. */
  kind: z.string(),
  value: z.string(),
  exact: z.boolean(),
})
export type FoundAnswer = z.infer<typeof found>

const eventBase = recordKey.extend({ at: time })
export const timelineEvent = z.discriminatedUnion('is', [
  /** It was read, and differed from before; in these fields. */
  eventBase.extend({
    is: z.literal('read'),
    cause: z.string(),
    version: z.string(),
    /** The version of the mapping that read it; 0: the configuration's. */
    mapping: z.int(),
    fields: z.array(z.string()),
  }),
  eventBase.extend({
    is: z.literal('attempt'),
    flow: z.string(),
    attempt: z.int(),
    endedAt: time.nullable(),
    node: z.string().nullable(),
    /** The version of the mapping that made the request; 0: the configuration's. */
    mapping: z.int(),
    operation: z.string(),
    key: z.string(),
    outcome: z.string().nullable(),
    targetId: z.string().nullable(),
    trouble: trouble.nullable(),
    /** What was sent, masked unless it was revealed. */
    request: z.unknown(),
  }),
  eventBase.extend({
    is: z.literal('journal'),
    flow: z.string().nullable(),
    who: z.string(),
    what: z.string(),
    words: z.string(),
  }),
  eventBase.extend({ is: z.literal('link'), to: recordKey, how: z.string() }),
  eventBase.extend({ is: z.literal('comment'), who: z.string(), words: z.string() }),
])
export type TimelineEvent = z.infer<typeof timelineEvent>

/** What a person put right in a record, as long as its system says what it said then. */
const change = z.object({
  path: z.array(z.union([z.string(), z.int()])),
  was: z.unknown(),
  now: z.unknown(),
})
export const correction = z.object({ changes: z.array(change), at: time, who: z.string(), why: z.string() })

export const corrected = z.object({
  changes: z.array(change),
  /** Why it still could not be read. */
  problems: z.array(z.string()),
  /** How many parked deliveries are tried again. */
  retried: z.int(),
})
export type CorrectedAnswer = z.infer<typeof corrected>

export const timeline = z.object({
  record: recordHead.extend({
    version: z.string(),
    readAt: time,
    changedAt: time,
    gone: z.boolean(),
    problem: z.string().nullable(),
    /** Where its own system shows it. */
    url: z.string().nullable(),
    /** In our words and in its system's own. */
    canonical: z.unknown(),
    row: z.unknown(),
    correction: correction.nullable(),
  }),
  revealed: z.boolean(),
  /** All records of the story, this one among them, in the story's order. */
  related: z.array(recordHead.extend({ url: z.string().nullable(), gone: z.boolean() })),
  deliveries: z.array(delivery),
  /** Newest first. */
  events: z.array(timelineEvent),
})
export type TimelineAnswer = z.infer<typeof timeline>

export const cause = z.object({
  cause: z.string(),
  flow: z.string(),
  entity,
  from: z.string(),
  to: z.string(),
  kind: z.string(),
  words: z.string(),
  count: z.int(),
  /** Of the others nobody knows whether they arrived: these are answered, not tried again. */
  retryable: z.int(),
  worth: z.array(money),
  firstSeenAt: time,
  lastSeenAt: time,
  is: z.enum(['new', 'ongoing', 'returned', 'resolved']),
  resolvedAt: time.nullable(),
})
export type CauseAnswer = z.infer<typeof cause>

export const parkedPage = z.object({
  parked: z.array(parkedDelivery.extend({ cause: z.string() })),
  /** Hand it in as `after` for the next page; null: that was all. */
  next: z.string().nullable(),
})

export const verdict = z.object({
  is: z.enum(['green', 'amber', 'red', 'calm']),
  /** Why it is not green: a code for programs and for the words of each language, and what the words need. */
  because: z.array(
    z.object({ code: z.string(), facts: z.record(z.string(), z.union([z.string(), z.number()])) }),
  ),
})
export type VerdictAnswer = z.infer<typeof verdict>

export const flowHealth = z.object({
  name: z.string(),
  entity,
  from: z.string(),
  to: z.string(),
  verdict,
  /** How many of those owed in the last 24 hours were there in time. */
  punctual: z.object({ all: z.int(), inTime: z.int(), withinMs: z.int() }),
  open: z.int(),
  parked: z.int(),
  oldestOwedAt: time.nullable(),
  stuck: z.array(money),
  paused: pausedShape.extend({ until: time.nullable() }).nullable(),
  /** Attempts that wrote something, by hour, the last 24 hours, oldest first. */
  hours: z.array(z.int()),
})
export type FlowHealth = z.infer<typeof flowHealth>

export const connectionHealth = z.object({
  name: z.string(),
  connector: z.string(),
  title: z.string(),
  role: z.string(),
  verdict,
  /** Notifications that wait to be read. */
  backlog: z.int(),
  budget: z.object({ left: z.int(), of: z.int(), perMs: z.int() }),
  paused: pausedShape.extend({ until: time.nullable() }).nullable(),
  blockedUntil: time.nullable(),
})
export type ConnectionHealth = z.infer<typeof connectionHealth>

export const home = z.object({
  at: time,
  node: z.string(),
  version: z.string(),
  verdict,
  flows: z.array(flowHealth),
  connections: z.array(connectionHealth),
  stuck: z.array(money),
  parked: z.int(),
  /** Counts of the last 24 hours beside the 24 hours before. */
  changed: z.array(z.object({ what: z.string(), now: z.int(), before: z.int() })),
})
export type HomeAnswer = z.infer<typeof home>

export const run = z.object({
  from: time,
  until: time,
  read: z.int(),
  created: z.int(),
  updated: z.int(),
  failed: z.int(),
  skipped: z.int(),
  parked: z.int(),
})
export type RunAnswer = z.infer<typeof run>

export const flowDetail = z.object({
  flow: flowHealth,
  topology: z.enum(['hub', 'bus', 'point-to-point']),
  trigger: z.string(),
  creates: z.boolean(),
  updates: z.boolean(),
  matches: z.boolean(),
  schedule: z.string(),
  /** The version of the mapping that writes; 0: the configuration's. */
  mapping: z.int(),
  states: z.record(z.string(), z.int()),
  polls: z.array(z.object({ nextAt: time, finishedAt: time.nullable(), problem: z.string().nullable() })),
  nextRuns: z.array(time),
  runs: z.array(run),
})
export type FlowDetail = z.infer<typeof flowDetail>

export const connectionDetail = z.object({
  connection: connectionHealth,
  /** Settings as configured; what is secret is left out. */
  settings: z.array(z.object({ name: z.string(), value: z.string().nullable(), secret: z.boolean() })),
  credentials: z.array(
    z.object({ name: z.string(), changedAt: time.nullable(), expiresAt: time.nullable(), where: z.string() }),
  ),
  entities: z.array(
    z.object({
      entity,
      count: z.int(),
      poll: z.boolean(),
      get: z.boolean(),
      match: z.boolean(),
      write: z.string().nullable(),
      create: z.boolean(),
      nextAt: time.nullable(),
      finishedAt: time.nullable(),
      problem: z.string().nullable(),
    }),
  ),
  webhookUrl: z.string().nullable(),
})
export type ConnectionDetail = z.infer<typeof connectionDetail>

export const webhookVerdicts = ['kept', 'known', 'greeting', 'forged', 'unreadable'] as const

export const webhookCall = z.object({
  /** Counts up at this node. */
  seq: z.int(),
  at: time,
  connection: z.string(),
  verdict: z.enum(webhookVerdicts),
  kept: z.int(),
  bytes: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
})
export type WebhookCall = z.infer<typeof webhookCall>
