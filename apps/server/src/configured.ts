import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ConnectionTest } from '@linchpin/api'
import type { Io } from '@linchpin/connector'
import type { Connection, Flow } from '@linchpin/engine'
import type { Logger } from 'pino'
import { buildConnections } from './config/connections.ts'
import { buildFlows } from './config/flows.ts'
import { loadConfigFile } from './config/load.ts'
import { tokenOf } from './config/door.ts'
import { hostsNamed, resolveAll, type Environment } from './config/resolve.ts'
import type { Config } from './config/schema.ts'
import { ConfigTrouble } from './config/trouble.ts'
import { testConnection } from './connection-test.ts'
import { connectors } from './connectors.ts'
import { refuseOpenDoor } from './http/server.ts'
import { databaseUrl, openStore } from './linchpin.ts'
import { unknownConnection } from './unknown-connection.ts'
import { realWorld } from './world.ts'

export interface Place {
  readonly folder: string
  readonly configFile: string | undefined
  readonly environment: Environment
  readonly log: Logger
}

/** The whole configuration, checked as a start would check it. Throws ConfigTrouble. */
export async function checkConfigured(
  place: Place,
): Promise<{ file: string; config: Config; connections: readonly Connection[]; flows: readonly Flow[] }> {
  const { file, config } = await loadConfigFile(place.folder, place.configFile)
  refuseOpenDoor(config.http.host, tokenOf(config, place.environment))
  const connections = await connectionsOf(config, place)
  return { file, config, connections, flows: buildFlows(config, connections) }
}

/** A connection test without a running Linchpin, from its configuration alone. */
export async function testConfigured(name: string, place: Place): Promise<ConnectionTest> {
  const { config } = await loadConfigFile(place.folder, place.configFile)
  const asked = config.connections[name]
  if (!asked) throw unknownConnection(name, config)
  const [connection] = await connectionsOf({ ...config, connections: { [name]: asked } }, place)
  return testWithoutEngine(connection as Connection, place.log, hostsNamed(config, place.environment))
}

async function testWithoutEngine(
  connection: Connection,
  log: Logger,
  named: ReadonlySet<string>,
): Promise<ConnectionTest> {
  const world = realWorld(log, () => 0, named)
  const io: Io = {
    now: world.now,
    nonce: world.nonce,
    signal: new AbortController().signal,
    log: (message, facts = {}) => log.debug(facts, message),
    fetch: (url, init = {}) => world.fetch(url, init, 20_000),
  }
  const { connector, settings } = connection
  let opened: Promise<unknown> | null = null
  const lane = {
    session: () => (opened ??= connector.open(settings, io)),
    forget: () => void (opened = null),
  }
  try {
    return await testConnection(connection, lane, world.now)
  } finally {
    const session = await lane.session().catch(() => undefined)
    if (session !== undefined) await connector.close?.(session).catch(() => {})
  }
}

async function connectionsOf(config: Config, place: Place): Promise<readonly Connection[]> {
  return buildConnections(config, await settingsOf(config, place), connectors, null)
}

/** Secrets come from the environment; only what is not there is looked for in the database. */
async function settingsOf(config: Config, place: Place): Promise<Record<string, Record<string, unknown>>> {
  const { environment, log, folder } = place
  try {
    return await resolveAll(config, { environment, sealed: null })
  } catch (error) {
    if (!(error instanceof ConfigTrouble) || !hasStore(config, place)) throw error
  }
  const opened = await openStore({ config, environment, log, folder })
  try {
    return await resolveAll(config, { environment, sealed: opened })
  } finally {
    await opened.close()
  }
}

/** A look at the configuration makes no database where none was. */
function hasStore(config: Config, { environment, folder }: Place): boolean {
  const own = databaseUrl(config, environment)
  return own !== undefined || existsSync(join(resolve(folder, config.dataDir), 'postgres'))
}
