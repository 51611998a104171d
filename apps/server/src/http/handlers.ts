import type { peopleRoutes, RouteName, Routes } from '@linchpin/api'
import { dryRun, reconcile, sync } from '@linchpin/engine'
import type { z } from 'zod'
import type { Linchpin } from '../linchpin.ts'
import { testConnection } from '../connection-test.ts'
import { version } from '../version.ts'
import { plannedAnswer } from './planned.ts'
import { Refusal } from './problem.ts'
import { parkedAnswer, statusAnswer } from './status.ts'
import { traceAnswer } from './trace.ts'

type Input<Name extends RouteName> = Part<Routes[Name]['params']> &
  Part<Routes[Name]['query']> &
  Part<Routes[Name]['body']>
/** A shape without fields asks for nothing: it must not forbid the fields of the others. */
type Part<Shape extends z.ZodType> = z.output<Shape> extends Record<string, never> ? unknown : z.output<Shape>
export type Handlers = {
  readonly [Name in Exclude<RouteName, keyof typeof peopleRoutes>]: (
    input: Input<Name>,
  ) => Promise<z.input<Routes[Name]['answer']>>
}

/** What each route does. */
export function handlers(linchpin: () => Linchpin): Handlers {
  return {
    status: async () => statusAnswer(linchpin(), version),
    trace: ({ number }) => traceAnswer(linchpin(), number),
    parked: async ({ flow, limit }) => ({
      parked: (await linchpin().store.parked({ limit, ...(flow ? { flow } : {}) })).map(parkedAnswer),
    }),
    retry: async ({ who, ...which }) => {
      const { store, now } = linchpin()
      return { count: await store.retryParked(defined(which), who, now()) }
    },
    skip: async ({ who, reason, ...which }) => {
      const { store, now } = linchpin()
      return { count: await store.skipParked(defined(which), who, reason, now()) }
    },
    answer: async ({ flow, id, arrived, who }) => {
      const { store, now } = linchpin()
      return { done: await store.answerUnknown({ flow, id }, arrived, who, now()) }
    },
    sync: async ({ flow, ids, since }) => {
      const { engine, setup } = linchpin()
      flowExists(setup.flows, flow)
      const request = { flow, ...(ids ? { ids } : {}), ...(since ? { since: Date.parse(since) } : {}) }
      return sync(request, { ...engine.reading, ...engine.delivering })
    },
    plan: async ({ flow, ids, since, limit }) => {
      const { engine, setup } = linchpin()
      flowExists(setup.flows, flow)
      const request = { flow, ...(ids ? { ids } : {}), ...(since ? { since: Date.parse(since) } : {}) }
      const planned = []
      for await (const each of dryRun(request, { ...engine.reading, ...engine.delivering })) {
        if (planned.length === limit) return { planned, more: true }
        planned.push(plannedAnswer(each))
      }
      return { planned, more: false }
    },
    reconcile: async ({ flow, heal }) => {
      const { engine, setup } = linchpin()
      flowExists(setup.flows, flow)
      const found = await reconcile({ flow, heal }, { ...engine.reading, ...engine.delivering })
      return {
        ...found,
        discrepancies: found.discrepancies.map(each => ({ ...each, fields: [...each.fields] })),
      }
    },
    testConnection: async ({ name }) => {
      const { setup, engine, now } = linchpin()
      const connection = setup.connections.get(name)
      if (!connection) throw unknownName('connection', name, [...setup.connections.keys()])
      return testConnection(connection, engine.delivering.sourceLane(name), now)
    },
    pauseConnection: ({ name, who, reason }) => pause(linchpin(), { connection: name }, who, reason),
    resumeConnection: ({ name, who }) => resume(linchpin(), { connection: name }, who),
    pauseFlow: ({ name, who, reason }) => pause(linchpin(), { flow: name }, who, reason),
    resumeFlow: ({ name, who }) => resume(linchpin(), { flow: name }, who),
    link: async ({ entity, from, to, who }) => {
      const { store, now } = linchpin()
      const link = { entity, connection: from.connection, id: from.id, to: to.connection, targetId: to.id }
      return { is: await store.saveLink({ ...link, how: `said ${who}`, flow: null, alias: false }, now()) }
    },
  }
}

type Target = { readonly connection: string } | { readonly flow: string }

async function pause({ store, engine, setup, now }: Linchpin, target: Target, who: string, reason: string) {
  targetExists(setup, target)
  await store.pause({ target, who, reason: reason || 'Paused by hand.', kind: null }, now())
  engine.control.forget()
  return { done: true }
}

async function resume({ store, engine, setup, now }: Linchpin, target: Target, who: string) {
  targetExists(setup, target)
  const done = await store.resume(target, who, now())
  engine.control.forget()
  return { done }
}

function targetExists({ connections, flows }: Linchpin['setup'], target: Target): void {
  if ('flow' in target) flowExists(flows, target.flow)
  else if (!connections.has(target.connection))
    throw unknownName('connection', target.connection, [...connections.keys()])
}

function flowExists(flows: Linchpin['setup']['flows'], name: string): void {
  if (!flows.some(flow => flow.name === name))
    throw unknownName(
      'flow',
      name,
      flows.map(flow => flow.name),
    )
}

function unknownName(what: string, name: string, known: readonly string[]): Refusal {
  return new Refusal(404, `no-${what}`, `There is no ${what} named ${name}. There are: ${known.join(', ')}.`)
}

function defined(which: { flow?: string | undefined; ids?: string[] | undefined }) {
  return { ...(which.flow ? { flow: which.flow } : {}), ...(which.ids ? { ids: which.ids } : {}) }
}
