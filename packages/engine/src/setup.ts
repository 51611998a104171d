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
  /** It works at the times of its schedule. */
  readonly batch?: Batch
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

export interface Batch {
  /**
   * What is done about times at which nobody was there: one run for all of them, one for each, or none. Nothing is lost
   * either way: what is owed stays owed until a run takes it.
   */
  readonly missed: 'once' | 'all' | 'skip'
  /** What changes in between waits for the next run; false: it is delivered at once, and the run sweeps. */
  readonly holds: boolean
}

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
  readonly live: Live
}

/** What people change while it runs: asked anew for each record, so that it is in force at once. */
export interface Live {
  /** The operator's own mapping of this name that takes the place of the configuration's; null: that one stands. */
  readonly own: (name: string) => { readonly version: number; readonly mapping: OwnMapping } | null
  /** The row, with what a person put right in this record. */
  readonly corrected: (connection: string, entity: EntityName, id: string, row: unknown) => unknown
  /** Whether a person said that this field does not count when the flow's two sides are compared: in none of its records, or not in this one. */
  readonly ignores: (flow: string, field: string, id: string) => boolean
  /** Another text when something else is ignored in this flow. */
  readonly ignoring: (flow: string) => string
}

const AS_CONFIGURED: Live = {
  own: () => null,
  corrected: (_connection, _entity, _id, row) => row,
  ignores: () => false,
  ignoring: () => '',
}

/** How a mapping is called that reads: by its connection and entity. One that writes is called like its flow. */
export const readMappingName = (connection: string, entity: EntityName) => `${connection}.${entity}`

export const mappingVersion = ({ live }: Setup, name: string) => live.own(name)?.version ?? 0

/** From point to point, the operator's own mapping reads the source's row: it stands in the configuration alone. */
export const writingVersion = (setup: Setup, flow: Flow) =>
  isDirect(flow) ? 0 : mappingVersion(setup, flow.name)

export function setUp(
  connections: readonly Connection[],
  flows: readonly Flow[],
  live: Live = AS_CONFIGURED,
  share: { readonly here?: readonly string[]; readonly publishes?: boolean } = {},
): Setup {
  const byName = new Map(connections.map(connection => [connection.name, connection]))
  const compiled = keptWhileLive(live)
  return {
    connections: byName,
    here: new Set(share.here ?? byName.keys()),
    published: name => (share.publishes ? listed(known(byName, name)) : []),
    flows: flows.toSorted(
      (left, right) => left.priority - right.priority || (left.name < right.name ? -1 : 1),
    ),
    readMapping: (name, entity) =>
      compiled(readMappingName(name, entity), own => {
        const connection = known(byName, name)
        return overlayMapping(entityOf(connection, entity).mapping, own ?? connection.mappings?.[entity])
      }),
    writeMapping: flow =>
      compiled(flow.name, own => {
        const { writer } = entityOf(known(byName, flow.to), flow.entity)
        if (!writer) throw new Error(`Flow ${flow.name}: ${flow.to} cannot write ${flow.entity}.`)
        return overlayMapping(writer.mapping, isDirect(flow) ? undefined : (own ?? flow.mapping))
      }),
    directMapping: flow =>
      compiled(
        `${flow.name} from point to point`,
        () => directMapping(flow, byName, live),
        readMappingName(flow.from, flow.entity),
      ),
    live,
  }
}

/** Over the bus, a flow is delivered where its target is spoken to: its runs and its comparisons are there, too. */
export const isDeliveredHere = ({ to }: Pick<Flow, 'to'>, { here }: Pick<Setup, 'here'>) => here.has(to)

export const isDirect = ({ topology }: Pick<Flow, 'topology'>) => topology === 'point-to-point'

/**
 * What a flow from point to point writes, made of the two connectors' mappings and with the operator's own fields over
 * it, which read the source's row. Throws NotComposable where the two do not make one.
 */
export function directMapping(
  flow: Pick<Flow, 'name' | 'entity' | 'from' | 'to' | 'mapping'>,
  connections: ReadonlyMap<string, Connection>,
  live: Live = AS_CONFIGURED,
): Mapping {
  const from = known(connections, flow.from)
  const { writer } = entityOf(known(connections, flow.to), flow.entity)
  if (!writer) throw new Error(`Flow ${flow.name}: ${flow.to} cannot write ${flow.entity}.`)
  const ownReading =
    live.own(readMappingName(flow.from, flow.entity))?.mapping ?? from.mappings?.[flow.entity]
  const read = overlayMapping(entityOf(from, flow.entity).mapping, ownReading)
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

/** Compiled when first used, then kept until another version of it (or of what it is `madeOf`) is live. */
function keptWhileLive(live: Live) {
  const kept = new Map<string, { readonly version: number; readonly compiled: CompiledMapping }>()
  return (name: string, make: (own: OwnMapping | undefined) => Mapping, madeOf = name): CompiledMapping => {
    const own = live.own(madeOf)
    const version = own?.version ?? 0
    const known = kept.get(name)
    if (known?.version === version) return known.compiled
    const compiled = compileMapping(make(own?.mapping))
    kept.set(name, { version, compiled })
    return compiled
  }
}

/** The flow that carries the same entity the other way. */
export function wayBack({ entity, from, to }: Flow, { flows }: Pick<Setup, 'flows'>): Flow | null {
  return flows.find(each => each.entity === entity && each.from === to && each.to === from) ?? null
}
