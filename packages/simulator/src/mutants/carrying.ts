import type { Io } from '@linchpin/connector'
import type { SalesOrder } from '@linchpin/model'
import type { Delivery, LinkKey, Store } from '@linchpin/store'
import { sumMoney } from '@linchpin/model'
import type { Twin } from '../twin/twin.ts'
import { CALM, fairWeather, renaming } from '../plan.ts'
import { quiet, type Mutant } from './mutant.ts'
import { withFetch, withWriter } from './planting.ts'

/** Mistakes about what is carried: money, stock, identity, echoes, and the target's patience. */
export const carrying: readonly Mutant[] = [
  {
    name: 'what exists counts as equal',
    says: /in the shop, .* in the ERP|cancelled in the shop|closed in the ERP|instead of/,
    plan: plan => ({ ...quiet(plan), orders: 16, people: { ...plan.people, edits: 3 } }),
    mutation: () => ({ connection: withWriter(withoutUpdates) }),
  },
  {
    name: 'a total is worked out anew instead of compared',
    says: /should never have reached the ERP \({?"?money/,
    plan: plan => ({ ...quiet(plan), orders: 16, people: { ...plan.people, poison: 0.4 } }),
    mutation: () => ({ store: adding }),
  },
  {
    name: 'stock is promised without what is ordered already',
    says: /shows .* instead of|were sold/,
    plan: plan => ({ ...quiet(plan), orders: 16, people: { ...plan.people, poison: 0.4 } }),
    mutation: () => ({ store: twin => ({ ...twin, openDemand: async () => '0' }) }),
  },
  {
    name: 'stock is promised without the buffer',
    says: /shows .* instead of|were sold/,
    plan: quiet,
    mutation: () => ({ flow: flow => ({ ...flow, buffer: '0' }) }),
  },
  {
    name: 'an id is looked up whatever connection it belongs to',
    says: /mixed up|instead of|wrong order|belongs to no shop|is lost|in the shop, .* in the ERP|stands twice/,
    plan: plan => ({ ...quiet(plan), orders: 16 }),
    mutation: () => ({ store: withoutScope }),
  },
  {
    name: 'Retry-After is ignored',
    says: /banned/,
    plan: plan => ({ ...quiet(plan), orders: 16, net: { ...plan.net, stormMs: 90_000 } }),
    mutation: () => ({
      store: twin => ({ ...twin, leaveAlone: async () => {} }),
      connection: withFetch(withoutRetryAfter),
    }),
  },
  {
    name: 'nobody counts the requests',
    says: /requests within a second/,
    plan: plan => ({
      ...quiet(plan),
      ...CALM,
      orders: 40,
      people: { ...plan.people, burst: true },
      remote: { ...plan.remote, requestsMax: 2 },
    }),
    mutation: () => ({ store: twin => ({ ...twin, spend: async () => 0 }) }),
  },
  {
    name: 'the echo of what we wrote is taken for news',
    says: /was written \d+ times|without need|is still/,
    plan: plan => ({ ...quiet(plan), ...CALM, people: { ...plan.people, contrary: true } }),
    // The comparison with what was written would hide it.
    mutation: () => ({ store: twin => unwritten(withoutBounces(twin)) }),
  },
  {
    name: 'the echo of what we wrote is written back, over what is newer',
    says: /was last named/,
    plan: plan => renaming({ ...quiet(plan), ...CALM, orders: 16 }),
    mutation: () => ({ store: unwritten }),
  },
  {
    name: 'what is read anew is written anew, changed or not',
    says: /was written \d+ times|without need/,
    plan: plan => ({
      ...fairWeather(quiet(plan)),
      hooks: { ...plan.hooks, off: false, lost: 0, doubled: 0.5 },
    }),
    mutation: () => ({ store: alwaysForcing }),
  },
]

/** Nobody knows what a write left. */
const unwritten = (store: Store): Store => ({
  ...store,
  writtenFrom: async () => ({ isOpen: false, heldSentBy: null, last: null }),
})

function withoutUpdates(writer: Parameters<Parameters<typeof withWriter>[0]>[0]): typeof writer {
  return {
    ...writer,
    async write(session, writes) {
      const created = await writer.write(
        session,
        writes.filter(({ id }) => id === null),
      )
      const left = writes.flatMap(({ key, id }) =>
        id === null ? [] : [{ key, is: 'applied' as const, id, version: null }],
      )
      return [...created, ...left]
    },
  }
}

function adding(twin: Twin): Store {
  return {
    ...twin,
    claimDeliveries: async claim => (await twin.claimDeliveries(claim)).map(added),
  }
}

function added(delivery: Delivery): Delivery {
  const { record } = delivery
  if (record === null || delivery.entity !== 'SalesOrder' || record.canonical === null) return delivery
  const order = record.canonical as SalesOrder
  const sum = (what: 'net' | 'tax' | 'gross') =>
    sumMoney(
      order.lines.map(line => line[what]),
      order.currency,
    )
  const totals = { ...order.totals, net: sum('net'), tax: sum('tax'), payable: sum('gross') }
  return { ...delivery, record: { ...record, canonical: { ...order, totals } } }
}

/** Two shops count their orders alike: the link of one is found for the other. */
function withoutScope(twin: Twin): Store {
  const anywhere = ({ entity, id, to }: LinkKey): string | null => {
    const link = twin.tables.links.find(
      each =>
        each.entity === entity &&
        ((each.left === to && each.rightId === id) || (each.right === to && each.leftId === id)),
    )
    return link ? (link.left === to ? link.leftId : link.rightId) : null
  }
  return {
    ...twin,
    async claimDeliveries(claim) {
      const claimed = await twin.claimDeliveries(claim)
      return claimed.map(each => ({
        ...each,
        targetId: each.targetId ?? anywhere({ ...each, connection: each.from }),
      }))
    },
    links: async requests => {
      const found = await twin.links(requests)
      return found.map((id, index) => id ?? anywhere(requests[index] as LinkKey))
    },
  }
}

function withoutRetryAfter(fetch: Io['fetch']): Io['fetch'] {
  return async (...args) => {
    const response = await fetch(...args)
    return response.status === 429 ? Object.assign({}, response, { headers: new Headers() }) : response
  }
}

/** How often a change went there and back is not counted, so a loop is never seen. */
function withoutBounces(twin: Twin): Store {
  return {
    ...twin,
    async settle(settlements, now) {
      const results = await twin.settle(settlements, now)
      for (const [key, row] of twin.tables.written) twin.tables.written.set(key, { ...row, bounces: 0 })
      return results
    },
  }
}

function alwaysForcing(twin: Twin): Store {
  return {
    ...twin,
    saveRead: page =>
      twin.saveRead(
        page.poll ? { ...page, records: page.records.map(record => ({ ...record, force: true })) } : page,
      ),
  }
}
