import { connectorFor, type Connector } from '@linchpin/connector'
import type { Connection } from '@linchpin/engine'
import { checkMapping, overlayMapping, type OwnMapping } from '@linchpin/mapping'
import { entities, type EntityName } from '@linchpin/model'
import { faultsIn, hint } from './faults.ts'
import type { Config, ConnectionConfig } from './schema.ts'
import { ConfigTrouble } from './trouble.ts'

/**
 * The configured connections, with their settings resolved; every name in them is checked. Throws ConfigTrouble. Of one
 * that has no settings here, because another process speaks to it, only the kind is known.
 */
export function buildConnections(
  config: Config,
  settings: Readonly<Record<string, Record<string, unknown>>>,
  connectors: readonly Connector[],
  publicUrl: string | null,
): readonly Connection[] {
  const faults: string[] = []
  const connections = Object.entries(config.connections).flatMap(([name, connection]): Connection[] => {
    const connector = connectors.find(({ id }) => id === connection.connector)
    if (!connector) {
      faults.push(unknownConnector(name, connection.connector, connectors))
      return []
    }
    const given = settings[name]
    if (!given) return [{ name, connector, settings: undefined }]
    const parsed = connector.settings.safeParse(given)
    if (!parsed.success) faults.push(...settingFaults(name, connector, given, parsed.error))
    const here = parsed.success ? connectorFor(connector, parsed.data) : connector
    faults.push(...mappingFaults(name, here, connection))
    const hears = publicUrl !== null && connector.webhook && isReachedFrom(given['url'], publicUrl)
    const webhookUrl = hears ? { webhookUrl: `${publicUrl}/webhooks/${name}` } : {}
    const mappings = (connection.mappings ?? {}) as NonNullable<Connection['mappings']>
    const limited = { ...here, limits: limitsOf(connector, connection) }
    return [{ name, connector: limited, settings: parsed.data as unknown, mappings, ...webhookUrl }]
  })
  if (faults.length > 0) throw new ConfigTrouble('The configuration', faults)
  return connections
}

/** The operator knows the machine that the system runs on; the connector knows only its kind. */
function limitsOf({ limits }: Connector, { limits: own = {} }: ConnectionConfig): Connector['limits'] {
  return {
    requests: own.requests ?? limits.requests,
    perMs: own.perMs ?? limits.perMs,
    atOnce: own.atOnce ?? limits.atOnce,
  }
}

/**
 * Without http.publicUrl our address is one of this machine. A shop elsewhere would ring at its own door, fail, and
 * disable the webhooks that the watchdog then wakes again; such a shop is polled only.
 */
function isReachedFrom(remote: unknown, publicUrl: string): boolean {
  return !isThisMachine(publicUrl) || (typeof remote === 'string' && isThisMachine(remote))
}

const isThisMachine = (url: string) =>
  URL.canParse(url) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)

function unknownConnector(name: string, id: string, connectors: readonly Connector[]): string {
  const known = connectors.map(connector => connector.id)
  return `connections.${name}.connector: there is no connector "${id}".${hint(id, known)} There are: ${known.join(', ')}.`
}

function settingFaults(
  name: string,
  { title, settings }: Connector,
  input: unknown,
  error: Parameters<typeof faultsIn>[0],
): readonly string[] {
  const under = ['connections', name, 'settings']
  return faultsIn(error, { schema: settings, input, under }).map(
    fault => `${fault} See the README of the ${title} connector.`,
  )
}

/** The operator's own reading of rows: names are checked now, not when the first order comes. */
function mappingFaults(
  name: string,
  connector: Connector,
  { mappings = {} }: ConnectionConfig,
): readonly string[] {
  return (Object.entries(mappings) as [EntityName, OwnMapping][]).flatMap(([entity, own]) => {
    const path = `connections.${name}.mappings.${entity}`
    const source = connector.entities[entity]
    if (!source) {
      const known = Object.keys(connector.entities)
      return [
        `${path}: ${connector.title} has no ${entity}.${hint(entity, known)} It has ${known.join(', ')}.`,
      ]
    }
    const mapping = overlayMapping(source.mapping, own)
    return checkMapping(mapping, source.schema, entities[entity]).map(fault => `${path}: ${fault.message}`)
  })
}
