import { z } from 'zod'
import { alertRoutes } from './alerts.ts'
import { boardRoutes } from './board-routes.ts'
import { deskRoutes } from './desk-routes.ts'
import { mappingRoutes } from './mapping-routes.ts'
import { peopleRoutes } from './people.ts'
import { route } from './route.ts'
import {
  connectionTest,
  entity,
  loadProgress,
  matched,
  parkedDelivery,
  planned,
  reconciliation,
  status,
  told,
  trace,
} from './shapes.ts'

const which = z.strictObject({
  flow: z.string().optional(),
  ids: z.array(z.string()).max(1000).optional(),
  /** All that is parked for this reason; see /parked/causes. */
  cause: z.string().optional(),
  who: z.string().default('cli'),
})
const who = z.strictObject({ who: z.string().default('cli'), reason: z.string().default('') })
const pause = who.extend({
  /** When it goes on by itself; never, when left out. */
  until: z.iso.datetime().optional(),
})
/** Where the page before ended: its `next`. */
const cursor = z.string().nullable().default(null)
/** Where the next page begins; null: that was the last. */
const next = z.string().nullable()
const count = z.object({ count: z.int() })
const done = z.object({ done: z.boolean() })

/** Every route of /api/v1: the contract of server and client. */
export const routes = {
  status: route('GET', '/status', 'How every connection and flow stands', { answer: status }),
  trace: route('GET', '/trace', 'The whole story of a record, by any number of it', {
    query: z.strictObject({ number: z.string().min(1) }),
    answer: trace,
  }),
  parked: route('GET', '/parked', 'Deliveries that need a person', {
    query: z.strictObject({
      flow: z.string().optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
    answer: z.object({ parked: z.array(parkedDelivery) }),
  }),
  retry: route('POST', '/parked/retry', 'Try parked deliveries again', { body: which, answer: count }),
  skip: route('POST', '/parked/skip', 'Give parked deliveries up, with a reason', {
    body: which.extend({ reason: z.string().min(3) }),
    answer: count,
  }),
  answer: route('POST', '/parked/answer', 'Say whether a create whose answer was lost has arrived', {
    body: z.strictObject({
      flow: z.string(),
      id: z.string(),
      /** Its id in the target; null when it is not there. */
      arrived: z.string().nullable(),
      who: z.string().default('cli'),
    }),
    answer: done,
  }),
  sync: route('POST', '/sync', "Read a page of a flow's source anew and deliver what it holds", {
    body: z.strictObject({ flow: z.string(), ids: z.array(z.string()).max(1000).optional(), cursor }),
    answer: z.object({
      /** The records of the page, each once; one can stand in a later page again. */
      ids: z.array(z.string()),
      owed: z.int(),
      next,
    }),
  }),
  replay: route('POST', '/flows/{name}/replay', 'Deliver anew what came since an instant, as it is now', {
    params: z.strictObject({ name: z.string() }),
    body: z.strictObject({
      /** Over the bus: what was published since then; else what changed at the source. */
      since: z.iso.datetime(),
      /** Only says which records it would be. */
      dryRun: z.boolean().default(false),
      cursor,
    }),
    answer: z.object({
      /** How many rows were looked at. */
      rows: z.int(),
      /** The records since then, each once; one can stand in a later page again. */
      ids: z.array(z.string()),
      owed: z.int(),
      /** The flow works in batches: they go with its next run. */
      held: z.boolean(),
      next,
    }),
  }),
  plan: route('POST', '/plan', 'What a sync would do, without doing it', {
    body: z.strictObject({
      flow: z.string(),
      ids: z.array(z.string()).max(1000).optional(),
      since: z.iso.datetime().optional(),
      cursor,
    }),
    answer: z.object({
      planned: z.array(planned),
      next,
      /** How fresh the source is over the bus; null: it was asked now. */
      told: told.nullable(),
    }),
  }),
  apply: route('POST', '/apply', 'Do what was planned, as far as nothing has moved since', {
    body: z.strictObject({
      flow: z.string(),
      steps: z.array(z.strictObject({ id: z.string(), proof: z.string() })).max(100),
      who: z.string().default('cli'),
    }),
    answer: z.object({
      owed: z.int(),
      /** Left alone, each with the reason. */
      moved: z.array(z.object({ id: z.string(), words: z.string() })),
    }),
  }),
  match: route('POST', '/match', "Which of a source's records are in the target already", {
    body: z.strictObject({
      flow: z.string(),
      cursor,
    }),
    answer: z.object({
      matched: z.array(matched),
      next,
      /** How fresh the source is over the bus; null: it was asked now. */
      told: told.nullable(),
    }),
  }),
  load: route('POST', '/flows/{name}/load', 'Look what a first load of a flow would do, do it, or stop it', {
    params: z.strictObject({ name: z.string() }),
    body: z.strictObject({
      as: z.enum(['look', 'go', 'stop']),
      /** From the beginning, whatever is under way or was done. */
      again: z.boolean().default(false),
    }),
    answer: loadProgress,
  }),
  loads: route('GET', '/loads', 'How first loads stand', {
    answer: z.object({ loads: z.array(loadProgress) }),
  }),
  reconcile: route('POST', '/reconcile', "Compare a flow's two systems as they are now", {
    body: z.strictObject({
      flow: z.string(),
      /** Reads both sides as a whole again, instead of what changed since the last comparison. */
      full: z.boolean().default(false),
      /** Goes on with the comparison that is not done yet. */
      goOn: z.boolean().default(false),
      /** Delivers anew, when all is compared, what that can mend: as the flow's policy lets happen or proposes. */
      heal: z.boolean().default(false),
      /** Delivers anew these records of the source, whatever the policy says. */
      ids: z.array(z.string()).max(1000).optional(),
    }),
    answer: reconciliation,
  }),
  testConnection: route('POST', '/connections/{name}/test', 'Whether a connection works, and what it lacks', {
    params: z.strictObject({ name: z.string() }),
    answer: connectionTest,
  }),
  pauseConnection: route(
    'POST',
    '/connections/{name}/pause',
    'Send nothing to a connection, read nothing from it',
    {
      params: z.strictObject({ name: z.string() }),
      body: pause,
      answer: done,
    },
  ),
  resumeConnection: route('POST', '/connections/{name}/resume', 'Go on with a connection', {
    params: z.strictObject({ name: z.string() }),
    body: who.extend({
      /** Also when it asked to be left alone until later (Retry-After). */
      now: z.boolean().default(false),
    }),
    answer: done,
  }),
  recoverConnection: route(
    'POST',
    '/connections/{name}/recover',
    'Bring a connection that was restored from a backup back to where it was',
    {
      params: z.strictObject({ name: z.string() }),
      body: z.strictObject({
        /** When its backup was made; by default, when the newest record was linked that it still has. */
        since: z.iso.datetime().optional(),
        /** Without it only what would be done is said. */
        apply: z.boolean().default(false),
        who: z.string().default('cli'),
      }),
      answer: z.object({
        looked: z.int(),
        lost: z.array(
          z.object({ entity, id: z.string(), to: z.string(), targetId: z.string(), isOther: z.boolean() }),
        ),
        since: z.iso.datetime(),
        /** How many deliveries are created and how many are written again; null: nothing was done. */
        done: z.object({ created: z.int(), again: z.int() }).nullable(),
      }),
    },
  ),
  pauseFlow: route('POST', '/flows/{name}/pause', 'Deliver nothing of a flow', {
    params: z.strictObject({ name: z.string() }),
    body: pause,
    answer: done,
  }),
  resumeFlow: route('POST', '/flows/{name}/resume', 'Go on with a flow', {
    params: z.strictObject({ name: z.string() }),
    body: who,
    answer: done,
  }),
  link: route('POST', '/links', 'Say that two records are the same', {
    body: z.strictObject({
      entity,
      from: z.strictObject({ connection: z.string(), id: z.string() }),
      to: z.strictObject({ connection: z.string(), id: z.string() }),
      who: z.string().default('cli'),
    }),
    answer: z.object({ is: z.enum(['linked', 'taken']) }),
  }),
  unlink: route('POST', '/links/unlink', 'Say that a record is not the one that it is linked to', {
    body: z.strictObject({
      entity,
      from: z.strictObject({ connection: z.string(), id: z.string() }),
      /** The connection in which it is no longer linked. */
      to: z.string(),
      who: z.string().default('cli'),
    }),
    answer: z.object({
      is: z.enum(['unlinked', 'not linked']),
      /** What it was linked to; null: nothing. */
      targetId: z.string().nullable(),
    }),
  }),
  ...deskRoutes,
  ...mappingRoutes,
  ...boardRoutes,
  ...alertRoutes,
  ...peopleRoutes,
} as const

export type Routes = typeof routes
export type RouteName = keyof Routes
