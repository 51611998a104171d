import { z } from 'zod'
import {
  captured,
  mappingDetail,
  mappingDifference,
  mappingHead,
  mappingPreview,
  mendedDeliveries,
  ownMapping,
  seenValues,
} from './mapping-shapes.ts'
import { route } from './route.ts'

const named = z.strictObject({ name: z.string() })
const who = z.string().default('cli')
const why = z.string().min(3)
/** The version that was live when its author looked: somebody faster is not overwritten. */
const over = z.int().min(0)
const changed = z.object({ version: z.int() })

/** The routes of mappings: what they make of records, their versions, and the values that their tables lack. */
export const mappingRoutes = {
  mappings: route('GET', '/mappings', 'Every mapping, and which version of it counts', {
    answer: z.object({ mappings: z.array(mappingHead) }),
  }),
  mapping: route('GET', '/mappings/{name}', 'One mapping: its fields, its tables and its versions', {
    params: named,
    answer: mappingDetail,
  }),
  mappingRecords: route(
    'GET',
    '/mappings/{name}/records',
    'Captured records to try a mapping on, parked ones first',
    {
      params: named,
      query: z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(30) }),
      answer: z.object({ records: z.array(captured) }),
    },
  ),
  previewMapping: route(
    'POST',
    '/mappings/{name}/preview',
    'What a mapping would make of a captured record',
    {
      params: named,
      body: z.strictObject({
        /** Left out: what is live. */
        mapping: ownMapping.optional(),
        /** The record's id; left out: the first of those there are. */
        id: z.string().optional(),
      }),
      answer: mappingPreview,
    },
  ),
  compareMapping: route(
    'POST',
    '/mappings/{name}/compare',
    'What would be different on captured records, if this mapping were live',
    {
      params: named,
      body: z.strictObject({
        /** A version, or a mapping that was not saved yet. */
        version: z.int().min(0).optional(),
        mapping: ownMapping.optional(),
        limit: z.int().min(1).max(200).default(50),
      }),
      answer: mappingDifference,
    },
  ),
  saveMapping: route(
    'POST',
    '/mappings/{name}/versions',
    'Save a mapping as a new version, and make it live',
    {
      params: named,
      body: z.strictObject({ mapping: ownMapping, over, why, who }),
      answer: changed,
    },
  ),
  liveMapping: route(
    'POST',
    '/mappings/{name}/live',
    'Make an earlier version live; 0: the one of the configuration',
    {
      params: named,
      body: z.strictObject({ version: z.int().min(0), over, why, who }),
      answer: changed,
    },
  ),
  mended: route('GET', '/mappings/{name}/mended', 'What was parked for a mapping, and could be carried now', {
    params: named,
    answer: mendedDeliveries,
  }),
  seenValues: route('GET', '/mappings/{name}/values', 'What its tables are asked for, and what they lack', {
    params: named,
    answer: seenValues,
  }),
} as const
