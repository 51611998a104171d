import type { Entity } from '@linchpin/connector'
import {
  DEFAULT_SCHEDULE,
  directMapping,
  DOCUMENT_FIELDS,
  healingOf,
  isDocument,
  nextTime,
  type Connection,
  type Flow,
  type Schedule,
} from '@linchpin/engine'
import { checkMapping, NotComposable, overlayMapping, type MappingFault } from '@linchpin/mapping'
import { entities, type EntityName } from '@linchpin/model'
import { z } from 'zod'
import { milliseconds } from './duration.ts'
import { hint } from './faults.ts'
import { orderToCashFlows } from './presets.ts'
import type { Config, FlowConfig, OrderToCash } from './schema.ts'
import { ConfigTrouble } from './trouble.ts'

/** The configured flows, presets written out; every name in them is checked. Throws ConfigTrouble with all faults. */
export function buildFlows(config: Config, connections: readonly Connection[]): readonly Flow[] {
  const faults: string[] = []
  const written = config.flows.flatMap((flow, index) => {
    if (!('preset' in flow)) return [flow]
    const wrong = presetFaults(flow, `flows.${index}`, connections)
    faults.push(...wrong)
    return wrong.length > 0 ? [] : presetFlows(flow, connections)
  })
  faults.push(...twice(written))
  for (const flow of written) faults.push(...flowFaults(flow, connections, config.bus !== undefined))
  if (faults.length > 0) throw new ConfigTrouble('The configuration', [...new Set(faults)])
  return written.map(builtFlow)
}

function presetFaults(
  preset: OrderToCash,
  path: string,
  connections: readonly Connection[],
): readonly string[] {
  const ends = (['shop', 'erp'] as const).flatMap(end =>
    unknownConnection(`${path}: orderToCash.${end}`, preset[end], connections),
  )
  if (ends.length > 0) return ends
  const known = orderToCashFlows({ ...preset, change: {} }).map(({ label }) => label)
  return Object.keys(preset.change ?? {})
    .filter(label => !known.includes(label))
    .map(
      label =>
        `${path}: orderToCash.change has no flow "${label}".${hint(label, known)} Its flows are: ${known.join(', ')}.`,
    )
}

/** A preset leaves out what one of the two systems cannot do: price lists of a shop that has none. */
function presetFlows(preset: OrderToCash, connections: readonly Connection[]): readonly FlowConfig[] {
  return orderToCashFlows(preset)
    .map(({ flow }) => flow)
    .filter(({ from, to, entity }) => {
      const source = connectorOf(from, connections)?.entities[entity]
      return source && reads(source) && connectorOf(to, connections)?.entities[entity]?.writer
    })
}

function twice(flows: readonly FlowConfig[]): readonly string[] {
  const names = flows.map(({ name }) => name)
  const again = names.filter((name, index) => names.indexOf(name) !== index)
  return again.map(name => `Two flows are named ${name}. Give one of them another name.`)
}

function flowFaults(
  flow: FlowConfig,
  connections: readonly Connection[],
  hasBus: boolean,
): readonly string[] {
  const path = `flow ${flow.name}`
  const ends = (['from', 'to'] as const).flatMap(end =>
    unknownConnection(`${path}: ${end}`, flow[end], connections),
  )
  if (ends.length > 0) return ends
  if (flow.from === flow.to) return [`${path} goes from ${flow.from} to itself. Name two connections.`]
  if (flow.topology === 'bus' && !hasBus)
    return [`${path} goes over the bus, and there is none. Set bus.servers.`]
  const able = abilityFaults(flow, connections)
  return able.length > 0
    ? able
    : [...writtenFaults(flow, connections), ...healFaults(flow, connections), ...scheduleFaults(flow)]
}

function abilityFaults(flow: FlowConfig, connections: readonly Connection[]): readonly string[] {
  const [from, to] = [connectorOf(flow.from, connections), connectorOf(flow.to, connections)]
  const [source, target] = [from?.entities[flow.entity], to?.entities[flow.entity]]
  const faults: string[] = []
  if (from && !(source && reads(source)))
    faults.push(
      `flow ${flow.name}: ${from.title} cannot read ${flow.entity}. It reads ${able(from.entities, reads)}.`,
    )
  if (to && !target?.writer)
    faults.push(
      `flow ${flow.name}: ${to.title} cannot write ${flow.entity}. It writes ${able(to.entities, each => each.writer)}.`,
    )
  if (modesOf(flow).includes('continuous') && source && (!source.changes || source.acknowledge))
    faults.push(
      `flow ${flow.name}: ${from?.title} cannot list its ${flow.entity} records, so they cannot be compared all the time. Leave its mode out.`,
    )
  return faults
}

/** The operator's own words in a flow against the schemas: a wrong name is found now, not in the first order. */
function writtenFaults(flow: FlowConfig, connections: readonly Connection[]): readonly string[] {
  const writer = connectorOf(flow.to, connections)?.entities[flow.entity]?.writer
  const canonical = entities[flow.entity]
  const direct = flow.topology === 'point-to-point'
  if (direct && writer) return [...directFaults(flow, connections), ...filterFaults(flow)]
  const mapping = flow.mapping && writer ? overlayMapping(writer.mapping, flow.mapping) : null
  return [
    ...(mapping && writer ? faultsOf(flow, checkMapping(mapping, canonical, writer.schema)) : []),
    ...filterFaults(flow),
  ]
}

function filterFaults(flow: FlowConfig): readonly string[] {
  if (!flow.where) return []
  const fields = { where: { when: flow.where, then: { constant: true } } }
  const filter = { from: flow.entity, to: 'the filter', fields }
  return faultsOf(flow, checkMapping(filter, entities[flow.entity], z.any()))
}

/** From point to point: the two connectors' mappings must make one, and the operator's own fields read the source's row. */
function directFaults(flow: FlowConfig, connections: readonly Connection[]): readonly string[] {
  const path = `flow ${flow.name}`
  try {
    const direct = directMapping(builtFlow(flow), new Map(connections.map(each => [each.name, each])))
    const own = Object.keys(flow.mapping?.fields ?? {})
    const source = connectorOf(flow.from, connections)?.entities[flow.entity]?.schema ?? z.any()
    const target = connectorOf(flow.to, connections)?.entities[flow.entity]?.writer?.schema ?? z.any()
    return faultsOf(
      flow,
      checkMapping(direct, source, target).filter(({ field }) => own.some(name => field?.startsWith(name))),
    )
  } catch (error) {
    if (!(error instanceof NotComposable)) throw error
    return [
      `${path} cannot go from point to point: ${error.message} Set its topology to hub, or fill that field in its mapping, from the source's row.`,
    ]
  }
}

const faultsOf = (flow: FlowConfig, faults: readonly MappingFault[]) =>
  faults.map(({ message }) => `flow ${flow.name}: ${message}`)

/** A policy for a field that the flow does not carry would never be asked. */
function healFaults(flow: FlowConfig, connections: readonly Connection[]): readonly string[] {
  const writer = connectorOf(flow.to, connections)?.entities[flow.entity]?.writer
  if (!writer) return []
  const names = isDocument(flow.entity)
    ? DOCUMENT_FIELDS
    : Object.keys((flow.mapping ? overlayMapping(writer.mapping, flow.mapping) : writer.mapping).fields)
  return Object.keys(flow.heal?.fields ?? {})
    .filter(name => !names.includes(name))
    .map(
      name =>
        `flow ${flow.name}: heal.fields has "${name}", which the flow does not compare.${hint(name, names)} It compares ${names.join(', ')}.`,
    )
}

function scheduleFaults(flow: FlowConfig): readonly string[] {
  const { name, schedule } = flow
  const isBatch = modesOf(flow).includes('batch')
  if (isBatch && schedule === undefined)
    return [
      `flow ${name}: it works in batches, and has no schedule that says when: { cron: '0 2 * * *', zone: 'Europe/Berlin' }.`,
    ]
  if (!isBatch && schedule?.missed !== undefined)
    return [`flow ${name}: its schedule has "missed", which only says something in mode 'batch'.`]
  try {
    nextTime(scheduleOf(schedule), 0)
    return []
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return [`flow ${name}: its schedule cannot be read: ${why}`]
  }
}

function builtFlow(flow: FlowConfig): Flow {
  return {
    name: flow.name,
    entity: flow.entity,
    from: flow.from,
    to: flow.to,
    priority: flow.priority ?? 100,
    trigger: flow.trigger ?? 'change',
    create: flow.create ?? true,
    update: flow.update ?? true,
    match: flow.match ?? false,
    since: flow.since === undefined ? null : flow.since === 'always' ? 0 : Date.parse(flow.since),
    buffer: flow.buffer ?? '0',
    schedule: scheduleOf(flow.schedule),
    heal: healOf(flow),
    shadow: flow.shadow ?? false,
    continuous: modesOf(flow).includes('continuous'),
    ...batchOf(flow),
    topology: flow.topology ?? 'hub',
    ...(flow.where ? { where: flow.where } : {}),
    ...(flow.mapping ? { mapping: flow.mapping } : {}),
  }
}

function modesOf({ mode = 'realtime' }: FlowConfig): readonly string[] {
  return typeof mode === 'string' ? [mode] : mode
}

/** Where changes are carried at once as well, they do not wait for the schedule. */
function batchOf(flow: FlowConfig): Pick<Flow, 'batch'> {
  const modes = modesOf(flow)
  if (!modes.includes('batch')) return {}
  return { batch: { missed: flow.schedule?.missed ?? 'once', holds: !modes.includes('realtime') } }
}

function healOf({ entity, heal = {} }: FlowConfig): NonNullable<Flow['heal']> {
  const usual = healingOf(entity)
  return {
    missing: heal.missing ?? usual.missing,
    fields: heal.fields ?? {},
    otherwise: heal.otherwise ?? usual.otherwise,
  }
}

function scheduleOf(schedule: FlowConfig['schedule']): Schedule {
  if (schedule === undefined) return DEFAULT_SCHEDULE
  return 'cron' in schedule
    ? { cron: schedule.cron, zone: schedule.zone }
    : { everyMs: milliseconds(schedule.every) }
}

function unknownConnection(
  path: string,
  name: string,
  connections: readonly Connection[],
): readonly string[] {
  const known = connections.map(each => each.name)
  if (known.includes(name)) return []
  return [`${path}: there is no connection "${name}".${hint(name, known)} There are: ${known.join(', ')}.`]
}

const connectorOf = (name: string, connections: readonly Connection[]) =>
  connections.find(each => each.name === name)?.connector

const reads = (entity: Entity<unknown, EntityName>) => entity.changes ?? entity.get

function able(
  offered: Connection['connector']['entities'],
  can: (entity: Entity<unknown, EntityName>) => unknown,
): string {
  return Object.entries(offered)
    .filter(([, entity]) => entity && can(entity))
    .map(([name]) => name)
    .join(', ')
}
