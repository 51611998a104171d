import { z } from 'zod'
import { entity, time } from './shapes.ts'

/** The shapes of mappings. What an operator writes is checked by the server, which knows the schemas. */

/** Fields and tables that are laid over the connector's: see packages/mapping/README.md. */
export const ownMapping = z.object({
  fields: z.record(z.string(), z.unknown()).optional(),
  tables: z.record(z.string(), z.record(z.string(), z.unknown()).nullable()).optional(),
})
export type OwnMappingAnswer = z.infer<typeof ownMapping>

const version = z.object({
  /** 0: the configuration's own. */
  version: z.int(),
  at: time.nullable(),
  who: z.string(),
  why: z.string(),
})

/** Reads rows of a connection ('shop.SalesOrder'), or writes into a flow's target (the flow's name). */
export const mappingHead = z.object({
  name: z.string(),
  does: z.enum(['read', 'write']),
  entity,
  /** The connection whose rows are read, or the flow's two ends. */
  from: z.string(),
  to: z.string(),
  live: version,
  /** How many fields and tables are the operator's. */
  own: z.int(),
})
export type MappingHead = z.infer<typeof mappingHead>

const place = z.object({
  path: z.string(),
  kinds: z.array(z.string()),
  required: z.boolean(),
  values: z.array(z.unknown()),
})
export type PlaceAnswer = z.infer<typeof place>

export const mappingDetail = mappingHead.extend({
  /** What is live now. */
  mapping: ownMapping,
  /** The connector's fields, which the operator's are laid over. */
  base: z.array(z.object({ field: z.string(), words: z.string(), expression: z.unknown() })),
  /** The connector's tables with the operator's rows over them. */
  tables: z.record(z.string(), z.record(z.string(), z.unknown())),
  source: z.array(place),
  target: z.array(place),
  /** Newest first; the last is the configuration's. */
  versions: z.array(version.extend({ mapping: ownMapping })),
})
export type MappingDetail = z.infer<typeof mappingDetail>

export const captured = z.object({
  id: z.string(),
  label: z.string().nullable(),
  parked: z.boolean(),
  problem: z.string().nullable(),
})
export type CapturedAnswer = z.infer<typeof captured>

/** What is wrong with a mapping, before any record comes. */
const fault = z.object({ field: z.string(), words: z.string() })

export const mappingPreview = z.object({
  faults: z.array(fault),
  /** Null: no record has been read yet, or the mapping cannot be tried. */
  record: captured.nullable(),
  /** What the mapping reads, personal data masked. */
  source: z.unknown(),
  fields: z.array(
    z.object({
      field: z.string(),
      layer: z.enum(['connector', 'own', 'both']),
      words: z.string(),
      reads: z.array(z.object({ path: z.string(), values: z.array(z.unknown()) })),
      outcome: z.unknown(),
      problem: z.string().nullable(),
    }),
  ),
  result: z.unknown(),
  /** Why the target would not take it. */
  problems: z.array(z.string()),
  /** Records that have to be linked before: 'Account 7'. */
  waits: z.array(z.string()),
})
export type MappingPreview = z.infer<typeof mappingPreview>

export const mappingDifference = z.object({
  faults: z.array(fault),
  /** Captured records that both were tried on. */
  looked: z.int(),
  /** How many become readable or writable, and how many would not be any more. */
  mended: z.int(),
  broken: z.int(),
  records: z.array(
    captured.extend({
      fields: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
      before: z.array(z.string()),
      after: z.array(z.string()),
    }),
  ),
})
export type MappingDifference = z.infer<typeof mappingDifference>

export const seenValues = z.object({
  tables: z.array(
    z.object({
      table: z.string(),
      fields: z.array(z.string()),
      values: z.array(
        z.object({
          value: z.string(),
          /** In how many of the records that were looked at. */
          count: z.int(),
          /** In how many that are parked. */
          parked: z.int(),
          has: z.boolean(),
          /** The ids of some of them. */
          ids: z.array(z.string()),
        }),
      ),
    }),
  ),
})
export type SeenValues = z.infer<typeof seenValues>

/** Parked deliveries that another mapping can carry now, by their flows. */
export const mendedDeliveries = z.object({
  mended: z.array(z.object({ flow: z.string(), ids: z.array(z.string()) })),
})
export type MendedDeliveries = z.infer<typeof mendedDeliveries>
