import { entityOf, isDirect, known, readMappingName, type Flow, type Setup } from '@linchpin/engine'
import { overlayMapping, type Mapping, type OwnMapping } from '@linchpin/mapping'
import { entities, type EntityName } from '@linchpin/model'
import type { z } from 'zod'
import { hint } from '../config/faults.ts'
import { Refusal } from '../http/problem.ts'

/** Where a mapping stands: it reads the rows of a connection, or writes into the target of a flow. */
export interface Site {
  readonly name: string
  readonly does: 'read' | 'write'
  readonly entity: EntityName
  /** The connection whose records it is tried on. */
  readonly from: string
  readonly to: string
  readonly flow: Flow | null
  /** The connector's own. */
  readonly base: Mapping
  /** What the configuration lays over it. */
  readonly configured: OwnMapping
  readonly source: z.ZodType
  readonly target: z.ZodType
}

/**
 * Every mapping that a flow needs: first those that read, then those that write. What a flow from point to point writes
 * is made of the source's row, and not of the canonical record that mappings are tried on here.
 */
export function sitesOf(setup: Setup): readonly Site[] {
  const reads = setup.flows.flatMap(({ entity, from, to }) => [
    [from, entity] as const,
    [to, entity] as const,
  ])
  const sites = [
    ...reads.map(([connection, entity]) => readSite(setup, connection, entity)),
    ...setup.flows.filter(flow => !isDirect(flow)).map(flow => writeSite(setup, flow)),
  ].flatMap(site => site ?? [])
  return [...new Map(sites.map(site => [site.name, site])).values()]
}

export function namedSite(setup: Setup, name: string): Site {
  const sites = sitesOf(setup)
  const found = sites.find(site => site.name === name)
  if (found) return found
  const direct = setup.flows.find(flow => flow.name === name && isDirect(flow))
  if (direct)
    throw new Refusal(
      404,
      'no-mapping',
      `${name} goes from point to point: its mapping reads the rows of ${direct.from}, and is changed in the configuration.`,
    )
  const names = sites.map(site => site.name)
  throw new Refusal(
    404,
    'no-mapping',
    `There is no mapping named ${name}.${hint(name, names)} There are: ${names.join(', ')}.`,
  )
}

/** The connector's mapping with this one of an operator over it. */
export const layered = ({ base }: Pick<Site, 'base'>, own: OwnMapping) => overlayMapping(base, own)

/** What the operator has live here. */
export function liveOwn({ live }: Setup, { name, configured }: Site): OwnMapping {
  return live.own(name)?.mapping ?? configured
}

function readSite(setup: Setup, name: string, entity: EntityName): Site | null {
  const connection = known(setup.connections, name)
  const found = connection.connector.entities[entity]
  if (!found || (!found.changes && !found.get)) return null
  return {
    name: readMappingName(name, entity),
    does: 'read',
    entity,
    from: name,
    to: 'Linchpin',
    flow: null,
    base: found.mapping,
    configured: connection.mappings?.[entity] ?? {},
    source: found.schema,
    target: entities[entity],
  }
}

function writeSite(setup: Setup, flow: Flow): Site | null {
  const { writer } = entityOf(known(setup.connections, flow.to), flow.entity)
  if (!writer) return null
  return {
    name: flow.name,
    does: 'write',
    entity: flow.entity,
    from: flow.from,
    to: flow.to,
    flow,
    base: writer.mapping,
    configured: flow.mapping ?? {},
    source: entities[flow.entity],
    target: writer.schema,
  }
}
