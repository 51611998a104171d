import type { Connector } from '@linchpin/connector'
import {
  compileMapping,
  composeMappings,
  overlayMapping,
  type CompiledMapping,
  type Condition,
  type Mapping,
  type OwnMapping,
} from '@linchpin/mapping'
import type { EntityName } from '@linchpin/model'
import { ownFields } from './direct.ts'
import type { HealingPolicy } from './healing.ts'

/** One system that we are connected to, by its name in the configuration. */
export interface Connection {
  readonly name: string
  readonly connector: Connector
  readonly settings: unknown
  /** The operator's own mappings of its rows, laid over the connector's. */
  readonly mappings?: Readonly<Partial<Record<EntityName, OwnMapping>>>
  /** Where its webhooks reach us, when they do. */
  readonly webhookUrl?: string
}

/** Entity E goes from connection A to connection B. */
export interface Flow {
  readonly name: string
  readonly entity: EntityName
  readonly from: string
  readonly to: string
  /** Lower goes first: orders before catalogue. */
  readonly priority: number
  /** `asked`: only records that another one needs (the customer of an order), or that are linked already. */
  readonly trigger: 'change' | 'asked'
  /** Whether a record that is not in the target may be created there. */
  readonly create: boolean
  /** Whether a record that is in the target already is changed there. */
  readonly update: boolean
  /** Whether a record of the target that carries the same SKU, VAT number or e-mail is taken for the same. */
  readonly match: boolean
  /** Only records of which this holds. */
  readonly where?: Condition
  /** The operator's own mapping to the target's rows, laid over the connector's. */
  readonly mapping?: OwnMapping
  /** Documents issued before are left alone; null: from the first start of this flow on. */
  readonly since: number | null
  /** Pieces that are kept back from every channel. */
  readonly buffer: string
  readonly schedule: Schedule
  /** Its two sides are compared all the time, beside its webhooks and sweeps. */
  readonly continuous?: boolean
  /** Where its steps run; 'hub', when left out. */
  readonly topology?: Topology
  /** Reads, decides and writes down what it would do, and writes nothing. */
  readonly shadow?: boolean
  /** What is done about differences; by default, what its entity asks for. */
  readonly heal?: HealingPolicy
}

export type Topology = 'hub' | 'bus' | 'point-to-point'

/** When the source is looked at, besides webhooks: every so often, or by the clock of a place. */
export type Schedule = { readonly everyMs: number } | { readonly cron: string; readonly zone: string }

export interface Setup {
  readonly connections: ReadonlyMap<string, Connection>
  /** The connections that this process speaks to; what it knows of others comes over the bus. */
  readonly here: ReadonlySet<string>
  /** What a connection's adapter tells on the bus: everything that can be listed. */
  readonly published: (connection: string) => readonly EntityName[]
  readonly flows: readonly Flow[]
  /** Compiled: a row of this connection to its canonical form. */
  readonly readMapping: (connection: string, entity: EntityName) => CompiledMapping
  /** Compiled: a canonical record to a row of the flow's target. */
  readonly writeMapping: (flow: Flow) => CompiledMapping
  /** Compiled: the source's row to a row of the target, for a flow from point to point. */
  readonly directMapping: (flow: Flow) => CompiledMapping
}

export function setUp(
  connections: readonly Connection[],
  flows: readonly Flow[],
  share: { readonly here?: readonly string[]; readonly publishes?: boolean } = {},
): Setup {
  const byName = new Map(connections.map(connection => [connection.name, connection]))
  return {
    connections: byName,
    here: new Set(share.here ?? byName.keys()),
    published: name => (share.publishes ? listed(known(byName, name)) : []),
    flows: flows.toSorted(
      (left, right) => left.priority - right.priority || (left.name < right.name ? -1 : 1),
    ),
    readMapping: once((name: string, entity: EntityName) => {
      const connection = known(byName, name)
      const own = entityOf(connection, entity).mapping
      return compileMapping(overlayMapping(own, connection.mappings?.[entity]))
    }),
    writeMapping: once((flow: Flow) => {
      const { writer } = entityOf(known(byName, flow.to), flow.entity)
      if (!writer) throw new Error(`Flow ${flow.name}: ${flow.to} cannot write ${flow.entity}.`)
      return compileMapping(overlayMapping(writer.mapping, isDirect(flow) ? undefined : flow.mapping))
    }),
    directMapping: once((flow: Flow) => compileMapping(directMapping(flow, byName))),
  }
}

export const isDirect = ({ topology }: Pick<Flow, 'topology'>) => topology === 'point-to-point'

/**
 * What a flow from point to point writes, made of the two connectors' mappings and with the operator's own fields over
 * it, which read the source's row. Throws NotComposable where the two do not make one.
 */
export function directMapping(
  flow: Pick<Flow, 'name' | 'entity' | 'from' | 'to' | 'mapping'>,
  connections: ReadonlyMap<string, Connection>,
): Mapping {
  const from = known(connections, flow.from)
  const { writer } = entityOf(known(connections, flow.to), flow.entity)
  if (!writer) throw new Error(`Flow ${flow.name}: ${flow.to} cannot write ${flow.entity}.`)
  const read = overlayMapping(entityOf(from, flow.entity).mapping, from.mappings?.[flow.entity])
  const own = flow.mapping?.fields ?? {}
  const rest = Object.entries(writer.mapping.fields).filter(([name]) => !Object.hasOwn(own, name))
  const write = { ...writer.mapping, fields: Object.fromEntries(rest) }
  return overlayMapping(composeMappings(read, write, ownFields(flow.entity)), flow.mapping)
}

function listed({ connector }: Connection): readonly EntityName[] {
  return (Object.keys(connector.entities) as EntityName[]).filter(name => connector.entities[name]?.changes)
}

export function known(connections: ReadonlyMap<string, Connection>, name: string): Connection {
  const connection = connections.get(name)
  if (!connection) throw new Error(`There is no connection named ${name}.`)
  return connection
}

export function entityOf(connection: Connection, entity: EntityName) {
  const found = connection.connector.entities[entity]
  if (!found) throw new Error(`${connection.connector.title} has no ${entity}.`)
  return found
}

/** Compiled when first used, then kept. */
function once<Args extends readonly unknown[], Result>(
  make: (...args: Args) => Result,
): (...args: Args) => Result {
  const made = new Map<string, Result>()
  return (...args) => {
    const key = JSON.stringify(args)
    let result = made.get(key)
    if (result === undefined) made.set(key, (result = make(...args)))
    return result
  }
}
