import type { ParkedAnswer, StatusAnswer } from '@linchpin/api'
import { add, padMoney } from '@linchpin/model'
import type { Flow, Setup, Told } from '@linchpin/engine'
import type { DeliveryState, ParkedDelivery, Status, Sweeps } from '@linchpin/store'
import { shownLabel } from '../desk/head.ts'
import type { Own } from '../desk/mask.ts'
import { shownTrouble, shownWords } from '../desk/words.ts'
import type { Linchpin } from '../linchpin.ts'

export const iso = (ms: number) => new Date(ms).toISOString()
export const isoOrNull = (ms: number | null) => (ms === null ? null : iso(ms))
export const toldAnswer = (told: Told | null) => told && { ...told, at: isoOrNull(told.at) }

/** How everything stands, in one answer. */
export async function statusAnswer(
  { store, desk, node, now, setup }: Linchpin,
  version: string,
): Promise<StatusAnswer> {
  const [connections, flows, status] = [await store.connections(), await store.flows(), await store.status()]
  const sweeps = await desk.sweeps({ since: now() - DAY_MS })
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
        ...modesOf(setup, name),
        state: paused ? 'paused' : 'open',
        paused: paused && { at: iso(paused.at), by: paused.by, reason: paused.reason },
        since: iso(since),
        ...deliveriesOf(name, status),
        changes: changesOf({ from, entity }, setup, sweeps),
      })),
    records: [...status.records],
  }
}

const DAY_MS = 24 * 3_600_000

function modesOf({ flows }: Setup, name: string): { modes: string[] } {
  const flow = flows.find(each => each.name === name)
  const isRealtime = flow?.batch?.holds !== true
  const more = [flow?.batch ? ['batch'] : [], flow?.continuous ? ['continuous'] : []]
  return { modes: [...(isRealtime ? ['realtime'] : []), ...more.flat()] }
}

/** Only where webhooks are sent at all can it be said how much they missed. */
function changesOf(
  { from, entity }: Pick<Flow, 'from' | 'entity'>,
  { connections }: Setup,
  sweeps: readonly Sweeps[],
): { rung: number; caught: number } | null {
  if (connections.get(from)?.connector.webhook === undefined) return null
  const { rung = 0, caught = 0 } =
    sweeps.find(each => each.connection === from && each.entity === entity) ?? {}
  return { rung, caught }
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

export function parkedAnswer(each: ParkedDelivery, own: readonly Own[] = []): ParkedAnswer {
  const { parkedAt, unknown } = each
  const worth = each.worth && { ...each.worth, amount: padMoney(each.worth.amount, each.worth.currency) }
  const label = shownLabel(each, each.label)
  return {
    ...shownTrouble(deliveryAnswer(each), words => shownWords(words, each.entity, own)),
    label,
    parkedAt: iso(parkedAt),
    worth,
    unknown,
  }
}
