import { createHmac, randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import type { Bus } from '@linchpin/bus'
import type { Connector } from '@linchpin/connector'
import { createEngine, setUp, type Engine, type Setup, type World } from '@linchpin/engine'
import {
  addSecret,
  clockOffset,
  migrate,
  openDatabase,
  openBusStore,
  openDb,
  openDesk,
  openKeyring,
  pgStore,
  refreshStatistics,
  type Db,
  type Desk,
  type Keyring,
  type Publishing,
  type Store,
} from '@linchpin/store'
import type { Logger } from 'pino'
import { createEgress, type Egress } from './alerts/egress.ts'
import { buildConnections } from './config/connections.ts'
import { buildFlows } from './config/flows.ts'
import { hostsNamed, resolveAll, resolveValue, type Environment } from './config/resolve.ts'
import type { Config } from './config/schema.ts'
import { createAliases, type Aliases } from './desk/aliases.ts'
import { createWebhookLog, type WebhookLog } from './desk/webhook-log.ts'
import { liveChanges, type LiveChanges } from './mapping/live.ts'
import { createDocuments, type Documents } from './documents.ts'
import { nameOf, openBus, shareOf, theHub, type Part } from './part.ts'
import { realWorld } from './world.ts'

/** Everything that a running Linchpin is made of. */
export interface Linchpin {
  readonly config: Config
  readonly store: Store
  readonly db: Db
  readonly desk: Desk
  /** Mappings and corrections that people made while it runs. */
  readonly changes: LiveChanges
  readonly webhookLog: WebhookLog
  readonly keyring: Keyring
  readonly setup: Setup
  readonly engine: Engine
  readonly documents: Documents
  /** Tells whether two texts are the same, and nothing of what they hold to whoever has only the database. */
  readonly digest: (text: string) => Uint8Array
  /** What guests are called by who may not see their address. */
  readonly aliases: Aliases
  /** The way of alerts out of the house. */
  readonly egress: Egress
  readonly node: string
  /** Where others reach us. */
  readonly publicUrl: string
  readonly now: () => number
  /** By the clock on the wall, by which people come and go. Only in a demo is `now` another. */
  readonly wall: () => number
  readonly close: () => Promise<void>
}

export interface StoreOptions {
  readonly config: Config
  readonly environment: Environment
  readonly log: Logger
  /** The folder that a relative `dataDir` is seen from. */
  readonly folder: string
  /** Forget everything that the database holds. */
  readonly fresh?: boolean
  /** On a bus: what is to be told there. */
  readonly publishing?: Publishing | null
}

export interface LinchpinOptions extends StoreOptions {
  readonly connectors: readonly Connector[]
  /** Where others reach us, as far as it is known before we listen. */
  readonly publicUrl: string
  /** What this process is; the hub, when left out. */
  readonly part?: Part
  /** The demo lives by a clock of its own. */
  readonly inWorld?: ((world: World) => World) | undefined
}

const CLOCK_CHECK_MS = 30_000
const STATISTICS_MS = 3_000

/** Opens the database and builds the engine; nothing is read or sent before `engine.start`. */
export async function openLinchpin(options: LinchpinOptions): Promise<Linchpin> {
  const { part = theHub, environment, inWorld = asItIs } = options
  const opened = await openStore({ ...options, publishing: publishingOf(part) })
  const bus = openBus(part, options.config, environment)
  try {
    const named = hostsNamed(options.config, environment)
    const world = inWorld(realWorld(options.log, opened.offset, named))
    return await assembleLinchpin({ ...options, bus }, opened, world)
  } catch (error) {
    await bus?.close()
    await opened.close()
    throw error
  }
}

const asItIs = (world: World) => world

/** An adapter tells what its connection has; what others told is not told again. */
export function publishingOf(part: Part): Publishing | null {
  return part.is === 'adapter' ? { connections: new Set([part.connection]) } : null
}

/** The engine and what surrounds it, over a store that is open already and in any world. */
export async function assembleLinchpin(
  options: Pick<LinchpinOptions, 'config' | 'connectors' | 'environment' | 'publicUrl' | 'part'> & {
    readonly bus?: Bus | null
  },
  opened: OpenedStore,
  world: World,
): Promise<Linchpin> {
  const { config, environment, publicUrl, part = theHub, bus = null } = options
  const { store, keyring, db } = opened
  const names = part.is === 'hub' ? Object.keys(config.connections) : nameIfAdapter(part)
  const settings = await resolveAll(config, { environment, sealed: { store, keyring } }, names)
  const connections = buildConnections(config, settings, options.connectors, publicUrl)
  const share = shareOf(part, config, buildFlows(config, connections))
  const desk = openDesk(db)
  const changes = liveChanges(desk)
  await changes.refresh()
  const setup = setUp(connections, share.flows, changes, share)
  const key = await ownKey('documents', opened, world.now())
  const documents = createDocuments({
    store,
    key,
    publicUrl,
    linkDays: config.documents.linkDays,
  })
  const digestKey = await ownKey('digests', opened, world.now())
  const node = `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`
  const observes = part.is === 'observer'
  const on = bus && {
    on: { bus, store: openBusStore(db), name: nameOf(part), observes, elsewhere: share.elsewhere },
  }
  const engine = createEngine({ setup, store, world, node, fileUrl: documents.urlOf, ...on })
  return {
    config,
    store,
    db,
    desk,
    changes,
    webhookLog: createWebhookLog(),
    keyring,
    setup,
    engine,
    documents,
    digest: text => createHmac('sha256', digestKey).update(text).digest(),
    aliases: createAliases(key),
    egress: createEgress({ ...config.alerts, log: world.log }),
    node,
    publicUrl,
    now: world.now,
    wall: () => Date.now() + opened.offset(),
    async close() {
      await bus?.close()
      await opened.close()
    },
  }
}

const nameIfAdapter = (part: Part) => (part.is === 'adapter' ? [part.connection] : [])

export interface OpenedStore {
  readonly store: Store
  readonly db: Db
  readonly keyring: Keyring
  /** How far the database's clock is ahead of ours, in ms. */
  readonly offset: () => number
  readonly close: () => Promise<void>
}

/** The database, brought to today's shape, and the keys to its secrets. */
export async function openStore({
  config,
  environment,
  log,
  folder,
  fresh = false,
  publishing = null,
}: StoreOptions): Promise<OpenedStore> {
  const dataDir = resolve(folder, config.dataDir)
  const database = await openDatabase({
    databaseUrl: databaseUrl(config, environment),
    dataDir: join(dataDir, 'postgres'),
    log: line => log.debug(line),
  })
  const db = openDb(database.url, { connections: 20 })
  try {
    if (fresh) await forgetAll(db)
    let offset = await clockOffset(db, Date.now)
    const applied = await migrate(db, Date.now() + offset, { waits: words => log.warn(words) })
    if (applied.length > 0)
      log.info({ migrations: applied.length }, "The database was brought to today's shape.")
    const keyring = await openKeyring({ key: environment['LINCHPIN_KEY'], keyFile: keyFileOf(dataDir) })
    const ends = [
      regularly(CLOCK_CHECK_MS, async () => void (offset = await clockOffset(db, Date.now))),
      regularly(STATISTICS_MS, () => refreshStatistics(db.query)),
    ]
    const close = async () => {
      ends.forEach(end => end())
      await db.close()
      await database.stop()
    }
    return { store: pgStore(db, publishing), db, keyring, offset: () => offset, close }
  } catch (error) {
    await db.close()
    await database.stop()
    throw error
  }
}

/** What fails is tried again the next time. */
function regularly(ms: number, work: () => Promise<void>): () => void {
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    work()
      .catch(() => {})
      .finally(() => (busy = false))
  }, ms)
  timer.unref()
  return () => clearInterval(timer)
}

/** The operator's own PostgreSQL; none: the embedded one. */
export function databaseUrl({ database }: Config, environment: Environment): string | undefined {
  return database === undefined
    ? environment['DATABASE_URL']
    : resolveValue('database', database, environment)
}

export const keyFileOf = (dataDir: string) => join(dataDir, 'key')

async function forgetAll(db: Db): Promise<void> {
  await db.transaction(async query => {
    await query('', 'drop schema public cascade')
    await query('', 'create schema public')
  })
}

/**
 * A key of Linchpin's own, for links to documents or for digests: made once, by whichever node comes first, and sealed
 * like every secret.
 */
async function ownKey(
  name: 'documents' | 'digests',
  { db, keyring }: Pick<OpenedStore, 'db' | 'keyring'>,
  now: number,
): Promise<Uint8Array> {
  const whose = { connection: 'linchpin', name }
  const made = randomBytes(32).toString('base64')
  const kept = await addSecret(db, whose.connection, whose.name, keyring.seal(whose, made), now)
  return Buffer.from(keyring.open(whose, kept), 'base64')
}
