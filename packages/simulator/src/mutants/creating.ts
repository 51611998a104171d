import type { Outcome } from '@linchpin/connector'
import type { Settlement } from '@linchpin/store'
import { CALM, type Plan } from '../plan.ts'
import { keyOf, setState } from '../twin/tables.ts'
import type { Twin } from '../twin/twin.ts'
import { lossy, quiet, type Mutant } from './mutant.ts'
import { withFetch, withOutcomes, withWriter, type Writing } from './planting.ts'

const TWICE = /stands twice|is in the ERP \d times|is in \w+ \d times/

/** Mistakes about one effect: what a lost, late or odd answer means, and when to look. */
export const creating: readonly Mutant[] = [
  {
    name: 'a create is repeated without looking it up',
    says: TWICE,
    plan: lossy,
    mutation: () => ({ connection: withFind(() => async () => new Map<string, string>()) }),
  },
  {
    name: 'a create is looked up at once',
    says: TWICE,
    plan: plan => ({ ...lossy(plan), remote: { ...plan.remote, indexLagMs: 60_000 } }),
    mutation: () => ({ store: lookingAtOnce }),
  },
  {
    name: 'a look-up that fails counts as not found',
    says: TWICE,
    plan: unsearchable,
    mutation: () => ({
      connection: withFind(
        find =>
          async (...args) =>
            find(...args).catch(() => new Map<string, string>()),
      ),
    }),
  },
  {
    name: 'a look-up that fails clears what was intended',
    says: TWICE,
    plan: unsearchable,
    mutation: () => ({
      store: twin => ({
        ...twin,
        settle: (settlements, now) =>
          twin.settle(
            settlements.map(each => (isFailedLook(each, now) ? withoutIntent(each) : each)),
            now,
          ),
      }),
    }),
  },
  {
    name: 'no answer is taken for a refusal',
    says: TWICE,
    plan: lossy,
    mutation: () => ({ connection: withOutcomes(asRefused) }),
  },
  {
    name: 'a refusal in an answer of 200 is taken for success',
    says: /is lost|instead of|in the shop|is not parked/,
    plan: plan => ({ ...quiet(plan), net: { ...plan.net, okWithError: 0.2 } }),
    mutation: () => ({ connection: withOutcomes(asApplied) }),
  },
  {
    name: 'what was intended is forgotten with every retry',
    says: TWICE,
    plan: lossy,
    mutation: () => ({
      store: twin => ({
        ...twin,
        settle: (settlements, now) => twin.settle(settlements.map(withoutIntent), now),
      }),
    }),
  },
  {
    name: 'what is found by its key counts as done, whatever changed since it was sent',
    says: /in the shop, .* in the ERP|not cancelled|cancelled in the shop|instead of/,
    plan: adopted,
    mutation: () => ({ store: twin => adopting(twin, () => true) }),
  },
  {
    name: 'what is found by its key is linked and owed anew in two transactions',
    says: /in the shop, .* in the ERP|not cancelled|cancelled in the shop|instead of/,
    plan: adopted,
    mutation: () => ({ store: twin => adopting(twin, inTwo()) }),
  },
  {
    name: "a batch's outcomes are matched by position",
    says: /stands twice|instead of|in the shop|wrong order|mixed up|is lost|belongs to no shop/,
    plan: plan => ({
      ...quiet(plan),
      orders: 16,
      batch: 3,
      people: { ...plan.people, burst: true },
      remote: { ...plan.remote, itemsReordered: 0.5, itemsDropped: 0, itemsDoubled: 0 },
    }),
    mutation: () => ({ connection: withFetch(byPosition) }),
  },
  {
    name: 'a batch is applied as a whole when it answers 200',
    says: /is lost|instead of|in the shop|is not parked/,
    plan: plan => ({
      ...quiet(plan),
      orders: 16,
      batch: 3,
      people: { ...plan.people, poison: 0.3, burst: true },
    }),
    mutation: () => ({ connection: withOutcomes(allApplied) }),
  },
]

/** Creates are often found by their key, and edited meanwhile. */
function adopted(plan: Plan): Plan {
  return {
    ...lossy(plan),
    ...CALM,
    orders: 40,
    faultMinutes: 12,
    net: { ...CALM.net, lostReply: 0.2, lateMaxMs: 60_000 },
    remote: { ...plan.remote, indexLagMs: 60_000 },
    people: { ...plan.people, edits: 3, poison: 0, shipping: 0 },
  }
}

/** Answers to creates get lost, and look-ups are often turned away. */
function unsearchable(plan: Plan): Plan {
  return {
    ...quiet(plan),
    ...CALM,
    orders: 16,
    faultMinutes: 12,
    net: { ...CALM.net, lostReply: 0.2, before500: 0.15, lateMaxMs: 20_000 },
    remote: { ...plan.remote, indexLagMs: 0 },
    people: { ...plan.people, poison: 0, operators: false },
  }
}

type Find = Extract<Writing, { repeat: 'find' }>['find']

function withFind(change: (find: Find) => Find) {
  return withWriter(writer => (writer.repeat === 'find' ? { ...writer, find: change(writer.find) } : writer))
}

function lookingAtOnce(twin: Twin): Twin {
  return {
    ...twin,
    intend: (intents, now) =>
      twin.intend(
        intents.map(each => ({ ...each, settledBy: now })),
        now,
      ),
    settle: (settlements, now) =>
      twin.settle(
        settlements.map(each => soon(each, now)),
        now,
      ),
  }
}

function soon(settlement: Settlement, now: number): Settlement {
  return settlement.is === 'later' && settlement.intent === 'keep'
    ? { ...settlement, at: now + 1_000 }
    : settlement
}

function asRefused(outcome: Outcome): Outcome {
  return outcome.is === 'unknown' ? { ...outcome, is: 'refused' } : outcome
}

function asApplied(outcome: Outcome, id: string | null): Outcome {
  const locked = outcome.is === 'refused' && outcome.problem.message.includes('LOCKED')
  return locked ? { key: outcome.key, is: 'applied', id: id ?? 'none', version: null } : outcome
}

function allApplied(outcome: Outcome, id: string | null): Outcome {
  return outcome.is === 'refused' && outcome.problem.kind === 'refused'
    ? { key: outcome.key, is: 'applied', id: id ?? `none ${outcome.key}`, version: null }
    : outcome
}

/** A create that must have arrived by now was looked for, and its target did not answer. */
function isFailedLook({ delivery, is }: Settlement, now: number): boolean {
  return is === 'later' && delivery.intent?.operation === 'create' && now >= delivery.intent.settledBy
}

function withoutIntent(settlement: Settlement): Settlement {
  return settlement.is === 'later' ? { ...settlement, intent: 'clear' } : settlement
}

/** Of two transactions, the second is the process's own to lose: one in two never comes. */
function inTwo(): () => boolean {
  let turn = 0
  return () => (turn += 1) % 2 === 0
}

/** `isLost`: what changed since it was sent is not owed any more. */
function adopting(twin: Twin, isLost: () => boolean): Twin {
  return {
    ...twin,
    async settle(settlements, now) {
      const results = await twin.settle(settlements, now)
      for (const settlement of settlements) {
        const { delivery, is } = settlement
        const row = twin.tables.deliveries.get(keyOf(delivery.flow, delivery.id))
        if (is === 'linked' && settlement.how === 'found by its key' && row?.state === 'ready' && isLost())
          setState(twin.tables, row, 'done')
      }
      return results
    },
  }
}

/** The answers of a batch, each given to the write that stands at its place. */
function byPosition(fetch: Parameters<Parameters<typeof withFetch>[0]>[0]): typeof fetch {
  return async (url, init, cost) => {
    const response = await fetch(url, init, cost)
    if (!url.endsWith('/batch') || response.status !== 200 || typeof init?.body !== 'string') return response
    const { items } = JSON.parse(init.body) as { readonly items: readonly { readonly key: string }[] }
    const text = await response.text()
    return Object.assign({}, response, { text: async () => rekeyed(text, items) })
  }
}

function rekeyed(text: string, items: readonly { readonly key: string }[]): string {
  try {
    const answer = JSON.parse(text) as { readonly results?: readonly object[] }
    const results = answer.results?.map((result, index) => ({ ...result, key: items[index]?.key ?? '' }))
    return JSON.stringify({ ...answer, results })
  } catch {
    return text
  }
}
