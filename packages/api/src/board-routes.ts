import { z } from 'zod'
import { comparison, comparisonDetail, ignoredField, pushed, sides, stock } from './board-shapes.ts'
import { route } from './route.ts'

const record = z.strictObject({ flow: z.string(), id: z.string() })
const field = z.strictObject({
  flow: z.string(),
  field: z.string(),
  /** Only in this record of the flow's source; in all of them, when left out. */
  id: z.string().min(1).optional(),
  who: z.string().default('cli'),
})

/** The routes of the comparison board. What is asked with GET is told from what is known: no shop and no ERP is asked. */
export const boardRoutes = {
  comparisons: route('GET', '/comparisons', "How every flow's two sides stood when they were last compared", {
    answer: z.object({ comparisons: z.array(comparison) }),
  }),
  comparison: route(
    'GET',
    '/comparisons/{flow}',
    'What differed when the two sides of a flow were last compared',
    {
      params: z.strictObject({ flow: z.string() }),
      answer: comparisonDetail,
    },
  ),
  sides: route(
    'GET',
    '/comparisons/{flow}/{id}',
    'A record and its counterpart, field by field, as last read',
    {
      params: record,
      answer: sides,
    },
  ),
  readSides: route(
    'POST',
    '/comparisons/{flow}/{id}/read',
    'A record and its counterpart, field by field, as both systems have them now',
    { params: record, answer: sides },
  ),
  push: route(
    'POST',
    '/comparisons/{flow}/{id}/push',
    'Write one side of a record over the other: first what would change, then exactly that',
    {
      params: record,
      body: z.strictObject({
        /** The connection that is written. */
        to: z.string(),
        /** Says what would change, and changes nothing. */
        dryRun: z.boolean().default(false),
        /** Of the dry run: nothing is done when either side has moved since. */
        proof: z.string().optional(),
        who: z.string().default('cli'),
      }),
      answer: pushed,
    },
  ),
  ignored: route('GET', '/ignored', 'Fields that people had comparisons leave out', {
    query: z.strictObject({ flow: z.string().optional() }),
    answer: z.object({ ignored: z.array(ignoredField) }),
  }),
  ignoreField: route('POST', '/ignored', 'Have comparisons of a flow leave out a field, with a reason', {
    body: field.extend({ why: z.string().min(3) }),
    answer: z.object({ done: z.boolean() }),
  }),
  endIgnoring: route('POST', '/ignored/end', 'Have comparisons count a field again', {
    body: field,
    answer: z.object({
      /** False: it was not left out. */
      done: z.boolean(),
    }),
  }),
  stock: route('GET', '/stock/{sku}', 'What every system says about the stock of an article', {
    params: z.strictObject({ sku: z.string() }),
    answer: stock,
  }),
} as const
