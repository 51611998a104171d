import { z } from 'zod'
import {
  cause,
  connectionDetail,
  corrected,
  flowDetail,
  found,
  home,
  parkedPage,
  timeline,
  webhookCall,
  webhookVerdicts,
} from './desk-shapes.ts'
import { route } from './route.ts'
import { entity, runReport, time } from './shapes.ts'

const key = z.strictObject({ connection: z.string(), entity, id: z.string() })
const named = z.strictObject({ name: z.string() })
const who = z.string().default('cli')

/** The routes that the console's screens need besides those of the command line. */
export const deskRoutes = {
  home: route('GET', '/home', 'Health of every flow and connection, and what changed since yesterday', {
    answer: home,
  }),
  search: route('GET', '/search', 'The records that carry a number, or one that begins so', {
    query: z.strictObject({
      text: z.string().min(1).max(200),
      limit: z.coerce.number().int().min(1).max(50).default(20),
    }),
    answer: z.object({ found: z.array(found) }),
  }),
  timeline: route(
    'GET',
    '/records/{connection}/{entity}/{id}',
    'A record and its story over all connections; personal data masked',
    { params: key, answer: timeline },
  ),
  reveal: route(
    'POST',
    '/records/{connection}/{entity}/{id}/reveal',
    'The same, with personal data; the journal says who looked, and why',
    { params: key, body: z.strictObject({ reason: z.string().min(3), who }), answer: timeline },
  ),
  setCredential: route(
    'POST',
    '/connections/{name}/credentials/{setting}',
    'Enter a credential anew; it is never shown again, and used from the next start on',
    {
      params: z.strictObject({ name: z.string(), setting: z.string() }),
      body: z.strictObject({
        secret: z.string().min(1).max(10_000),
        /** Until when the other system takes it: Linchpin says so in time. */
        expiresAt: z.iso.datetime().nullable().default(null),
        who,
      }),
      answer: z.object({ done: z.boolean() }),
    },
  ),
  comment: route('POST', '/records/{connection}/{entity}/{id}/comments', 'Say something about a record', {
    params: key,
    body: z.strictObject({ words: z.string().min(1).max(4000), who }),
    answer: z.object({ done: z.boolean() }),
  }),
  correct: route(
    'POST',
    '/records/{connection}/{entity}/{id}/correct',
    'Put a record right as its system has it, keep what it was, and try what is parked again',
    {
      params: key,
      body: z.strictObject({
        /** The whole row, corrected. */
        row: z.unknown().optional(),
        /** Or single places of it. */
        set: z
          .array(z.strictObject({ path: z.array(z.union([z.string(), z.int()])).min(1), now: z.unknown() }))
          .max(100)
          .optional(),
        /** Says what it would do, and does nothing. */
        dryRun: z.boolean().default(false),
        why: z.string().min(3),
        who,
      }),
      answer: corrected,
    },
  ),
  causes: route('GET', '/parked/causes', 'Why deliveries are parked, each cause once', {
    answer: z.object({ causes: z.array(cause) }),
  }),
  parkedPage: route('GET', '/parked/page', 'Parked deliveries page by page, also of one cause', {
    query: z.strictObject({
      flow: z.string().optional(),
      cause: z.string().optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(50),
      after: z.string().optional(),
    }),
    answer: parkedPage,
  }),
  progress: route('POST', '/parked/progress', 'How deliveries stand that something was asked of', {
    body: z.strictObject({ flow: z.string(), ids: z.array(z.string()).max(1000) }),
    answer: z.object({ states: z.record(z.string(), z.int()) }),
  }),
  flow: route('GET', '/flows/{name}', 'One flow: how it stands, when it runs, what it did', {
    params: named,
    query: z.strictObject({ hours: z.coerce.number().int().min(1).max(336).default(48) }),
    answer: flowDetail,
  }),
  flowRuns: route('GET', '/flows/{name}/runs', 'The runs of a flow in batches, the newest first', {
    params: named,
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(20) }),
    answer: z.object({ runs: z.array(runReport), nextAt: time.nullable() }),
  }),
  connection: route('GET', '/connections/{name}', 'One connection: settings, credentials, what it can do', {
    params: named,
    answer: connectionDetail,
  }),
  webhooks: route(
    'GET',
    '/webhooks',
    'The last webhooks that came to this node, newest first, with the verdict on each',
    {
      query: z.strictObject({
        connection: z.string().optional(),
        verdict: z.enum(webhookVerdicts).optional(),
        before: z.coerce.number().int().min(1).optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      answer: z.object({
        calls: z.array(webhookCall),
        /** Give it as `before` for the next page; null: that was all. */
        next: z.int().nullable(),
      }),
    },
  ),
} as const
