import { reveals, type peopleRoutes, type RouteName, type Routes } from '@linchpin/api'
import { apply, askLoad, heal, loadsNow, match, plan, reconcile, recover, sync } from '@linchpin/engine'
import type { z } from 'zod'
import { alertHandlers } from '../alerts/handlers.ts'
import type { Linchpin } from '../linchpin.ts'
import { boardHandlers } from '../board/handlers.ts'
import { testConnection } from '../connection-test.ts'
import { version } from '../version.ts'
import { deskHandlers } from '../desk/handlers.ts'
import { idsOfCause, parkedAnswers } from '../desk/parked.ts'
import { mappingHandlers } from '../mapping/handlers.ts'
import type { Call } from './call.ts'
import { namedConnection, namedFlow, namedPair } from './names.ts'
import { loadAnswer } from './loads.ts'
import { Refusal } from './problem.ts'
import { maskedMatch, maskedPlan, matchedAnswer, plannedAnswer } from './planned.ts'
import { recoveryAnswer } from './recovery.ts'
import { reconciliationAnswer } from './reconciliation.ts'
import { statusAnswer, toldAnswer } from './status.ts'
import { traceAnswer } from './trace.ts'

type Input<Name extends RouteName> = Part<Routes[Name]['params']> &
  Part<Routes[Name]['query']> &
  Part<Routes[Name]['body']>
/** A shape without fields asks for nothing: it must not forbid the fields of the others. */
type Part<Shape extends z.ZodType> = z.output<Shape> extends Record<string, never> ? unknown : z.output<Shape>
export type Handlers = {
  readonly [Name in Exclude<RouteName, keyof typeof peopleRoutes>]: (
    input: Input<Name>,
    /** Who asks; without them it is answered as to somebody who may see no personal data. */
    call?: Pick<Call, 'actor'>,
  ) => Promise<z.input<Routes[Name]['answer']>>
}

/** How long one request compares before it answers how far it has come. */
const COMPARE_MS = 5_000

/** What each route does. */
export function handlers(linchpin: () => Linchpin): Handlers {
  return {
    status: async () => statusAnswer(linchpin(), version),
    trace: ({ number }) => traceAnswer(linchpin(), number),
    parked: async ({ flow, limit }) => ({
      parked: await parkedAnswers(
        linchpin(),
        await linchpin().store.parked({ limit, ...(flow ? { flow } : {}) }),
      ),
    }),
    retry: async ({ who, ...which }) => {
      const { store, now } = linchpin()
      return { count: await store.retryParked(await chosen(linchpin(), which), who, now()) }
    },
    skip: async ({ who, reason, ...which }) => {
      const { store, now } = linchpin()
      return { count: await store.skipParked(await chosen(linchpin(), which), who, reason, now()) }
    },
    answer: async ({ flow, id, arrived, who }) => {
      const { store, now } = linchpin()
      return { done: await store.answerUnknown({ flow, id }, arrived, who, now()) }
    },
    sync: async request => {
      const { engine, setup } = linchpin()
      namedFlow(setup, request.flow)
      const { ids, ...rest } = await sync(request, { ...engine.reading, ...engine.delivering })
      return { ids: [...ids], ...rest }
    },
    replay: async ({ name: flow, since, cursor, dryRun }) => {
      const { engine, setup } = linchpin()
      namedFlow(setup, flow)
      const { ids, ...rest } = await engine.replay({ flow, since: Date.parse(since), cursor, dryRun })
      return { ids: [...ids], ...rest }
    },
    plan: async ({ flow, ids, since, cursor }, call) => {
      const { engine, setup } = linchpin()
      const { entity } = namedFlow(setup, flow)
      const request = { flow, ids, since: since === undefined ? undefined : Date.parse(since), cursor }
      const { planned, next, told } = await plan(request, { ...engine.reading, ...engine.delivering })
      const show = reveals('plan', call?.actor.rights ?? []) ? plannedAnswer : maskedPlan(entity)
      return { planned: planned.map(show), next, told: toldAnswer(told) }
    },
    apply: async request => {
      const { engine, setup } = linchpin()
      namedFlow(setup, request.flow)
      const { owed, moved } = await apply(request, { ...engine.reading, ...engine.delivering })
      return { owed, moved: [...moved] }
    },
    match: async (request, call) => {
      const { engine, setup } = linchpin()
      const { entity } = namedFlow(setup, request.flow)
      const { matched, next, told } = await match(request, { ...engine.reading, ...engine.delivering })
      const show = reveals('match', call?.actor.rights ?? []) ? matchedAnswer : maskedMatch(entity)
      return { matched: matched.map(show), next, told: toldAnswer(told) }
    },
    load: async ({ name: flow, as, again }) => {
      const { engine, setup } = linchpin()
      namedFlow(setup, flow)
      const asked = await askLoad({ flow, as, again }, engine.reading)
      if ('refused' in asked) throw new Refusal(409, 'not-now', asked.refused)
      return loadAnswer(asked)
    },
    loads: async () => ({ loads: (await loadsNow(linchpin().engine.reading)).map(loadAnswer) }),
    reconcile: async ({ flow, full, goOn, heal: mend, ids }) => {
      const { engine, setup, now } = linchpin()
      namedFlow(setup, flow)
      const deps = { ...engine.reading, ...engine.delivering }
      const found = await reconcile({ flow, full, goOn, until: now() + COMPARE_MS }, deps)
      if (!found.done || !mend) return reconciliationAnswer(found)
      return reconciliationAnswer({
        ...found,
        healed: await heal({ flow, as: ids ? { ids } : 'proposed' }, deps),
      })
    },
    testConnection: async ({ name }) => {
      const { setup, engine, now } = linchpin()
      return testConnection(namedConnection(setup, name), engine.delivering.sourceLane(name), now)
    },
    pauseConnection: ({ name, ...how }) => pause(linchpin(), { connection: name }, how),
    resumeConnection: async ({ name, who, now: atOnce }) => {
      const { store, now } = linchpin()
      const { done } = await resume(linchpin(), { connection: name }, who)
      return { done: (atOnce && (await store.disturb(name, who, now()))) || done }
    },
    recoverConnection: async ({ name, since, apply: really, who }) => {
      const { engine, setup, store } = linchpin()
      namedConnection(setup, name)
      const paused = (await store.connections()).find(each => each.name === name)?.paused
      if (really && !paused)
        throw new Refusal(
          409,
          'not-paused',
          `Pause ${name} first, so that nothing is under way: linchpin pause ${name}.`,
        )
      const at = since === undefined ? {} : { since: Date.parse(since) }
      const request = { connection: name, who, ...at, dryRun: !really }
      return recoveryAnswer(await recover(request, { ...engine.reading, ...engine.delivering }))
    },
    pauseFlow: ({ name, ...how }) => pause(linchpin(), { flow: name }, how),
    resumeFlow: ({ name, who }) => resume(linchpin(), { flow: name }, who),
    link: async ({ entity, from, to, who }) => {
      const { store, setup, now } = linchpin()
      namedPair(setup, from.connection, to.connection)
      const link = { entity, connection: from.connection, id: from.id, to: to.connection, targetId: to.id }
      return { is: await store.saveLink({ ...link, how: `said ${who}`, flow: null, alias: false }, now()) }
    },
    unlink: async ({ entity, from, to, who }) => {
      const { store, setup, now } = linchpin()
      namedPair(setup, from.connection, to)
      const key = { entity, connection: from.connection, id: from.id, to }
      const done = await store.unlink({ ...key, who }, now())
      if (done.is === 'under way')
        throw new Refusal(
          409,
          'under-way',
          `${entity} ${from.id} is being written, or nobody knows whether it arrived. Wait, or answer that, and unlink it then.`,
        )
      return { targetId: null, ...done }
    },
    ...deskHandlers(linchpin),
    ...mappingHandlers(linchpin),
    ...boardHandlers(linchpin),
    ...alertHandlers(linchpin),
  }
}

type Target = { readonly connection: string } | { readonly flow: string }

async function pause(
  { store, desk, engine, setup, now }: Linchpin,
  target: Target,
  { who, reason, until }: { who: string; reason: string; until?: string | undefined },
) {
  targetExists(setup, target)
  await store.pause({ target, who, reason: reason || 'Paused by hand.', kind: null }, now())
  await desk.endPauseAt({ ...nameOf(target), at: until === undefined ? null : Date.parse(until) })
  engine.control.forget()
  return { done: true }
}

async function resume({ store, desk, engine, setup, now }: Linchpin, target: Target, who: string) {
  targetExists(setup, target)
  const done = await store.resume(target, who, now())
  await desk.endPauseAt({ ...nameOf(target), at: null })
  engine.control.forget()
  return { done }
}

const nameOf = (target: Target) =>
  'flow' in target
    ? { kind: 'flow' as const, name: target.flow }
    : { kind: 'connection' as const, name: target.connection }

function targetExists(setup: Linchpin['setup'], target: Target): void {
  if ('flow' in target) namedFlow(setup, target.flow)
  else namedConnection(setup, target.connection)
}

interface Asked {
  readonly flow?: string | undefined
  readonly ids?: readonly string[] | undefined
  readonly cause?: string | undefined
}

/** A cause stands for the deliveries that are parked for it now, of those that were named. */
async function chosen(linchpin: Linchpin, { flow, ids, cause }: Asked) {
  if (cause === undefined) return { ...(flow ? { flow } : {}), ...(ids ? { ids } : {}) }
  const found = await idsOfCause(linchpin, cause)
  const named = ids === undefined ? null : new Set(ids)
  return {
    flow: found?.flow ?? flow ?? '',
    ids: (found?.ids ?? []).filter(id => named === null || named.has(id)),
  }
}
