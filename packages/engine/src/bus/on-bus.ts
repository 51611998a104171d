import type { Stop, Subscription } from '@linchpin/bus'
import { subjectOf } from '@linchpin/bus'
import { wordsOf } from '../trouble.ts'
import { answer, askForRoll, topicOf } from './ask.ts'
import type { BusDeps } from './deps.ts'
import { hear, wanted } from './hear.ts'
import { callRoll } from './publish.ts'

/** Soon after a start, what was missed before is found; adapters that start together do not all call at once. */
const FIRST_ROLL_MS = 60_000
const FIRST_SPREAD_MS = 4 * 60_000
const ROLL_MS = 6 * 60 * 60_000
const AGAIN_MS = 5_000

/** What this process listens to. An observer hears everything in one line, so that a record comes before its outcome. */
export function subscriptionsOf(deps: BusDeps): readonly Subscription[] {
  const { setup, on } = deps
  const filters = on.observes
    ? ['linchpin.>']
    : [
        ...wanted(deps).flatMap(({ entity, from }) => [
          `${subjectOf('linchpin', entity, from)}.>`,
          `${subjectOf('linchpin', 'Roll', from, entity)}.>`,
        ]),
        ...[...setup.here].flatMap(name => [
          `${subjectOf('linchpin', 'Link', name)}.>`,
          `linchpin.Link.*.${subjectOf(name)}.>`,
          `${subjectOf('linchpin', 'Outcome', name)}.>`,
        ]),
      ]
  return filters.map(filter => ({ name: nameOf(on.name, filter), filter }))
}

/** A name that NATS takes: no dots, no wildcards. */
function nameOf(who: string, filter: string): string {
  const words = filter
    .replace(/^linchpin\./, '')
    .replace(/\*/g, 'any')
    .replace(/>/g, 'all')
  return `${who}-${words.replace(/[^\w=-]/g, '-')}`
}

/** Listens until it is stopped: to what was told, to who asks, and to the clock that calls the roll. */
export async function listenOnBus(deps: BusDeps, signal: AbortSignal): Promise<void> {
  const stops: Stop[] = []
  const keep = async (open: () => Promise<Stop>) => {
    const stop = await until(open, deps, signal)
    if (stop) stops.push(stop)
  }
  await Promise.all([
    ...subscriptionsOf(deps).map(each =>
      keep(() => deps.on.bus.subscribe(each, messages => heard(messages, deps))),
    ),
    ...[...deps.setup.here].map(name =>
      keep(() =>
        deps.on.bus.listen(topicOf(name), words => {
          answer(name, words, deps).catch((error: unknown) => complain('Answering failed', error, deps))
        }),
      ),
    ),
  ])
  await askForRoll(deps).catch((error: unknown) => complain('Asking for the roll failed', error, deps))
  const { world } = deps
  for (let wait = FIRST_ROLL_MS + world.random() * FIRST_SPREAD_MS; ; wait = ROLL_MS) {
    await world.sleep(wait, signal)
    if (signal.aborted) break
    await callRoll(deps).catch((error: unknown) => complain('Calling the roll failed', error, deps))
  }
  await Promise.all(stops.map(stop => stop()))
}

async function heard(messages: Parameters<typeof hear>[0], deps: BusDeps): Promise<void> {
  try {
    await hear(messages, deps)
  } catch (error) {
    complain('What the bus told could not be taken in, and is told again', error, deps)
    throw error
  }
}

/** The bus may be away when we start: it is asked until it answers. */
async function until(open: () => Promise<Stop>, deps: BusDeps, signal: AbortSignal): Promise<Stop | null> {
  while (!signal.aborted)
    try {
      return await open()
    } catch (error) {
      complain('The bus does not let us listen', error, deps)
      await deps.world.sleep(AGAIN_MS, signal)
    }
  return null
}

function complain(what: string, error: unknown, { world, on }: BusDeps): void {
  world.log.error({ name: on.name }, `${what}: ${wordsOf(error)}`)
}
