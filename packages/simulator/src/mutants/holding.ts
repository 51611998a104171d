import type { World as EngineWorld } from '@linchpin/engine'
import type { Delivery, Store } from '@linchpin/store'
import { CALM, type Plan } from '../plan.ts'
import { keyOf, setState } from '../twin/tables.ts'
import type { Twin } from '../twin/twin.ts'
import { lossy, quiet, type Mutant } from './mutant.ts'

const DIFFERENT = /in the shop, .* in the ERP|cancelled in the shop|not cancelled|went back/

/** A replica takes the place of our database, in a world that is busy until then. */
const forgetful = (plan: Plan): Plan => ({
  ...quiet(plan),
  store: { ...plan.store, lostTailMs: 30_000, fullMs: 0, downMs: 0 },
  remote: { ...plan.remote, restoreMs: 0 },
  people: { ...plan.people, lastPiece: false },
})

/** Mistakes about who may work on what, and in which order: leases, fences, generations, priorities. */
export const holding: readonly Mutant[] = [
  {
    name: 'whoever comes back late may still settle',
    says: /stands twice|in the ERP \d times|in the shop, .* in the ERP|instead of|cancelled|open intent|is still/,
    plan: plan => ({
      ...lossy(plan),
      nodes: 3,
      process: { ...plan.process, aimed: 0.1, pause: 0.001, pauseMaxMs: 180_000 },
    }),
    mutation: () => ({ store: withoutFence }),
  },
  {
    name: 'a request leaves however late it is',
    says: /stands twice|in the ERP \d times/,
    plan: plan => ({
      ...quiet(plan),
      ...CALM,
      nodes: 3,
      orders: 16,
      batch: 1,
      remote: { ...plan.remote, indexLagMs: 0 },
      net: { ...CALM.net, lateMaxMs: 20_000 },
      process: { crash: 0, pause: 0, aimed: 0.15, pauseMaxMs: 180_000 },
    }),
    mutation: () => ({ node: withoutSendBy }),
  },
  {
    name: 'what changed while it was being written is not written again',
    says: DIFFERENT,
    plan: plan => ({
      ...quiet(plan),
      orders: 16,
      people: { ...plan.people, edits: 3, shipping: 0 },
      net: { ...plan.net, lostReply: 0.3 },
    }),
    mutation: () => ({ store: withoutGenerations }),
  },
  {
    name: 'what our own database forgot is not doubted',
    says: /stands twice|in the ERP \d times|open intent/,
    plan: plan => ({ ...forgetful(plan), repeat: 'find', orders: 16 }),
    mutation: () => ({
      store: twin => ({
        ...twin,
        claimDeliveries(claim) {
          twin.tables.lostAt = null
          return twin.claimDeliveries(claim)
        },
      }),
    }),
  },
  {
    name: 'a system that was restored from a backup is not noticed',
    says: /is lost|in the shop, .* in the ERP|mixed up|instead of|stands at the wrong order/,
    plan: plan => ({
      ...quiet(plan),
      faultMinutes: 6,
      convergeMinutes: 15,
      orders: 12,
      remote: { ...plan.remote, restoreMs: 180_000, missMs: 0, massMs: 0 },
      store: { ...plan.store, fullMs: 0, downMs: 0 },
      people: { ...plan.people, lastPiece: false },
    }),
    mutation: () => ({ store: twin => ({ ...twin, newestLinks: async () => [] }) }),
  },
  {
    name: 'a lease never ends',
    says: /is still (running|waiting|to be read)|is lost/,
    plan: plan => ({
      ...quiet(plan),
      process: { ...plan.process, crash: 0.002, aimed: 0.05 },
    }),
    mutation: () => ({ store: withoutLeases }),
  },
  {
    name: 'old states wait in a queue and are written one by one',
    says: /went back|in the shop, .* in the ERP|cancelled in the shop|instead of/,
    plan: plan => ({
      ...quiet(plan),
      orders: 16,
      people: { ...plan.people, edits: 3 },
      net: { ...plan.net, lostReply: 0.2 },
    }),
    mutation: () => ({ store: queueing }),
  },
  {
    name: 'whoever waits for another record is not woken',
    says: /is still waiting|is lost/,
    plan: quiet,
    mutation: () => ({ store: neverWaking }),
  },
  {
    name: 'catalogue goes before orders',
    says: /went before/,
    plan: plan => ({
      ...quiet(plan),
      orders: 40,
      people: { ...plan.people, burst: true },
      net: { ...plan.net, downMs: 120_000 },
    }),
    mutation: () => ({
      store: twin => ({
        ...twin,
        claimDeliveries: claim => twin.claimDeliveries({ ...claim, flows: claim.flows.toReversed() }),
      }),
    }),
  },
]

/** A node that does not see how long it stood still between its intent and its request. */
function withoutSendBy(world: EngineWorld): EngineWorld {
  let held: number | null = null
  return {
    ...world,
    now: () => held ?? world.now(),
    async point(name) {
      if (name === 'after claim') held = null
      const before = world.now()
      await world.point?.(name)
      if (name !== 'after intent' && name !== 'before send') return
      if (world.now() - before > SEND_BY_MS) held = before
    },
    fetch(url, init, timeoutMs) {
      if (init.method !== 'GET') held = null
      return world.fetch(url, init, timeoutMs)
    },
  }
}

const SEND_BY_MS = 20_000

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

function withoutLeases(twin: Twin): Store {
  return {
    ...twin,
    claimDeliveries: claim => twin.claimDeliveries({ ...claim, leaseMs: FOR_EVER_MS }),
    claimNotices: claim => twin.claimNotices({ ...claim, leaseMs: FOR_EVER_MS }),
    claimPoll: claim => twin.claimPoll({ ...claim, leaseMs: FOR_EVER_MS }),
    beat: async () => {},
  }
}

const FOR_EVER_MS = 1e12

/** The states of each record in their order; a claim gets the oldest that was not written yet. */
function queueing(twin: Twin): Store {
  const states = new Map<string, Delivery['record'][]>()
  return {
    ...twin,
    async claimDeliveries(claim) {
      const claimed = await twin.claimDeliveries(claim)
      return claimed.map(delivery => {
        const key = keyOf(delivery.flow, delivery.id)
        const queue = states.get(key) ?? []
        states.set(key, queue)
        if (queue.at(-1)?.hash !== delivery.record?.hash) queue.push(delivery.record)
        return { ...delivery, record: queue.at(-2) ?? delivery.record }
      })
    },
  }
}

function neverWaking(twin: Twin): Store {
  return {
    ...twin,
    settle: (settlements, now) =>
      twin.settle(
        settlements.map(each =>
          each.is === 'waiting' ? { ...each, links: [], at: now + FOR_EVER_MS } : each,
        ),
        now,
      ),
  }
}
