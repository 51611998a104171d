import type { Load } from '@linchpin/store'
import { rulesOf } from '../reconcile/round.ts'
import { known, type Flow } from '../setup.ts'
import { flowHere, flowNamed } from '../sync.ts'
import { asProblem, inLog, meet, watched } from '../trouble.ts'
import { LEASE_MS } from '../world.ts'
import { lookPage, readRows, rowsAfter, saveRows, type Deps, type Rows } from './page.ts'
import { beginLoad, beginLook, inOrder, isOpen, type LoadState } from './state.ts'

/** How a flow's first load stands. */
export interface LoadProgress extends Omit<LoadState, 'rules' | 'cursor' | 'heap' | 'mark'> {
  readonly flow: string
  /** Records a second, of late. */
  readonly rate: number
  /** Until all is read, in ms, at this rate; null: nobody knows. */
  readonly leftMs: number | null
}

/**
 * What a person asks for: to look what a load would do; to do it; to stop it for now. Work goes on by itself after that
 * (`loadOn`), from where it was.
 */
export async function askLoad(
  request: { readonly flow: string; readonly as: 'look' | 'go' | 'stop'; readonly again: boolean },
  deps: Pick<Deps, 'setup' | 'store'> & { readonly world: Pick<Deps['world'], 'now'> },
): Promise<LoadProgress | { readonly refused: string }> {
  const flow = request.as === 'stop' ? flowNamed(request.flow, deps) : flowHere(request.flow, deps)
  const known = await stateOf(flow.name, deps)
  const asked = wanted(request, known, rulesOf(flow, deps.setup), deps.world.now())
  if (typeof asked === 'string') return { refused: `Flow ${flow.name}: ${asked}` }
  if (asked !== known) await deps.store.setLoad(flow.name, asked, asked.read === 0)
  return progressOf(flow.name, asked, deps.world.now())
}

/** Pure: the state that is asked for, or why it cannot be. */
export function wanted(
  { as, again }: { readonly as: 'look' | 'go' | 'stop'; readonly again: boolean },
  known: LoadState | null,
  rules: string,
  now: number,
): LoadState | string {
  if (as === 'stop') return known === null ? 'nothing is loaded.' : { ...known, stopped: true }
  if (as === 'look') {
    const isUnderWay = known !== null && known.phase !== 'looked' && known.phase !== 'done'
    return isUnderWay && !again && known.rules === rules ? goingOn(known) : beginLook(rules, now)
  }
  if (known === null || known.phase === 'looking')
    return 'look first what a load would do; it has not been looked at, or not to the end.'
  if (known.rules !== rules)
    return 'its mapping or its rules have changed since it was looked at. Look again what a load would do.'
  if (known.phase === 'looked' || again) return beginLoad({ ...known, stopped: false }, now)
  return known.phase === 'done'
    ? 'it is loaded already. To load it once more, say so (again).'
    : goingOn(known)
}

const goingOn = (state: LoadState): LoadState => (state.stopped ? { ...state, stopped: false } : state)

async function stateOf(flow: string, { store }: Pick<Deps, 'store'>): Promise<LoadState | null> {
  const found = (await store.loads()).find(each => each.flow === flow)
  return (found?.state as LoadState | undefined) ?? null
}

export async function loadsNow({
  store,
  world,
}: Pick<Deps, 'store' | 'world'>): Promise<readonly LoadProgress[]> {
  return (await store.loads()).map(({ flow, state }) => progressOf(flow, state as LoadState, world.now()))
}

function progressOf(flow: string, state: LoadState, now: number): LoadProgress {
  const { rules: _rules, cursor: _cursor, heap: _heap, mark, ...rest } = state
  const seconds = Math.max(now - mark.at, 1) / 1_000
  const rate = isOpen(state) ? (state.read - mark.read) / seconds : 0
  const left = state.total === null || rate === 0 ? null : Math.max(0, state.total - state.read)
  return { flow, ...rest, rate, leftMs: left === null ? null : Math.round((left * 1_000) / rate) }
}

/** So long it works at a stretch. */
const STRETCH_MS = 2_000
const IDLE_MS = 1_000
/** When a system does not answer, or is paused. */
const TROUBLE_MS = 10_000

/**
 * A stretch of the loads that are asked for, one flow after the other in the order in which they need each other.
 * Answers how long to wait for the next one, in ms.
 */
export async function loadOn(deps: Deps): Promise<number> {
  const { store, setup, world } = deps
  const states = new Map((await store.loads()).map(({ flow, state }) => [flow, state as LoadState]))
  const flow = inOrder(setup.flows).find(({ name }) => {
    const state = states.get(name)
    return state !== undefined && isOpen(state)
  })
  if (!flow) return IDLE_MS
  const load = await store.claimLoad({ flow: flow.name, leaseMs: LEASE_MS, now: world.now() })
  return load === null ? IDLE_MS : stretch(load, flow, deps)
}

async function stretch(load: Load, flow: Flow, given: Deps): Promise<number> {
  const { deps, asked } = watched(given, given.setup.here.has(flow.from) ? flow.from : flow.to)
  const { world, store } = deps
  const until = world.now() + STRETCH_MS
  let state: LoadState = load.state as LoadState
  try {
    const wait = await waitFor(state, flow, deps)
    if (wait === 0) {
      const moved = await moveOn(load, state, flow, until, deps)
      // Another node, or a person, has taken it over.
      if (moved === null) return 0
      state = moved
    }
    await store.saveLoad({ load, state, leaseUntil: null })
    return Math.min(wait, TROUBLE_MS)
  } catch (error) {
    const { problem } = await meet(asProblem(error), given.sourceLane(asked()), deps)
    world.log.warn({ flow: flow.name, ...inLog(problem) }, 'Loading failed.')
    await troubled(load, problem.message, deps)
    return TROUBLE_MS
  }
}

/** What was saved on the way stands: only the words are added. */
async function troubled(load: Load, problem: string, { store }: Deps): Promise<void> {
  const found = (await store.loads()).find(({ flow }) => flow === load.flow)
  if (found)
    await store.saveLoad({ load, state: { ...(found.state as LoadState), problem }, leaseUntil: null })
}

async function moveOn(
  load: Load,
  state: LoadState,
  flow: Flow,
  until: number,
  deps: Deps,
): Promise<LoadState | null> {
  if (state.phase === 'looking') return lookOn(load, state, flow, until, deps)
  if (state.phase === 'loading') return readOn(load, state, flow, until, deps)
  return { ...state, phase: 'done', ended: deps.world.now() }
}

async function lookOn(
  load: Load,
  begun: LoadState,
  flow: Flow,
  until: number,
  deps: Deps,
): Promise<LoadState | null> {
  let state: LoadState | null = begun
  do state = await lookPage(load, state, flow, deps)
  while (state?.phase === 'looking' && deps.world.now() < until && (await waitFor(state, flow, deps)) === 0)
  return state
}

/** So many heaps of rows are read and mapped ahead while one is saved. */
const AHEAD = 2

/** Reads while there is time, and saves what was read. Where something is owed, the line is looked at first. */
async function readOn(
  load: Load,
  begun: LoadState,
  flow: Flow,
  until: number,
  deps: Deps,
): Promise<LoadState | null> {
  let state = begun
  let ended = false
  const more = async (rows: Rows | null): Promise<Rows | null> => {
    if (ended || rows === null || rows.next === null || heapOf(state) === 1) return null
    if (deps.world.now() >= until || (await closedAt(flow, deps)) > 0) return null
    return readRows(rows.next, heapOf(state), flow, deps)
  }
  let last: Promise<Rows | null> = readRows(state.cursor, heapOf(state), flow, deps)
  const heaps = [last]
  try {
    for (;;) {
      while (heaps.length <= AHEAD) {
        last = last.then(more)
        // A failure is told when its turn comes.
        last.catch(() => {})
        heaps.push(last)
      }
      const rows = await heaps.shift()
      if (!rows) return state
      const saved = await saveRows(load, state, rows, flow, deps)
      if (saved === null) return null
      state = { ...saved.state, heap: rowsAfter(heapOf(state), saved.owed) }
      if (state.phase !== 'loading' || saved.owed > 0) return state
    }
  } finally {
    // Another node may go on from here: nothing more is read for nobody.
    ended = true
  }
}

const heapOf = ({ heap = 1 }: LoadState) => heap

/** So many deliveries of a load stand in line at most: what changes now is not to wait behind a million. */
const MOST_IN_LINE = 100

/** How long others go first: a paused or blocked system, requests that wait for their turn, deliveries in line. */
async function waitFor(state: LoadState, flow: Flow, deps: Deps): Promise<number> {
  const { control, store } = deps
  const closed = await closedAt(flow, deps)
  if (closed > 0) return closed
  const queue = await queueAt(flow.from, deps)
  if (queue > 0) return queue
  if (state.phase === 'looking') return 0
  const most = state.phase === 'loading' ? MOST_IN_LINE : 1
  const open = await control.openFlows([flow.name])
  if (state.phase === 'loading' && open.length === 0) return TROUBLE_MS
  return (await store.inLine(flow.name, most)) >= most ? IN_LINE_MS : 0
}

const IN_LINE_MS = 100

async function closedAt({ from, to }: Flow, { control }: Pick<Deps, 'control'>): Promise<number> {
  return Math.max(await control.closedFor(from), await control.closedFor(to))
}

/** How long requests wait for their turn there; nothing is taken. What others told is not asked for there. */
async function queueAt(connection: string, { store, setup, world }: Deps): Promise<number> {
  if (!setup.here.has(connection)) return 0
  const { requests, perMs } = known(setup.connections, connection).connector.limits
  return store.spend({ connection, cost: 0, requests, perMs, now: world.now() })
}
