import type { Connector } from '@linchpin/connector'
import type { Logger } from 'pino'
import { tokenOf } from './config/door.ts'
import type { Environment } from './config/resolve.ts'
import type { Config } from './config/schema.ts'
import { takeCare } from './desk/caretaker.ts'
import { Refusal } from './http/problem.ts'
import { listen, refuseOpenDoor } from './http/server.ts'
import { openLinchpin, type Linchpin } from './linchpin.ts'
import { configOf, environmentOf, theHub, type Part } from './part.ts'

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
  if (publicUrl !== undefined && token === null) log.warn({ publicUrl }, NO_TOKEN)
  // The door opens first, and says "starting" until the rest is there: links to documents need its address.
  let opened: Linchpin | null = null
  const door = await listen(() => opened ?? notReady(), { host, port, token, log })
  try {
    const linchpin = await openLinchpin({ ...options, publicUrl: publicUrl ?? door.url })
    opened = linchpin
    await linchpin.engine.start()
    log.info({ url: door.url, node: linchpin.node }, `Linchpin listens on ${door.url}.`)
    const rest = takeCare(
      () => linchpin,
      error => log.error({ err: error }, 'Looking after pauses and causes failed.'),
    )
    const stop = async () => {
      rest()
      await Promise.all([door.close(), linchpin.engine.stop()])
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

const NO_TOKEN =
  'http.publicUrl is set, and http.token is not: a proxy that hands on everything would let strangers steer Linchpin. Set http.token, or let the proxy hand on only /webhooks and /documents.'

function notReady(): never {
  throw new Refusal(503, 'starting', 'Linchpin is starting. Try again in a moment.')
}
