import type { RecordKey } from '@linchpin/store'
import type { Handlers } from '../http/handlers.ts'
import { namedConnection, namedFlow } from '../http/names.ts'
import type { Linchpin } from '../linchpin.ts'
import { connectionAnswer, enterCredential } from './connection.ts'
import { correctAnswer } from './correct.ts'
import { flowAnswer } from './flow.ts'
import { headOf } from './head.ts'
import { homeAnswer } from './home.ts'
import { causesAnswer, parkedPageAnswer } from './parked.ts'
import { runsAnswer } from './runs.ts'
import { shownAt } from '../mapping/shown.ts'
import { timelineAnswer } from './timeline.ts'

type DeskHandlers = Pick<
  Handlers,
  | 'home'
  | 'search'
  | 'timeline'
  | 'reveal'
  | 'setCredential'
  | 'comment'
  | 'correct'
  | 'causes'
  | 'parkedPage'
  | 'progress'
  | 'flow'
  | 'flowRuns'
  | 'connection'
  | 'webhooks'
>

/** What the console's own routes do. */
export function deskHandlers(linchpin: () => Linchpin): DeskHandlers {
  return {
    home: () => homeAnswer(linchpin()),
    search: async ({ text, limit }) => ({
      found: (await linchpin().desk.find(text, limit)).map(({ kind, value, exact, canonical, ...key }) => ({
        ...headOf(key, canonical),
        kind,
        value: String(shownAt(kind, value)),
        exact,
      })),
    }),
    timeline: key => timelineAnswer(linchpin(), key, false),
    reveal: async ({ reason, who, ...key }) => {
      const answer = await timelineAnswer(linchpin(), key, true)
      await say(linchpin(), key, who, 'revealed', reason)
      return answer
    },
    setCredential: async ({ name, setting, secret, expiresAt }) => {
      await enterCredential(linchpin(), { connection: name, name: setting, secret, expiresAt })
      return { done: true }
    },
    comment: async ({ words, who, ...key }) => {
      const { desk, now } = linchpin()
      await desk.comment({ ...key, who, words }, now())
      return { done: true }
    },
    correct: ({ connection, entity, id, ...asked }) =>
      correctAnswer(linchpin(), { connection, entity, id }, asked),
    causes: async () => ({ causes: [...(await causesAnswer(linchpin()))] }),
    parkedPage: asked => parkedPageAnswer(linchpin(), asked),
    progress: async ({ flow, ids }) => {
      const states = await linchpin().desk.statesOf(flow, ids)
      return { states: Object.fromEntries(states.map(({ state, count }) => [state, count])) }
    },
    flow: ({ name, hours }) => flowAnswer(linchpin(), namedFlow(linchpin().setup, name), hours),
    flowRuns: ({ name, limit }) => runsAnswer(linchpin(), namedFlow(linchpin().setup, name), limit),
    connection: ({ name }) => connectionAnswer(linchpin(), namedConnection(linchpin().setup, name)),
    webhooks: async asked => linchpin().webhookLog.page(asked),
  }
}

async function say(
  { store, now }: Linchpin,
  key: RecordKey,
  who: string,
  what: string,
  words: string,
): Promise<void> {
  await store.journal({ ...key, who, what, words }, now())
}
