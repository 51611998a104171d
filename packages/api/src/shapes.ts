import { entityNames, type EntityName } from '@linchpin/model'
import { z } from 'zod'

/** The shapes that cross HTTP. Times are UTC instants; amounts decimal texts with their currency. */
export const time = z.iso.datetime()
export const entity = z.enum(entityNames as [EntityName, ...EntityName[]])
export const recordKey = z.object({ connection: z.string(), entity, id: z.string() })
export const money = z.object({ amount: z.string(), currency: z.string() })
export const trouble = z.object({ kind: z.string(), words: z.string() })

export const pausedShape = z.object({ at: time, by: z.string(), reason: z.string() })

export const connectionState = z.object({
  name: z.string(),
  connector: z.string(),
  state: z.enum(['open', 'paused', 'waiting']),
  paused: pausedShape.nullable(),
  blockedUntil: time.nullable(),
  backlog: z.int(),
  polls: z.array(
    z.object({
      entity,
      nextAt: time,
      finishedAt: time.nullable(),
      rounds: z.int(),
      problem: z.string().nullable(),
    }),
  ),
})

export const flowState = z.object({
  name: z.string(),
  entity,
  from: z.string(),
  to: z.string(),
  /** 'realtime', 'batch', 'continuous', or several of them. */
  modes: z.array(z.string()),
  state: z.enum(['open', 'paused']),
  paused: pausedShape.nullable(),
  since: time,
  /** How many deliveries stand in which state. */
  deliveries: z.record(z.string(), z.int()),
  oldestOwedAt: time.nullable(),
  /** What is parked or still owed, in money. */
  stuck: z.array(money),
  /**
   * Of the changes of the last 24 hours at the source: how many a webhook rang for, and how many only the sweep caught.
   * Null: the source sends no webhooks.
   */
  changes: z.object({ rung: z.int(), caught: z.int() }).nullable(),
})

/** One run of a flow in batches. */
export const runReport = z.object({
  /** The time by the clock that it stands for. */
  dueAt: time,
  /** 'left out': nobody was there at its time, and the flow does not catch up. */
  state: z.enum(['reading', 'delivering', 'ended', 'left out']),
  beganAt: time,
  endedAt: time.nullable(),
  /** How long it took until now, in ms. */
  tookMs: z.int(),
  read: z.int(),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  skipped: z.int(),
  parked: z.int(),
})
export type RunReport = z.infer<typeof runReport>

export const status = z.object({
  version: z.string(),
  node: z.string(),
  at: time,
  connections: z.array(connectionState),
  flows: z.array(flowState),
  records: z.array(z.object({ connection: z.string(), entity, count: z.int() })),
})
export type StatusAnswer = z.infer<typeof status>

export const delivery = z.object({
  flow: z.string(),
  entity,
  id: z.string(),
  from: z.string(),
  to: z.string(),
  state: z.string(),
  tries: z.int(),
  attempts: z.int(),
  trouble: trouble.nullable(),
  owedAt: time,
  nextAt: time,
  settledAt: time.nullable(),
})

export const parkedDelivery = delivery.extend({
  label: z.string().nullable(),
  parkedAt: time,
  worth: money.nullable(),
  /** A create of which nobody knows whether it arrived: answer it, do not retry it. */
  unknown: z.boolean(),
})
export type ParkedAnswer = z.infer<typeof parkedDelivery>

export const trace = z.object({
  asked: z.string(),
  /** In the order of the story: the order first, then what became of it. */
  records: z.array(
    recordKey.extend({
      number: z.string().nullable(),
      title: z.string(),
      state: z.string(),
      total: money.nullable(),
      version: z.string(),
      readAt: time,
      changedAt: time,
      gone: z.boolean(),
      problem: z.string().nullable(),
      url: z.string().nullable(),
      parents: z.array(recordKey),
      tracking: z.array(z.string()),
    }),
  ),
  links: z.array(z.object({ entity, left: recordKey, right: recordKey, how: z.string(), at: time })),
  deliveries: z.array(delivery),
  attempts: z.array(
    z.object({
      flow: z.string(),
      id: z.string(),
      attempt: z.int(),
      at: time,
      endedAt: time.nullable(),
      operation: z.string(),
      key: z.string(),
      outcome: z.string().nullable(),
      targetId: z.string().nullable(),
      trouble: trouble.nullable(),
    }),
  ),
  journal: z.array(
    z.object({
      at: time,
      connection: z.string().nullable(),
      entity: z.string().nullable(),
      id: z.string().nullable(),
      flow: z.string().nullable(),
      who: z.string(),
      what: z.string(),
      words: z.string(),
    }),
  ),
})
export type TraceAnswer = z.infer<typeof trace>

export const connectionTest = z.object({
  name: z.string(),
  connector: z.string(),
  is: z.enum(['up', 'degraded', 'down']),
  version: z.string().nullable(),
  clockSkewMs: z.number().nullable(),
  notes: z.array(z.string()),
  sample: z
    .object({
      entity,
      id: z.string(),
      title: z.string(),
      readable: z.boolean(),
      problem: z.string().nullable(),
    })
    .nullable(),
  took: z.object({ ms: z.number() }),
})
export type ConnectionTest = z.infer<typeof connectionTest>

/** In the target's own words: what the flow would write, what is there, and whose word counts (null: nobody's). */
const fieldDifference = z.object({
  field: z.string(),
  ours: z.unknown(),
  /** Left out: nothing is there. */
  theirs: z.unknown().optional(),
  owner: z.string().nullable(),
})

/**
 * How fresh a side is that another process speaks to: it is as that told it on the bus, and the newest record of it had
 * been read there at that time (null: nothing was told).
 */
export const told = z.object({ connection: z.string(), at: time.nullable() })
export type ToldAnswer = z.infer<typeof told>

export const planned = z.object({
  id: z.string(),
  key: z.string(),
  label: z.string().nullable(),
  would: z.enum(['create', 'update', 'link', 'nothing', 'skip', 'park', 'wait']),
  words: z.string(),
  /** The write row in the target's own words, or null. */
  row: z.unknown(),
  targetId: z.string().nullable(),
  fields: z.array(fieldDifference),
  worth: money.nullable(),
  /** What `apply` asks for: another one when either side or the mapping has changed. */
  proof: z.string().nullable(),
})
export type PlannedAnswer = z.infer<typeof planned>

export const matched = z.object({
  id: z.string(),
  label: z.string().nullable(),
  is: z.enum(['linked', 'sure', 'likely', 'ambiguous', 'unmatched']),
  words: z.string(),
  /** Records of the target that carry one of its keys, and what they were recognised by. */
  candidates: z.array(z.object({ id: z.string(), label: z.string().nullable(), by: z.string() })),
})
export type MatchedAnswer = z.infer<typeof matched>

export const discrepancy = z.object({
  is: z.enum(['missing', 'stray', 'different', 'duplicate', 'orphan link', 'unexplained total']),
  flow: z.string(),
  entity,
  /** Its ids in the flow's source and target, where it has one. */
  id: z.string().nullable(),
  targetId: z.string().nullable(),
  label: z.string().nullable(),
  fields: z.array(fieldDifference),
  words: z.string(),
  since: time,
  /** What the flow's policy says: mended by itself, when a person says so, or only when a person names it. */
  heal: z.enum(['automatic', 'propose', 'ask', 'ignore']),
})
export type DiscrepancyAnswer = z.infer<typeof discrepancy>

export const reconciliation = z.object({
  flow: z.string(),
  entity,
  from: z.string(),
  to: z.string(),
  /** False: there is more to compare; ask again with `goOn`. */
  done: z.boolean(),
  /** Whether this comparison reads both sides as a whole, or what changed since the last one. */
  full: z.boolean(),
  /** Records that this comparison has read until now. */
  looked: z.object({ source: z.int(), target: z.int() }),
  /** How fresh the source is over the bus; null: it was asked here. */
  told: told.nullable(),
  read: z.int(),
  same: z.int(),
  leftAlone: z.int(),
  underWay: z.int(),
  unreadable: z.int(),
  healed: z.int(),
  /** How many there are of each kind. */
  kinds: z.record(z.string(), z.int()),
  /** The first thousand. */
  discrepancies: z.array(discrepancy),
})
export type ReconciliationAnswer = z.infer<typeof reconciliation>

/** How a flow's first load stands. */
export const loadProgress = z.object({
  flow: z.string(),
  phase: z.enum(['looking', 'looked', 'loading', 'delivering', 'done']),
  /** A person stopped it; it goes on from where it was. */
  stopped: z.boolean(),
  began: time,
  ended: time.nullable(),
  /** Rows of the source's list, as counted by the look; null: not known yet. Some systems tell a record twice. */
  total: z.int().nullable(),
  read: z.int(),
  /** By the look, each record once: how many would be created, updated, linked, left as they are, left out … */
  would: z.record(z.string(), z.int()),
  /** Why it does not get on. */
  problem: z.string().nullable(),
  /** Records a second, of late. */
  rate: z.number(),
  leftMs: z.int().nullable(),
})
export type LoadAnswer = z.infer<typeof loadProgress>

/** RFC 9457. `code` is stable; `detail` is for people. */
export const problemShape = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
})
export type ProblemAnswer = z.infer<typeof problemShape>
