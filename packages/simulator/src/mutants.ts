import type { Entity, Outcome } from '@linchpin/connector'
import type { Connection } from '@linchpin/engine'
import type { EntityName } from '@linchpin/model'
import type { Delivery, ReadPage, Settlement, Store } from '@linchpin/store'
import type { Plan } from './plan.ts'
import { setState, keyOf } from './twin/tables.ts'
import type { Twin } from './twin/twin.ts'

/** A known mistake, planted from outside: into the store, a connector, or the shops' belief in our answers. */
export interface Mutation {
  readonly store?: (twin: Twin) => Store
  readonly connection?: (connection: Connection) => Connection
  readonly answersEarly?: boolean
}

export interface Mutant {
  readonly name: string
  /** The world in which this layer stands alone: others would hide that it is missing. */
  readonly plan: (plan: Plan) => Plan
  readonly mutation: (plan: Plan) => Mutation
}

/** How many seeds each mutant may live. */
export const budget = 40

type Writing = NonNullable<Entity<unknown, EntityName>['writer']>
type AnyEntity = Entity<unknown, EntityName>

const lossy = (plan: Plan): Plan => ({
  ...plan,
  repeat: 'find',
  net: { ...plan.net, lostReply: 0.25, late: 0.1, after500: 0.1 },
})
const noHooks = (plan: Plan): Plan => ({ ...plan, hooks: { ...plan.hooks, off: true } })

export const mutants: readonly Mutant[] = [
  {
    name: 'a create is repeated without looking it up',
    plan: lossy,
    mutation: () => ({
      connection: withWriter(writer =>
        writer.repeat === 'find' ? { ...writer, find: async () => new Map<string, string>() } : writer,
      ),
    }),
  },
  {
    name: 'a create is looked up at once',
    plan: plan => ({ ...lossy(plan), remote: { ...plan.remote, indexLagMs: 20_000 } }),
    mutation: () => ({
      store: twin => ({
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
      }),
    }),
  },
  {
    name: 'a look-up that fails counts as not found',
    plan: plan => ({ ...lossy(plan), net: { ...lossy(plan).net, busy: 0.2, before500: 0.2 } }),
    mutation: () => ({
      connection: withWriter(writer =>
        writer.repeat === 'find'
          ? {
              ...writer,
              find: async (...args) => writer.find(...args).catch(() => new Map<string, string>()),
            }
          : writer,
      ),
    }),
  },
  {
    name: 'no answer is taken for a refusal',
    plan: lossy,
    mutation: () => ({ connection: withOutcomes(asRefused) }),
  },
  {
    name: 'a refusal in an answer of 200 is taken for success',
    plan: plan => ({ ...plan, net: { ...plan.net, okWithError: 0.2 } }),
    mutation: () => ({ connection: withOutcomes(asApplied) }),
  },
  {
    name: 'what was intended is forgotten with every retry',
    plan: lossy,
    mutation: () => ({
      store: twin => ({
        ...twin,
        settle: (settlements, now) => twin.settle(settlements.map(withoutIntent), now),
      }),
    }),
  },
  {
    name: 'the cursor is saved before its page',
    plan: plan => ({ ...noHooks(plan), process: { ...plan.process, crash: 0.005 } }),
    mutation: () => ({ store: cursorFirst }),
  },
  {
    name: 'a sweep does not overlap the one before',
    plan: plan => ({ ...noHooks(plan), orders: 16, remote: { ...plan.remote, lateCommitMs: 45_000 } }),
    mutation: () => ({ connection: withoutOverlap }),
  },
  {
    name: 'webhooks are answered before they are kept, and nothing is polled',
    plan: plan => ({
      ...plan,
      process: { ...plan.process, crash: 0.005 },
      hooks: { ...plan.hooks, off: false, lost: 0 },
    }),
    mutation: () => ({ answersEarly: true, connection: withoutPolls }),
  },
  {
    name: 'whoever comes back late may still settle',
    plan: plan => ({
      ...lossy(plan),
      nodes: 3,
      process: { ...plan.process, aimed: 0.1, pause: 0.001, pauseMaxMs: 180_000 },
    }),
    mutation: () => ({ store: withoutFence }),
  },
  {
    name: 'what changed while it was being written is not written again',
    plan: plan => ({
      ...plan,
      orders: 16,
      people: { ...plan.people, edits: 3 },
      net: { ...plan.net, lostReply: 0.3 },
    }),
    mutation: () => ({ store: withoutGenerations }),
  },
]

function withEntities(
  connection: Connection,
  change: (entity: AnyEntity, name: EntityName) => AnyEntity,
): Connection {
  const entities = Object.entries(connection.connector.entities).map(([name, entity]) => [
    name,
    change(entity as AnyEntity, name as EntityName),
  ])
  return {
    ...connection,
    connector: { ...connection.connector, entities: Object.fromEntries(entities) as object },
  }
}

function withWriter(change: (writer: Writing) => Writing): (connection: Connection) => Connection {
  return connection =>
    withEntities(connection, entity =>
      entity.writer ? { ...entity, writer: change(entity.writer) } : entity,
    )
}

function withOutcomes(change: (outcome: Outcome, id: string | null) => Outcome) {
  return withWriter(writer => ({
    ...writer,
    write: async (session, writes) => {
      const outcomes = await writer.write(session, writes)
      return outcomes.map((outcome, index) => change(outcome, writes[index]?.id ?? null))
    },
  }))
}

function asRefused(outcome: Outcome): Outcome {
  return outcome.is === 'unknown' ? { ...outcome, is: 'refused' } : outcome
}

function asApplied(outcome: Outcome, id: string | null): Outcome {
  const locked = outcome.is === 'refused' && outcome.problem.message.includes('LOCKED')
  return locked ? { key: outcome.key, is: 'applied', id: id ?? 'none', version: null } : outcome
}

function soon(settlement: Settlement, now: number): Settlement {
  return settlement.is === 'later' && settlement.intent === 'keep'
    ? { ...settlement, at: now + 1_000 }
    : settlement
}

function withoutIntent(settlement: Settlement): Settlement {
  return settlement.is === 'later' ? { ...settlement, intent: 'clear' } : settlement
}

function cursorFirst(twin: Twin): Store {
  return {
    ...twin,
    async saveRead(page: ReadPage) {
      const { poll, ...rest } = page
      if (!poll) return twin.saveRead(page)
      const moved = await twin.saveRead({ ...rest, records: [], gone: [], poll })
      // The second transaction is the process's own to lose: one in ten never comes.
      return twin.tables.journal.length % 10 === 0 ? moved : twin.saveRead(rest)
    },
  }
}

function withoutOverlap(connection: Connection): Connection {
  return withEntities(connection, entity => {
    const { changes } = entity
    if (!changes) return entity
    return {
      ...entity,
      changes: async (session, after, limit) => {
        const page = await changes(session, after, limit)
        const next = JSON.parse(page.next) as { newest: string | null }
        const at = next.newest === null ? null : { stamp: next.newest, id: '\uffff' }
        return { ...page, next: JSON.stringify({ ...next, at }) }
      },
    }
  })
}

function withoutPolls(connection: Connection): Connection {
  if (connection.name === 'erp') return connection
  return withEntities(connection, entity => {
    const { changes: _changes, ...rest } = entity
    return rest
  })
}

function withoutFence(twin: Twin): Store {
  const current = (delivery: Delivery): Delivery => {
    const row = twin.tables.deliveries.get(keyOf(delivery.flow, delivery.id))
    if (!row) return delivery
    if (row.state !== 'running') {
      setState(twin.tables, row, 'running')
      row.claimedGen = delivery.gen
    }
    return { ...delivery, fence: row.fence }
  }
  return {
    ...twin,
    intend: (intents, now) =>
      twin.intend(
        intents.map(each => ({ ...each, delivery: current(each.delivery) })),
        now,
      ),
    settle: (settlements, now) =>
      twin.settle(
        settlements.map(each => ({ ...each, delivery: current(each.delivery) })),
        now,
      ),
  }
}

function withoutGenerations(twin: Twin): Store {
  return {
    ...twin,
    settle(settlements, now) {
      for (const { delivery } of settlements) {
        const row = twin.tables.deliveries.get(keyOf(delivery.flow, delivery.id))
        if (row) row.claimedGen = row.gen
      }
      return twin.settle(settlements, now)
    },
  }
}
