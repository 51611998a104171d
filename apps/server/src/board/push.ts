import type { PushAnswer, PushedAnswer } from '@linchpin/api'
import { apply, plan, pushOf, type Flow, type Push } from '@linchpin/engine'
import { Refusal } from '../http/problem.ts'
import { maskedPlan } from '../http/planned.ts'
import type { Linchpin } from '../linchpin.ts'

export interface Pair {
  readonly id: string
  readonly targetId: string | null
}

/** Whether either side can be written over the other: the source's first. */
export async function pushesOf(linchpin: Linchpin, flow: Flow, pair: Pair): Promise<Pushes> {
  const pushes = [flow.from, flow.to].map(to => ({ to, push: pushOf(pair, to, flow, linchpin.setup) }))
  const open = await openOf(linchpin, flow, pair)
  return pushes.map(({ to, push }) => ({
    to,
    flow: push.flow?.name ?? null,
    not: 'not' in push ? push.not : open,
  }))
}
export type Pushes = Omit<PushAnswer, 'askedAt'>[]

/** When each side was last asked to be written, if that was after this instant. */
export async function askedSince(
  { desk, setup }: Linchpin,
  flow: Flow,
  pair: Pair,
  since: number,
): Promise<ReadonlyMap<string, number>> {
  const asked = new Map<string, number>()
  for (const to of [flow.from, flow.to]) {
    const push = pushOf(pair, to, flow, setup)
    if (!('id' in push)) continue
    const { entity, from: connection, name } = push.flow
    const at = await desk.pushedAt({ connection, entity, id: push.id, flow: name })
    if (at !== null && at > since) asked.set(to, at)
  }
  return asked
}

/** In either direction: what is on its way, or may have arrived, may change both sides. */
async function openOf(
  { setup, store }: Linchpin,
  flow: Flow,
  pair: Pair,
): Promise<'under way' | 'unanswered' | null> {
  const ways = [flow.from, flow.to].map(to => pushOf(pair, to, flow, setup))
  const open = [
    { name: flow.name, id: pair.id },
    ...ways.flatMap(way => ('id' in way ? { name: way.flow.name, id: way.id } : [])),
  ]
  for (const { name, id } of open) if ((await store.owed(name, [id])).length > 0) return 'under way'
  for (const { name, id } of open) if ((await store.unanswered(name, [id])).length > 0) return 'unanswered'
  return null
}

interface Asked {
  readonly to: string
  readonly dryRun: boolean
  readonly proof?: string | undefined
  readonly who: string
}

/** One side of a record is written over the other by an ordinary delivery: exactly what a dry run has shown. */
export async function pushAnswer(
  linchpin: Linchpin,
  flow: Flow,
  id: string,
  asked: Asked,
): Promise<PushedAnswer> {
  const { engine, store } = linchpin
  const { entity, from } = flow
  const [targetId] = await store.links([{ entity, connection: from, id, to: flow.to }])
  const way = await wayOf(linchpin, flow, { id, targetId: targetId ?? null }, asked.to)
  const deps = { ...engine.reading, ...engine.delivering }
  const { planned } = await plan({ flow: way.flow.name, ids: [way.id], cursor: null }, deps)
  const [step = null] = planned
  const about = { flow: way.flow.name, to: way.flow.to, step: step && maskedPlan(entity)(step) }
  if (asked.dryRun) return { ...about, owed: false }
  if (asked.proof === undefined)
    throw new Refusal(400, 'no-dry-run', 'Ask with dryRun first, and send the proof of what it shows.')
  const steps = [{ id: way.id, proof: asked.proof }]
  const { owed, moved } = await apply({ flow: way.flow.name, steps, who: asked.who }, deps)
  if (moved[0] !== undefined) throw new Refusal(409, 'moved', moved[0].words)
  if (owed > 0) await said(linchpin, way, asked.who)
  return { ...about, owed: owed > 0 }
}

type Way = Extract<Push, { readonly id: string }>

async function wayOf(linchpin: Linchpin, flow: Flow, pair: Pair, to: string): Promise<Way> {
  if (to !== flow.from && to !== flow.to)
    throw new Refusal(
      400,
      'no-side',
      `${flow.name} goes from ${flow.from} to ${flow.to}: push to one of them.`,
    )
  const push = pushOf(pair, to, flow, linchpin.setup)
  if ('not' in push) throw new Refusal(409, 'not-pushed', WORDS[push.not](flow, to, push.flow))
  const open = await openOf(linchpin, flow, pair)
  if (open !== null) throw OPEN[open]()
  return push
}

const OPEN = {
  'under way': () =>
    new Refusal(409, 'under-way', 'A delivery of this record is under way. Wait for it, and compare again.'),
  unanswered: () =>
    new Refusal(
      409,
      'unanswered',
      'Nobody knows whether the last delivery of this record arrived. Say so first, where it is parked.',
    ),
}

type Words = (flow: Flow, to: string, by: Flow | null) => string
const WORDS: Readonly<Record<Extract<Push, { readonly not: string }>['not'], Words>> = {
  'no flow': ({ entity }, to) => `No flow carries ${entity} to ${to}. Change it there by hand.`,
  'never changes': (_flow, to, by) => `${by?.name ?? ''} never changes what is in ${to}.`,
  trial: (_flow, _to, by) => `${by?.name ?? ''} runs on trial and writes nothing.`,
  elsewhere: (_flow, to, by) => `${by?.name ?? ''} is delivered by the adapter of ${to}. Ask there.`,
  'not there': ({ from, to: target }, to) => `${to === from ? target : from} has no such record.`,
}

async function said({ store, now }: Linchpin, { flow, id }: Way, who: string): Promise<void> {
  const { entity, from: connection, to, name } = flow
  const words = `Asked to be written over what ${to} has, by ${name}.`
  await store.journal({ connection, entity, id, flow: name, who, what: 'pushed', words }, now())
}
