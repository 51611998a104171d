import type { Comparison } from '@linchpin/store'
import { beginningOf } from '../beginning.ts'
import { healingOf, strictest, type Healing } from '../healing.ts'
import { LEASE_MS } from '../world.ts'
import type { ItemPage } from '../reader.ts'
import type { Flow } from '../setup.ts'
import { flowHere, flowNamed, sync } from '../sync.ts'
import { canHeal, type Discrepancy, type Reconciliation, type Standing } from './discrepancy.ts'
import { ahead } from './ahead.ts'
import { GATHER_MS, isListing, stepOf } from './phases.ts'
import { beginRound, touching, type Round } from './round.ts'
import { UNDER_WAY } from './second-look.ts'
import { AT_ONCE, type Deps } from './sides.ts'

export interface ReconcileRequest {
  readonly flow: string
  /** Reads both sides as a whole again, instead of what changed since the last comparison. */
  readonly full?: boolean
  /** Reads both sides as a whole when that was so long ago. */
  readonly fullAfterMs?: number
  /** Goes on with the comparison that is under way; else a new one is begun. */
  readonly goOn?: boolean
  /** Ends at this instant, even if not all is compared. */
  readonly until?: number
}

/**
 * Compares a flow's two sides as they are now, and answers how they stand. What was compared stays as hashes, so that
 * the next comparison reads only what changed since. When it is not done in time, it is to be called again.
 */
export async function reconcile(request: ReconcileRequest, deps: Deps): Promise<Reconciliation> {
  await compareSome(request, deps)
  return standing(flowNamed(request.flow, deps), deps)
}

/** Compares until it is done or its time is over. False: there is more to compare, or another node is at it. */
export async function compareSome(request: ReconcileRequest, deps: Deps): Promise<boolean> {
  const flow = flowHere(request.flow, deps)
  const { store, world } = deps
  const claimed = await store.claimComparison({ flow: flow.name, leaseMs: LEASE_MS, now: world.now() })
  return claimed !== null && goOn(claimed, request, flow, deps)
}

async function goOn(
  claimed: Comparison,
  { until = Infinity, ...asked }: ReconcileRequest,
  flow: Flow,
  deps: Deps,
): Promise<boolean> {
  const { store, world, setup } = deps
  const since = await beginningOf(flow, deps)
  const pages = ahead<ItemPage>(() => world.now() + GATHER_MS < until)
  let round = await opened(claimed.state as Round | null, asked, flow, deps)
  // The next heap of a side is compared while the last one is kept.
  let kept = round
  let keeping = { round, saved: Promise.resolve(true) }
  const isKept = async () => {
    const { round: of, saved } = keeping
    if (!(await saved)) return false
    kept = of
    return true
  }
  try {
    while (round.phase !== 'done' && world.now() < until) {
      if (!isListing(round, flow, deps) && !(await isKept())) return false
      const step = await stepOf(round, flow, since, pages, deps)
      if (!(await isKept())) return false
      round = step.round
      if (round.phase === 'done')
        round = round.again
          ? await withStanding(beginRound(round, flow, setup, world.now(), false), flow, deps)
          : closed(round, world.now())
      const ended = round.phase === 'done'
      const page = { ...step.looked, state: round, leaseUntil: world.now() + LEASE_MS, ended }
      keeping = { round, saved: store.saveComparison(claimed, page, world.now()) }
      // A failure is told when its turn comes.
      keeping.saved.catch(() => {})
    }
    return (await isKept()) && round.phase === 'done'
  } finally {
    await isKept().catch(() => false)
    await store.saveComparison(claimed, { state: kept, leaseUntil: null }, world.now())
  }
}

const closed = (round: Round, now: number): Round => ({
  ...round,
  ended: now,
  fullAt: round.full ? round.began : round.fullAt,
})

async function opened(
  known: Round | null,
  { full: whole = false, goOn: continued = false, fullAfterMs = Infinity }: Omit<ReconcileRequest, 'until'>,
  flow: Flow,
  deps: Deps,
): Promise<Round> {
  const now = deps.world.now()
  const isOpen = known !== null && known.phase !== 'done'
  const full = whole || (!isOpen && now - (known?.fullAt ?? now) >= fullAfterMs)
  const fresh = beginRound(known, flow, deps.setup, now, full)
  // What an earlier comparison has read is not read again; what changed meanwhile comes with another one.
  if (isOpen && !full && fresh.rules === known.rules) return continued ? known : { ...known, again: true }
  return withStanding(fresh, flow, deps)
}

/** What was wrong, did not read, or was under way, is looked at again. */
async function withStanding(round: Round, flow: Flow, { store }: Deps): Promise<Round> {
  if (round.touched === null) return round
  const found = await store.discrepancies({ flow: flow.name, limit: MOST_STANDING })
  const ids = (side: string) => found.filter(each => each.side === side).map(({ id }) => id)
  const faulty = await store.comparedRows({
    flow: flow.name,
    side: 'source',
    only: 'faulty',
    after: null,
    limit: MOST_STANDING,
  })
  const sources = [...ids('source'), ...faulty.map(({ id }) => id)]
  const { touched, alone } = touching(round, sources, ids('target'))
  return { ...round, touched, alone }
}

const MOST_STANDING = 10_000
const MOST_TOLD = 1_000

/** How the flow stands by what is known; asks nobody. */
export async function standing(flow: Flow, { store }: Pick<Deps, 'store'>): Promise<Reconciliation> {
  const state = await store.comparisonState(flow.name)
  const round = state?.state as Round | null | undefined
  const source = state?.rows.filter(({ side }) => side === 'source') ?? []
  const counted = (name: string | null) => source.find(row => row.state === name)?.count ?? 0
  const found = state?.found ?? []
  const under = found.find(({ kind }) => kind === UNDER_WAY)?.count ?? 0
  const wrong = found.filter(({ kind }) => kind !== UNDER_WAY)
  const kinds: Record<string, number> = {}
  for (const { kind, count } of wrong) kinds[kind] = (kinds[kind] ?? 0) + count
  const ofSource = found.filter(({ side }) => side === 'source').reduce((sum, { count }) => sum + count, 0)
  const { name, entity, from, to } = flow
  return {
    flow: name,
    entity,
    from,
    to,
    done: round?.phase === 'done',
    full: round?.full ?? true,
    looked: round?.looked ?? { source: 0, target: 0 },
    told: round?.told ?? null,
    read: source.reduce((sum, { count }) => sum + count, 0),
    same: Math.max(0, counted(null) - ofSource),
    leftAlone: counted('left alone'),
    unreadable: counted('unreadable') + counted('faulty'),
    underWay: under,
    kinds,
    discrepancies: await told(flow, MOST_TOLD, { store }),
    healed: 0,
    endedAt: round?.ended ?? null,
    oldestAt: wrong.length === 0 ? null : Math.min(...wrong.map(({ oldest }) => oldest)),
  }
}

async function told(flow: Flow, limit: number, { store }: Pick<Deps, 'store'>): Promise<readonly Standing[]> {
  const found = await store.discrepancies({ flow: flow.name, limit })
  return found
    .filter(({ kind }) => kind !== UNDER_WAY)
    .map(({ detail, since }) => {
      const discrepancy = detail as Discrepancy
      return { ...discrepancy, since, heal: healingFor(discrepancy, flow) }
    })
}

function healingFor(discrepancy: Discrepancy, flow: Flow): Healing {
  const policy = flow.heal ?? healingOf(flow.entity)
  if (!canHeal(discrepancy)) return 'ask'
  if (discrepancy.is === 'missing') return policy.missing
  return strictest(
    policy,
    discrepancy.fields.map(({ field }) => field),
  )
}

/**
 * Delivers anew what that can mend: what the flow's policy lets happen by itself, what it proposes when a person said
 * so, or the records that a person named. Answers how many. Those are ordinary deliveries.
 */
export async function heal(
  request: {
    readonly flow: string
    readonly as: 'automatic' | 'proposed' | { readonly ids: readonly string[] }
  },
  deps: Deps,
): Promise<number> {
  const flow = flowNamed(request.flow, deps)
  const { as } = request
  const found = await told(flow, MOST_STANDING, deps)
  const wanted = found.filter(canHeal).filter(each => {
    if (typeof as === 'object') return as.ids.includes(each.id ?? '')
    return each.heal === 'automatic' || (as === 'proposed' && each.heal === 'propose')
  })
  const ids = wanted.flatMap(({ id }) => id ?? [])
  for (let start = 0; start < ids.length; start += AT_ONCE)
    await sync({ flow: flow.name, ids: ids.slice(start, start + AT_ONCE), cursor: null }, deps)
  return ids.length
}
