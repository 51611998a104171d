import { z } from 'zod'
import { recordHead } from './desk-shapes.ts'
import { entity, planned, reconciliation, time } from './shapes.ts'

/** The shapes of the comparison board. */

/** How both sides stood in the course of time, oldest first: at most sixty comparisons of the last ninety days. */
const trend = z.array(z.object({ at: time, same: z.int(), kinds: z.record(z.string(), z.int()) }))
export type TrendAnswer = z.infer<typeof trend>

/** A field that a person had comparisons of a flow leave out. */
export const ignoredField = z.object({
  flow: z.string(),
  field: z.string(),
  /** A record of the flow's source; null: in all of them. */
  id: z.string().nullable(),
  since: time,
  who: z.string(),
  why: z.string(),
})
export type IgnoredAnswer = z.infer<typeof ignoredField>

/** What differed, how it stood before, and what is left out. */
export const comparisonDetail = reconciliation.extend({ trend, ignored: z.array(ignoredField) })
export type ComparisonDetail = z.infer<typeof comparisonDetail>

/** How a flow's two sides stood when they were last compared. */
export const comparison = reconciliation.omit({ discrepancies: true, healed: true }).extend({
  /** Null: they were never compared. */
  comparedAt: time.nullable(),
  /** Since when the oldest difference stands. */
  oldestAt: time.nullable(),
  /** How many of the first thousand differences were not there 24 hours ago. */
  lately: z.int(),
  trend,
})
export type ComparisonAnswer = z.infer<typeof comparison>

/** Whether one side can be written over the other, and by which flow; or why not. */
const push = z.object({
  /** The connection that would be written. */
  to: z.string(),
  /** Null: none carries it that way. */
  flow: z.string().nullable(),
  /** Null: it can. */
  not: z
    .enum(['no flow', 'never changes', 'trial', 'elsewhere', 'not there', 'under way', 'unanswered'])
    .nullable(),
  /** When a person asked for that, and no comparison has looked since: what is told here to differ is from before. */
  askedAt: time.nullable(),
})
export type PushAnswer = z.infer<typeof push>

/** One field that the flow carries, in the target's words: which side wins it, and why. */
const carriedField = z.object({
  field: z.string(),
  left: z.unknown(),
  right: z.unknown(),
  /** Null: nobody has asked the target for it yet. */
  same: z.boolean().nullable(),
  /** The connection whose word counts; null: neither's. */
  wins: z.string().nullable(),
  because: z.enum(['carried', 'both ways', 'person', 'not told', 'never changed']),
  /** What is done when it differs; `ignore`: nothing, it is not compared. */
  heal: z.enum(['automatic', 'propose', 'ask', 'ignore']),
  /** How the mapping makes it; null: it does not come of one. */
  made: z.string().nullable(),
  /** A person had it left out. */
  ignored: ignoredField.omit({ flow: true, field: true }).nullable(),
})
export type CarriedAnswer = z.infer<typeof carriedField>

/** A record and its counterpart, field by field. Personal data is masked. */
export const sides = z.object({
  flow: z.string(),
  left: recordHead,
  right: recordHead.nullable(),
  leftReadAt: time,
  rightReadAt: time.nullable(),
  /** What differs is as it was found then, which is newer than what was read; null: as it was read. */
  comparedAt: time.nullable(),
  carried: z.array(carriedField),
  /** To the left, and to the right. */
  pushes: z.array(push),
  /** Every value that either of them has, in our words. */
  fields: z.array(z.object({ field: z.string(), left: z.unknown(), right: z.unknown(), same: z.boolean() })),
})
export type SidesAnswer = z.infer<typeof sides>

/** What pushing did, or would do. */
export const pushed = z.object({
  flow: z.string(),
  to: z.string(),
  /** What is written, as it was shown; null: its source does not have it any more. */
  step: planned.nullable(),
  /** Whether its delivery is owed now. */
  owed: z.boolean(),
})
export type PushedAnswer = z.infer<typeof pushed>

const quantity = z.string().nullable()
/** What every system says about the stock of one article, and what it was told last. */
export const stock = z.object({
  sku: z.string(),
  levels: z.array(
    z.object({
      connection: z.string(),
      entity,
      id: z.string(),
      location: z.string().nullable(),
      onHand: quantity,
      reserved: quantity,
      available: quantity,
      /** When it was read, and when it last differed from before; null: its system is only told. */
      readAt: time.nullable(),
      changedAt: time.nullable(),
    }),
  ),
  told: z.array(
    z.object({
      flow: z.string(),
      to: z.string(),
      state: z.string(),
      at: time.nullable(),
      /** The quantity that was sent, in the target's own words. */
      sent: z.unknown(),
      words: z.string().nullable(),
    }),
  ),
})
export type StockAnswer = z.infer<typeof stock>
