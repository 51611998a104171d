import { askedToWaitMs, Problem, type Io } from '@linchpin/connector'
import type { Store } from '@linchpin/store'
import type { Clocks } from './clocks.ts'
import type { Control } from './control.ts'
import { known, type Setup } from './setup.ts'
import { TIMEOUT_MS, type World } from './world.ts'

/**
 * Signed-in sessions. Each lane of work has its own, because a lane's session carries the lane's deadline: a request
 * that would leave after it is refused here, at the last moment before the socket.
 */
export interface Lane {
  readonly connection: string
  /** Aborted when Linchpin stops: what fails then says nothing about the remote. Reads end at once. */
  readonly signal: AbortSignal
  readonly session: () => Promise<unknown>
  /** Requests may leave until then; null: at any time. */
  deadline: number | null
  /** How many times as long as usual its writes may take until they leave; 1 where the remote is not slow. */
  patience: number
  /** Signs in anew at the next call: the remote may have forgotten us. */
  readonly forget: () => void
  readonly close: () => Promise<void>
}

export interface LaneWorld {
  readonly setup: Setup
  readonly store: Store
  readonly world: World
  readonly control: Pick<Control, 'leftAloneFor' | 'forget'>
  readonly clocks: Clocks
  readonly signal: AbortSignal
  /** Aborted when Linchpin has waited long enough for writes that are under way: their outcome is unknown. */
  readonly cut?: AbortSignal
}

export function openLane(name: string, deps: LaneWorld): Lane {
  const { connector, settings } = known(deps.setup.connections, name)
  let opened: Promise<unknown> | null = null
  const lane: Lane = {
    connection: name,
    signal: deps.signal,
    deadline: null,
    patience: 1,
    session() {
      opened ??= connector.open(settings, io(lane, deps)).catch((error: unknown) => {
        opened = null
        throw error
      })
      return opened
    },
    forget() {
      opened = null
    },
    async close() {
      const session = await opened?.catch(() => undefined)
      if (session !== undefined) await connector.close?.(session)
    },
  }
  return lane
}

function io(lane: Lane, { setup, store, world, control, clocks, signal, cut }: LaneWorld): Io {
  const { name, connector } = known(setup.connections, lane.connection)
  const { requests, perMs } = connector.limits
  /** Whoever asked, and whatever comes of it: a remote that wants to be left alone is left alone by all of us. */
  async function heed(response: Response): Promise<void> {
    const now = world.now()
    const wait = askedToWaitMs(response, now)
    if (wait === null) return
    await store.leaveAlone(name, now + wait).catch(() => {})
    control.forget()
  }
  return {
    now: world.now,
    nonce: world.nonce,
    signal,
    log: (message, facts = {}) => world.log.info({ connection: name, ...facts }, message),
    async fetch(url, init = {}, cost = 1) {
      const turn = { connection: name, cost, requests, perMs, now: world.now() }
      const wait = await store.spend(turn).catch(noAnswer)
      if (wait > 0) await world.sleep(wait, signal)
      const rest = await control.leftAloneFor(name).catch(noAnswer)
      if (rest > 0)
        throw new Problem(
          'busy',
          `${name} asked to be left alone for ${Math.ceil(rest / 1_000)} s; nothing was sent.`,
          {
            retryAfterMs: rest,
          },
        )
      if (signal.aborted) throw new Problem('passing', 'Linchpin is stopping; nothing was sent.')
      if (lane.deadline !== null && world.now() > lane.deadline)
        throw new Problem(
          'passing',
          'It took too long to get ready; nothing was sent, and it will be tried again.',
        )
      const end = lane.deadline === null ? signal : cut
      const response = await world.fetch(url, end ? { signal: end, ...init } : init, TIMEOUT_MS)
      clocks.heard(name, response, world.now())
      await heed(response)
      return response
    },
  }
}

function noAnswer(cause: unknown): never {
  throw new Problem('passing', 'Our own database did not answer; nothing was sent.', { cause })
}
