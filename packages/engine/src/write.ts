import { Problem, type Outcome, type Write, type Writer } from '@linchpin/connector'
import type { Delivery, Settlement } from '@linchpin/store'
import type { Delivering } from './deliver.ts'
import { withOpenIntent } from './intent.ts'
import { isAlone, settlementOf } from './outcome.ts'
import type { Ready } from './prepare.ts'
import { lookClosely } from './restored.ts'
import { patienceAfter } from './patience.ts'
import { pause } from './retry.ts'
import type { Lane } from './sessions.ts'
import { isDirect, known, type Flow } from './setup.ts'
import { asProblem, meet, placeOf, type Trouble, wellAgain } from './trouble.ts'
import { SEND_BY_MS, TIMEOUT_MS } from './world.ts'

/** A delivery with all that its write needs. */
export interface Prepared {
  readonly delivery: Delivery
  readonly ready: Ready
}

/** Intent first, durable; then the request; then its outcome. */
export async function send(
  lane: Lane,
  flow: Flow,
  prepared: readonly Prepared[],
  writer: Writer<unknown, unknown>,
  deps: Delivering,
): Promise<void> {
  const { store, world, node } = deps
  const now = world.now()
  const sendBy = now + SEND_BY_MS * lane.patience
  const settledBy = sendBy + TIMEOUT_MS + (writer.repeat === 'find' ? writer.settleMs : 0)
  const intents = prepared.map(({ delivery, ready }) => ({
    delivery,
    node,
    operation: ready.operation,
    key: ready.write.key,
    sendBy,
    settledBy,
    request: ready.write.row,
    hash: ready.hash,
    isAlone: isAlone(delivery, now),
    mapping: ready.mapping,
  }))
  const ours = new Set(await store.intend(intents, now))
  await world.point?.('after intent')
  const mine = prepared.filter(({ delivery }) => ours.has(delivery.id))
  if (mine.length === 0) return
  lane.deadline = sendBy
  let isTaken = false
  try {
    const settlements = await writeOrBisect(lane, flow, mine, writer, { settledBy }, deps)
    await world.point?.('before settle')
    const results = await store.settle(settlements, world.now())
    isTaken = results.includes('taken')
  } finally {
    lane.deadline = null
    lane.patience = patienceAfter(lane.patience, world.now() - now)
  }
  if (isTaken) await lookClosely(lane, deps)
}

/** One bad record harms itself only: a batch that is refused as a whole is halved until the bad one stands alone. */
async function writeOrBisect(
  lane: Lane,
  flow: Flow,
  prepared: readonly Prepared[],
  writer: Writer<unknown, unknown>,
  times: { readonly settledBy: number },
  deps: Delivering,
): Promise<readonly Settlement[]> {
  const { world } = deps
  await world.point?.('before send')
  const writes: Write<unknown>[] = prepared.map(({ ready }) => ready.write)
  let outcomes: readonly Outcome[]
  try {
    // The last look at the clock before the session is asked; each request looks again (sessions.ts).
    if (lane.deadline !== null && world.now() > lane.deadline)
      return prepared.map(each => tooLate(each, world.now()))
    outcomes = await writer.write(await lane.session(), writes)
  } catch (error) {
    const problem = asProblem(error)
    if (
      prepared.length > 1 &&
      error instanceof Problem &&
      (problem.kind === 'refused' || problem.kind === 'surprise')
    ) {
      const middle = Math.ceil(prepared.length / 2)
      const first = await writeOrBisect(lane, flow, prepared.slice(0, middle), writer, times, deps)
      return [...first, ...(await writeOrBisect(lane, flow, prepared.slice(middle), writer, times, deps))]
    }
    // Only a Problem says that nothing was sent. Anything else may have been thrown after the request had left.
    if (!(error instanceof Problem)) {
      const at = error instanceof Error ? placeOf(error) : typeof error
      world.log.error(
        { connection: lane.connection, flow: flow.name, at },
        'A writer threw what is not a Problem.',
      )
      const outcomes = writes.map(({ key }) => ({ key, is: 'unknown' as const, problem }))
      return settleOutcomes(lane, flow, prepared, outcomes, writer, times, deps)
    }
    const trouble = await meet(problem, lane, deps)
    return prepared.map(({ delivery }) => troubled(delivery, trouble, deps))
  }
  await world.point?.('after reply')
  return settleOutcomes(lane, flow, prepared, outcomes, writer, times, deps)
}

async function settleOutcomes(
  lane: Lane,
  flow: Flow,
  prepared: readonly Prepared[],
  outcomes: readonly Outcome[],
  writer: Writer<unknown, unknown>,
  times: { readonly settledBy: number },
  deps: Delivering,
): Promise<readonly Settlement[]> {
  const byKey = new Map(outcomes.map(outcome => [outcome.key, outcome]))
  const worst = outcomes.map(problemIn).find(problem => problem !== null && slows(problem))
  const trouble = worst ? await meet(worst, lane, deps) : null
  if (outcomes.some(outcome => outcome.is === 'applied')) await wellAgain(lane.connection, deps)
  const { connector } = known(deps.setup.connections, flow.to)
  const facts = {
    repeat: writer.repeat,
    settledBy: times.settledBy,
    now: deps.world.now(),
    random: deps.world.random,
    target: connector.title,
    isOutage: trouble?.isOutage ?? false,
    until: trouble?.until ?? 0,
    readBack: connector.entities[flow.entity]?.get !== undefined && isNewsThere(flow, deps),
  }
  return prepared.map(({ delivery, ready }) =>
    settlementOf(delivery, ready, byKey.get(ready.write.key), facts),
  )
}

/** From point to point, what was written is read back only where that is news for somebody. */
function isNewsThere(flow: Flow, { setup }: Delivering): boolean {
  return !isDirect(flow) || setup.flows.some(({ entity, from }) => entity === flow.entity && from === flow.to)
}

function problemIn(outcome: Outcome): Problem | null {
  return outcome.is === 'applied' ? null : outcome.problem
}

const slows = (problem: Problem) => ['busy', 'passing', 'login', 'settings'].includes(problem.kind)

/** Nothing was sent for this delivery; what it means for it. */
export function troubled(
  delivery: Delivery,
  { problem, isOutage, until }: Trouble,
  { world }: Delivering,
): Settlement {
  const words = { kind: problem.kind, words: problem.message }
  const intent = delivery.intent === null ? ('clear' as const) : ('keep' as const)
  if (problem.kind === 'refused' || problem.kind === 'surprise')
    return withOpenIntent({ delivery, is: 'parked', trouble: words, intent: 'clear' })
  const at = isOutage ? until : Math.max(until, world.now() + pause(delivery.tries, world.random))
  return { delivery, is: 'later', at, trouble: words, intent, counts: !isOutage }
}

function tooLate({ delivery }: Prepared, now: number): Settlement {
  const trouble = {
    kind: 'passing',
    words: 'It took too long to get ready; nothing was sent, and it will be tried again.',
  }
  return {
    delivery,
    is: 'later',
    at: now + 1_000,
    trouble,
    intent: delivery.intent ? 'keep' : 'clear',
    counts: false,
  }
}
