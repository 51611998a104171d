import type { ConnectionHealth, FlowHealth, HomeAnswer } from '@linchpin/api'
import type { Connection } from '@linchpin/engine'
import { add, padMoney } from '@linchpin/model'
import type { Activity, ConnectionState, FlowState, Happened, PauseEnd } from '@linchpin/store'
import type { Linchpin } from '../linchpin.ts'
import { deliveriesOf, iso, isoOrNull } from '../http/status.ts'
import { isAsked } from '../secrets.ts'
import { version } from '../version.ts'
import { connectionVerdict, flowVerdict, overall } from './verdict.ts'

const DAY_MS = 24 * 3_600_000
const HOUR_MS = 3_600_000
/** What "in time" means until somebody says otherwise. */
const WITHIN_MS = 5 * 60_000

/** How everything stands, for whoever opens the console in the morning. */
export async function homeAnswer(linchpin: Linchpin): Promise<HomeAnswer> {
  const { desk, node, now } = linchpin
  const open = desk.open()
  // None needs the answer of another: PostgreSQL works on them at once.
  const [flows, connections, yesterday, today] = await Promise.all([
    flowsHealth(linchpin, open),
    connectionsHealth(linchpin, open),
    desk.happened({ since: now() - 2 * DAY_MS, until: now() - DAY_MS }),
    desk.happened({ since: now() - DAY_MS, until: now() + HOUR_MS }),
  ])
  return {
    at: iso(now()),
    node,
    version,
    verdict: overall([...flows, ...connections].map(({ verdict }) => verdict)),
    flows: [...flows],
    connections: [...connections],
    stuck: summed(flows.filter(({ entity }) => entity === 'SalesOrder').flatMap(({ stuck }) => stuck)),
    parked: flows.reduce((sum, { parked }) => sum + parked, 0),
    changed: CHANGES.map(([what, counts]) => ({
      what,
      now: countOf(today, counts),
      before: countOf(yesterday, counts),
    })),
  }
}

type Counts = (each: Happened) => boolean
const CHANGES: readonly (readonly [string, Counts])[] = [
  ['ordersRead', ({ entity, what }) => entity === 'SalesOrder' && what === 'read'],
  ['written', ({ what }) => what === 'applied'],
  ['parked', ({ what }) => what === 'parked'],
  ['retried', ({ what }) => what === 'retried'],
  ['skipped', ({ what }) => what === 'skipped'],
  ['delayed', ({ what }) => what === 'delayed'],
]

const countOf = (all: readonly Happened[], counts: Counts) =>
  all.filter(counts).reduce((sum, { count }) => sum + count, 0)

type Open = ReturnType<Linchpin['desk']['open']>

export async function flowsHealth(
  { store, desk, now, setup }: Linchpin,
  opened: Open = desk.open(),
): Promise<readonly FlowHealth[]> {
  const since = now() - DAY_MS
  const [open, states, ends, punctual, done] = await Promise.all([
    opened,
    store.flows(),
    desk.pauseEnds(),
    desk.punctuality({ since, withinMs: WITHIN_MS, now: now() }),
    desk.activity({ since, stepMs: HOUR_MS }),
  ])
  return setup.flows.flatMap(({ name }) => {
    const state = states.find(each => each.name === name)
    if (!state) return []
    const told = { ...state, ...deliveriesOf(name, open) }
    const { all = 0, inTime = 0 } = punctual.find(({ flow }) => flow === name) ?? {}
    return [oneFlow(told, pausedOf(state, ends, 'flow'), { all, inTime }, hoursOf(done, name, now()), now())]
  })
}

type Told = FlowState & ReturnType<typeof deliveriesOf>

function oneFlow(
  told: Told,
  paused: FlowHealth['paused'],
  punctual: { all: number; inTime: number },
  hours: readonly number[],
  now: number,
): FlowHealth {
  const { name, entity, from, to, deliveries, stuck, oldestOwedAt } = told
  const open = ['ready', 'later', 'running', 'waiting'].reduce(
    (sum, state) => sum + (deliveries[state] ?? 0),
    0,
  )
  const parked = deliveries['parked'] ?? 0
  // What is parked is told as parked; only what still moves can be late.
  const oldestMs = open === 0 || oldestOwedAt === null ? null : now - Date.parse(oldestOwedAt)
  return {
    name,
    entity,
    from,
    to,
    verdict: flowVerdict({ paused, parked, oldestMs: parked > 0 ? null : oldestMs, punctual }),
    punctual: { ...punctual, withinMs: WITHIN_MS },
    open,
    parked,
    oldestOwedAt,
    stuck,
    paused,
    hours: [...hours],
  }
}

function pausedOf(
  { name, paused }: FlowState | ConnectionState,
  ends: readonly PauseEnd[],
  kind: PauseEnd['kind'],
): FlowHealth['paused'] {
  if (!paused) return null
  const end = ends.find(each => each.kind === kind && each.name === name)
  return { at: iso(paused.at), by: paused.by, reason: paused.reason, until: isoOrNull(end?.at ?? null) }
}

function hoursOf(done: readonly Activity[], flow: string, now: number): readonly number[] {
  const hours = Array.from({ length: 24 }, () => 0)
  for (const { from, created, updated } of done.filter(each => each.flow === flow)) {
    const index = 23 - Math.floor((now - from) / HOUR_MS)
    if (index >= 0 && index < 24) hours[index] = (hours[index] ?? 0) + created + updated
  }
  return hours
}

export async function connectionsHealth(
  { config, store, desk, now, setup }: Linchpin,
  opened: Open = desk.open(),
): Promise<readonly ConnectionHealth[]> {
  const [states, status, ends, buckets, kept] = await Promise.all([
    store.connections(),
    opened,
    desk.pauseEnds(),
    desk.tokens(),
    desk.credentials(),
  ])
  return states.flatMap(state => {
    const connection = setup.connections.get(state.name)
    if (!connection) return []
    const backlog = status.notices.find(({ connection: name }) => name === state.name)?.count ?? 0
    const bucket = buckets.find(({ name }) => name === state.name)
    const budget = budgetOf(connection, bucket?.tokens ?? null, bucket?.at ?? null, now())
    const blockedMs = Math.max(0, (state.blockedUntil ?? 0) - now())
    const problems = state.polls.flatMap(({ entity, problem }) =>
      problem === null ? [] : [`${entity}: ${problem}`],
    )
    return [
      {
        name: state.name,
        connector: state.connector,
        title: connection.connector.title,
        role: connection.connector.role,
        verdict: connectionVerdict({
          paused: state.paused,
          blockedMs,
          problems,
          left: budget.left,
          backlog,
          expiring: kept.flatMap(each =>
            each.connection === state.name && each.expiresAt !== null && isAsked(config, each)
              ? [{ name: each.name, inMs: each.expiresAt - now() }]
              : [],
          ),
        }),
        backlog,
        budget,
        paused: pausedOf(state, ends, 'connection'),
        blockedUntil: isoOrNull(blockedMs > 0 ? state.blockedUntil : null),
      },
    ]
  })
}

/** What the shared limiter would let through at once by now. */
function budgetOf({ connector }: Connection, tokens: number | null, at: number | null, now: number) {
  const { requests, perMs } = connector.limits
  const refilled = tokens === null ? requests : tokens + (Math.max(0, now - (at ?? now)) * requests) / perMs
  return { left: Math.floor(Math.max(0, Math.min(requests, refilled))), of: requests, perMs }
}

function summed(all: readonly { amount: string; currency: string }[]) {
  const sums = new Map<string, string>()
  for (const { amount, currency } of all) sums.set(currency, add(sums.get(currency) ?? '0', amount))
  return [...sums].map(([currency, amount]) => ({ currency, amount: padMoney(amount, currency) }))
}
