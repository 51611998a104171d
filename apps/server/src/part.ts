import { openNats, type Bus } from '@linchpin/bus'
import { HUB, type Flow } from '@linchpin/engine'
import { resolveValue, type Environment } from './config/resolve.ts'
import type { Config } from './config/schema.ts'
import { ConfigTrouble } from './config/trouble.ts'
import { unknownConnection } from './unknown-connection.ts'

/** What a process is: the hub (`linchpin start`), the adapter of one connection, or one that only looks on. */
export type Part =
  | { readonly is: 'hub' }
  | { readonly is: 'adapter'; readonly connection: string }
  | { readonly is: 'observer' }

export const theHub: Part = { is: 'hub' }

/** How it is called on the bus, and its folder beside those of others. */
export function nameOf(part: Part): string {
  if (part.is === 'hub') return HUB
  return part.is === 'adapter' ? part.connection : 'observer'
}

/** The configuration as this part sees it: an adapter has a database, a folder and a door of its own. */
export function configOf(part: Part, config: Config): Config {
  if (part.is === 'hub') return config
  if (!config.bus)
    throw new ConfigTrouble('The configuration', [
      'There is no bus. Set bus.servers to where your NATS servers are.',
    ])
  const { database: _, ...rest } = config
  const own = { ...rest, dataDir: `${config.dataDir}/${nameOf(part)}` }
  if (part.is === 'observer') return own
  const connection = config.connections[part.connection]
  if (!connection) throw unknownConnection(part.connection, config)
  const { database, port = 0, publicUrl } = connection.adapter ?? {}
  const { publicUrl: __, ...http } = config.http
  return {
    ...own,
    http: { ...http, port, ...(publicUrl === undefined ? {} : { publicUrl }) },
    ...(database === undefined ? {} : { database }),
  }
}

/** DATABASE_URL is the hub's: two processes on one database would not be two. */
export function environmentOf(part: Part, environment: Environment): Environment {
  if (part.is === 'hub') return environment
  const { DATABASE_URL: _, ...rest } = environment
  return rest
}

export interface Share {
  /** The connections that it speaks to. */
  readonly here: readonly string[]
  readonly flows: readonly Flow[]
  /** Flows of the configuration that another process carries. */
  readonly elsewhere: readonly Flow[]
  readonly publishes: boolean
}

/** What of the whole is this part's: the hub carries what goes over no bus, an adapter what goes to its system. */
export function shareOf(part: Part, config: Config, flows: readonly Flow[]): Share {
  const [onBus, direct] = [flows.filter(isOnBus), flows.filter(flow => !isOnBus(flow))]
  switch (part.is) {
    case 'hub': {
      const isAdapters = (name: string) => touches(onBus, name) && !touches(direct, name)
      const here = Object.keys(config.connections).filter(name => !isAdapters(name))
      return { here, flows: direct, elsewhere: onBus, publishes: false }
    }
    case 'adapter': {
      const { connection } = part
      const own = onBus.filter(({ from, to }) => from === connection || to === connection)
      const elsewhere = flows.filter(flow => !own.includes(flow) || flow.to !== connection)
      return { here: [connection], flows: own, elsewhere, publishes: true }
    }
    case 'observer':
      return { here: [], flows: onBus, elsewhere: [], publishes: false }
  }
}

const isOnBus = ({ topology }: Flow) => topology === 'bus'
const touches = (flows: readonly Flow[], name: string) =>
  flows.some(({ from, to }) => from === name || to === name)

/** The bus of the configuration; null without one. Answers at once, whether or not a server is there. */
export function openBus(part: Part, { bus }: Config, environment: Environment): Bus | null {
  if (!bus) return null
  const value = (name: 'user' | 'password' | 'token') =>
    bus[name] === undefined ? {} : { [name]: resolveValue(`bus.${name}`, bus[name], environment) }
  const access = { ...value('user'), ...value('password'), ...value('token') }
  return openNats({
    servers: bus.servers,
    replicas: bus.replicas,
    name: `linchpin ${nameOf(part)}`,
    ...access,
  })
}
