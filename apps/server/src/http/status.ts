import type { ParkedAnswer, StatusAnswer } from '@linchpin/api'
import { add, padMoney } from '@linchpin/model'
import type { DeliveryState, ParkedDelivery, Status } from '@linchpin/store'
import type { Linchpin } from '../linchpin.ts'

export const iso = (ms: number) => new Date(ms).toISOString()
export const isoOrNull = (ms: number | null) => (ms === null ? null : iso(ms))

/** How everything stands, in one answer. */
export async function statusAnswer(
  { store, node, now, setup }: Linchpin,
  version: string,
): Promise<StatusAnswer> {
  const [connections, flows, status] = [await store.connections(), await store.flows(), await store.status()]
  return {
    version,
    node,
    at: iso(now()),
    connections: connections
      .filter(({ name }) => setup.connections.has(name))
      .map(each => ({
        name: each.name,
        connector: each.connector,
        state: each.paused ? 'paused' : (each.blockedUntil ?? 0) > now() ? 'waiting' : 'open',
        paused: each.paused && { at: iso(each.paused.at), by: each.paused.by, reason: each.paused.reason },
        blockedUntil: isoOrNull(each.blockedUntil),
        backlog: status.notices.find(({ connection }) => connection === each.name)?.count ?? 0,
        polls: each.polls.map(poll => ({
          ...poll,
          nextAt: iso(poll.nextAt),
          finishedAt: isoOrNull(poll.finishedAt),
        })),
      })),
    flows: flows
      .filter(({ active }) => active)
      .map(({ name, entity, from, to, paused, since }) => ({
        name,
        entity,
        from,
        to,
        state: paused ? 'paused' : 'open',
        paused: paused && { at: iso(paused.at), by: paused.by, reason: paused.reason },
        since: iso(since),
        ...deliveriesOf(name, status),
      })),
    records: [...status.records],
  }
}

const OPEN = ['ready', 'later', 'running', 'waiting', 'parked']

/** How a flow's deliveries stand, and what is stuck in money. */
export function deliveriesOf(flow: string, status: Pick<Status, 'deliveries'>) {
  const ours = status.deliveries.filter(each => each.flow === flow)
  const open = ours.filter(each => OPEN.includes(each.state))
  const oldest = open.flatMap(each => (each.oldest === null ? [] : [each.oldest]))
  const stuck = new Map<string, string>()
  for (const { amount, currency } of open.flatMap(each => each.worth))
    stuck.set(currency, add(stuck.get(currency) ?? '0', amount))
  return {
    deliveries: Object.fromEntries(ours.map(({ state, count }) => [state, count])),
    oldestOwedAt: oldest.length === 0 ? null : iso(Math.min(...oldest)),
    stuck: [...stuck].map(([currency, amount]) => ({ amount: padMoney(amount, currency), currency })),
  }
}

export function deliveryAnswer(each: DeliveryState) {
  const { flow, entity, id, from, to, state, tries, attempt, trouble } = each
  const times = { owedAt: iso(each.owedAt), nextAt: iso(each.runAt), settledAt: isoOrNull(each.settledAt) }
  return { flow, entity, id, from, to, state, tries, attempts: attempt, trouble, ...times }
}

export function parkedAnswer(each: ParkedDelivery): ParkedAnswer {
  const { label, parkedAt, unknown } = each
  const worth = each.worth && { ...each.worth, amount: padMoney(each.worth.amount, each.worth.currency) }
  return { ...deliveryAnswer(each), label, parkedAt: iso(parkedAt), worth, unknown }
}
