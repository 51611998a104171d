import { resolve } from 'node:path'
import type { Connector } from '@linchpin/connector'
import { tidyPeople } from '@linchpin/store'
import type { Logger } from 'pino'
import { carryAlerts } from './alerts/carry.ts'
import { tokenOf } from './config/door.ts'
import type { Environment } from './config/resolve.ts'
import type { Config } from './config/schema.ts'
import { takeCare } from './desk/caretaker.ts'
import { Refusal } from './http/problem.ts'
import { listen, refuseOpenDoor } from './http/server.ts'
import { liveFaults } from './mapping/faults.ts'
import { followChanges } from './mapping/live.ts'
import { openLinchpin, type Linchpin, type LinchpinOptions } from './linchpin.ts'
import { configOf, environmentOf, theHub, type Part } from './part.ts'
import { welcomeDemo } from './people/demo.ts'
import { openLocalToken } from './people/local-token.ts'
import { setUpLink } from './people/set-up.ts'
import { peopleOf } from './people/settings.ts'
import { carryLoads } from './loads.ts'

export interface Running {
  readonly url: string
  readonly linchpin: Linchpin
  /** Begins to build the console's pages, unless somebody has opened them already. */
  readonly prepareConsole: () => Promise<void>
  /** Lets what is under way end, for a few seconds at most, then closes everything, the database last. */
  readonly stop: () => Promise<void>
}

export interface StartOptions {
  readonly config: Config
  readonly connectors: readonly Connector[]
  readonly environment: Environment
  readonly log: Logger
  readonly folder: string
  /** Forget everything that the database holds. */
  readonly fresh?: boolean
  /** What this process is; the hub, when left out. */
  readonly part?: Part
  /** Whoever sits at this machine comes in by one click. */
  readonly demo?: boolean
  /** A demo lives by a clock of its own. */
  readonly inWorld?: LinchpinOptions['inWorld']
}

/** Linchpin, from the database up to the door, and back down in reverse. */
export async function start(given: StartOptions): Promise<Running> {
  const { part = theHub } = given
  const config = configOf(part, given.config)
  const environment = environmentOf(part, given.environment)
  const options = { ...given, config, environment }
  const { log } = options
  const { host, port, publicUrl } = config.http
  const token = tokenOf(config, environment)
  refuseOpenDoor(host, token)
  // The door opens first, and says "starting" until the rest is there: links to documents need its address.
  let opened: Linchpin | null = null
  const localToken = await openLocalToken(resolve(options.folder, config.dataDir))
  const people = peopleOf({ ...options, localToken })
  const door = await listen(() => opened ?? notReady(), { host, port, token, log, people })
  try {
    const linchpin = await openLinchpin({ ...options, publicUrl: publicUrl ?? door.url })
    opened = linchpin
    await linchpin.engine.start()
    const deafen = await followChanges(linchpin.changes, linchpin.store)
    log.info({ url: door.url, node: linchpin.node }, `Linchpin listens on ${door.url}.`)
    await welcome(linchpin, log, people.demo)
    for (const fault of liveFaults(linchpin)) log.error({ fault }, 'A mapping that was saved no longer fits.')
    const rest = takeCare(
      () => linchpin,
      error => log.error({ err: error }, 'Looking after pauses and causes failed.'),
    )
    const endLoads = carryLoads(linchpin, error => log.error({ err: error }, 'Loading failed.'))
    const endAlerts = carryAlerts(linchpin, error =>
      log.error({ err: error }, 'Looking after alerts failed.'),
    )
    const stop = async () => {
      rest()
      await endAlerts()
      await deafen()
      await Promise.all([door.close(), endLoads(), linchpin.engine.stop()])
      await linchpin.close()
    }
    return { url: door.url, linchpin, prepareConsole: door.console.prepare, stop }
  } catch (error) {
    await door.close()
    await opened?.engine.stop()
    await opened?.close()
    throw error
  }
}

/** The demo's own person, or the one-time link by which the first one is made. */
async function welcome({ db, wall: now, publicUrl }: Linchpin, log: Logger, demo: boolean): Promise<void> {
  await tidyPeople(db, now())
  if (demo) return welcomeDemo(db, now())
  const first = await setUpLink(db, publicUrl, now())
  if (first !== null) log.warn(`Nobody can sign in yet. Open this once, within 24 hours: ${first.link}`)
}

function notReady(): never {
  throw new Refusal(503, 'starting', 'Linchpin is starting. Try again in a moment.')
}
