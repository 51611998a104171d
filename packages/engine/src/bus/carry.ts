import { subjectOf, type Note } from '@linchpin/bus'
import type { FlowPart } from '@linchpin/store'
import { z } from 'zod'
import type { Flow } from '../setup.ts'
import type { BusDeps } from './deps.ts'

/**
 * A flow is carried by one process at a time. Who that is stands as notes on the bus: whoever stops carrying a flow
 * hands over what it knows of it, and whoever shall carry it waits for that.
 */
const note = z.discriminatedUnion('is', [
  z.object({ is: z.literal('carried'), by: z.string() }),
  z.object({ is: z.literal('handing over'), by: z.string() }),
  z.object({ is: z.literal('part'), part: z.unknown() }),
  z.object({ is: z.literal('handed over'), by: z.string() }),
])
type Word = z.infer<typeof note>

export type Carrying = Omit<BusDeps, 'on'> & {
  readonly on: Pick<BusDeps['on'], 'bus' | 'store' | 'name'>
}

/** What a pause begins with that ends by itself. */
export const WAITS = 'Waits until it is handed over'

/**
 * Takes the flow, if nobody carries it: at once when nobody ever did, and with what was handed over when somebody has
 * ended. Else answers who carries it.
 */
export async function takeFlow({ name }: Flow, deps: Carrying): Promise<{ carriedBy: string } | null> {
  const { bus, name: me, store } = deps.on
  // Before we look who carries it: whoever takes it after that takes it from us.
  const takes = await store.takes(name)
  const newest = await bus.lastNote(topicOf(name))
  const word = newest && wordOf(newest)
  if (word?.is === 'carried') {
    if (word.by !== me) return { carriedBy: word.by }
    // Another node said so, and may have died before it was known here.
    await store.taken(name)
    return null
  }
  if (word && word.is !== 'handed over') {
    const by = 'by' in word ? word.by : await handsOver(name, deps)
    return { carriedBy: by }
  }
  const now = deps.world.now()
  // Somebody else was faster, or hands it over anew: look again.
  if (word && !(await store.takeOver(name, parts(name, deps), { takes, now })))
    return { carriedBy: 'another process' }
  const taken = await add(name, { is: 'carried', by: me }, newest?.seq ?? 0, deps)
  if (taken === null) return { carriedBy: 'another process' }
  await store.taken(name)
  await bus.forgetNotes(topicOf(name), taken)
  return null
}

/**
 * Hands the flow over, if it is ours: when nothing is under way any more, all that is known of it goes to the bus.
 * `wasMine`: what nobody ever noted was ours before there was a bus. `othersStopped` is called before anything is read,
 * and answers whether no node can begin anything new any more.
 */
export async function handOver(
  name: string,
  wasMine: boolean,
  deps: Carrying,
  othersStopped: () => Promise<boolean>,
): Promise<'handed over' | 'not ours' | 'busy'> {
  const { on, world } = deps
  const newest = await on.bus.lastNote(topicOf(name))
  const word = newest && wordOf(newest)
  if (word?.is === 'handed over' && word.by === on.name) {
    // It was said, and whoever said it may have died before they let go.
    await on.store.letGo(name)
    return 'handed over'
  }
  const mine = word ? word.is !== 'handed over' && (await isMine(name, word, deps)) : wasMine
  if (!mine) return 'not ours'
  const isBusy = () => on.store.isUnderWay(name, world.now())
  if (!(await othersStopped()) || (await isBusy())) return 'busy'
  const told = await tellParts(name, newest?.seq ?? 0, deps)
  // Whoever was slow to stop may have begun something that is in no part: then all of it is told anew.
  if (told !== null && (await isBusy())) return 'busy'
  if (told === null || (await add(name, { is: 'handed over', by: on.name }, told, deps)) === null)
    return 'not ours'
  await on.store.letGo(name)
  return 'handed over'
}

/** Null: somebody else wrote meanwhile. */
async function tellParts(name: string, after: number, deps: Carrying): Promise<number | null> {
  let seq = await add(name, { is: 'handing over', by: deps.on.name }, after, deps)
  for await (const part of deps.on.store.flowParts(name))
    if (seq !== null) seq = await add(name, { is: 'part', part: told(part) }, seq, deps)
  return seq
}

/** A pause that is only for the time of the handing over is nobody else's. */
function told(part: FlowPart): FlowPart {
  return part.is === 'flow' && part.paused?.reason.startsWith(WAITS) ? { ...part, paused: null } : part
}

async function isMine(name: string, word: Word, deps: Carrying): Promise<boolean> {
  return ('by' in word ? word.by : await handsOver(name, deps)) === deps.on.name
}

/** Who began to hand it over, and has not ended. */
async function handsOver(name: string, { on }: Carrying): Promise<string> {
  let by = 'another process'
  for await (const each of on.bus.notes(topicOf(name))) {
    const word = wordOf(each)
    if ('by' in word) by = word.by
  }
  return by
}

/** What was handed over last: one that was broken off before is not it. */
async function* parts(name: string, { on }: Carrying): AsyncIterable<FlowPart> {
  let from = 0
  for await (const each of on.bus.notes(topicOf(name)))
    if (wordOf(each).is === 'handing over') from = each.seq
  for await (const each of on.bus.notes(topicOf(name))) {
    const word = wordOf(each)
    if (each.seq > from && word.is === 'part') yield word.part as FlowPart
  }
}

async function add(name: string, word: Word, after: number, { on }: Carrying): Promise<number | null> {
  return on.bus.addNote(topicOf(name), JSON.stringify(word), after)
}

const wordOf = ({ words }: Note): Word => note.parse(JSON.parse(words))
const topicOf = (flow: string) => subjectOf(flow)
