import { z } from 'zod'
import { recordHead } from './desk-shapes.ts'
import { entity, reconciliation, time } from './shapes.ts'

/** The shapes of the comparison board. */

/** How a flow's two sides stood when they were last compared. */
export const comparison = reconciliation.omit({ discrepancies: true, healed: true }).extend({
  /** Null: they were never compared. */
  comparedAt: time.nullable(),
  /** Since when the oldest difference stands. */
  oldestAt: time.nullable(),
  /** How many of the first thousand differences were not there 24 hours ago. */
  lately: z.int(),
})
export type ComparisonAnswer = z.infer<typeof comparison>

/** A record and its counterpart, field by field, as both were last read. Personal data is masked. */
export const sides = z.object({
  flow: z.string(),
  left: recordHead,
  right: recordHead.nullable(),
  leftReadAt: time,
  rightReadAt: time.nullable(),
  fields: z.array(z.object({ field: z.string(), left: z.unknown(), right: z.unknown(), same: z.boolean() })),
})
export type SidesAnswer = z.infer<typeof sides>

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
