import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fakeOdoo } from '@linchpin/connector-odoo'
import { demoKey, fakeWooCommerce } from '@linchpin/connector-woocommerce'
import { serve, Shelf, type Handler } from '@linchpin/lookalike'
import { pino, type Logger } from 'pino'
import { readConfig } from '../config/read.ts'
import { connectors } from '../connectors.ts'
import { start } from '../start.ts'

export const webhookSecret = 'a-webhook-secret-of-the-tests'

export interface RigOptions {
  /** Laid over the top of the configuration. */
  readonly config?: object
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly log?: Logger
}

/** A look-alike shop and a look-alike ERP, each behind HTTP on a free port of this machine. */
export async function openSystems() {
  const shop = fakeWooCommerce({ shelf: new Shelf(null), now: Date.now, deliver: overHttp })
  const erp = fakeOdoo({ now: Date.now })
  shop.seedDemo()
  erp.seedDemo()
  /** Stand before the look-alikes while they are set. */
  const slow: { shop: Handler | null; erp: Handler | null } = { shop: null, erp: null }
  const served = [
    await serve(request => (slow.shop ?? shop.handler)(request), 0),
    await serve(request => (slow.erp ?? erp.handler)(request), 0),
  ] as const
  const { consumerKey, consumerSecret } = demoKey
  const { database, login, apiKey } = erp.access
  const connections = {
    shop: {
      connector: 'woocommerce',
      settings: { url: served[0].url, consumerKey, consumerSecret, webhookSecret },
    },
    erp: { connector: 'odoo', settings: { url: served[1].url, database, login, apiKey } },
  }
  const flows = [
    { preset: 'orderToCash', shop: 'shop', erp: 'erp', since: 'always', schedule: { every: '1s' } },
  ]
  /** What the ERP knows, and the shop has. */
  const sellable = () =>
    shop
      .products()
      .find(
        ({ type, regular_price, stock_quantity }) =>
          type === 'simple' && regular_price !== '' && (stock_quantity ?? 0) > 5,
      )
  const close = async () => void (await Promise.all(served.map(each => each.close())))
  return {
    shop,
    erp,
    sellable,
    slow,
    urls: { shop: served[0].url, erp: served[1].url },
    config: { connections, flows },
    close,
  }
}
export type Systems = Awaited<ReturnType<typeof openSystems>>

/** A whole running Linchpin on a PostgreSQL of its own, between two look-alikes. */
export async function openRig(options: RigOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-rig-'))
  const systems = await openSystems()
  const written = { dataDir: 'data', http: { port: 0 }, ...systems.config, ...options.config }
  const log = options.log ?? pino({ level: 'silent' })
  const environment = options.environment ?? {}
  const begin = () => start({ config: readConfig('the rig', written), connectors, environment, log, folder })
  const running = await begin()
  let last = running
  return {
    ...systems,
    folder,
    running,
    url: running.url,
    linchpin: running.linchpin,
    /** As it would stand in a file. */
    written,
    /** Waits until it holds; what never does fails with the words. */
    until: (what: string, holds: () => Promise<boolean> | boolean) => until(what, holds),
    /** After a stop: the same database, and a new process as far as it can tell. */
    restart: async () => (last = await begin()),
    async close() {
      await last.stop()
      await systems.close()
      rmSync(folder, { recursive: true })
    },
  }
}
export type Rig = Awaited<ReturnType<typeof openRig>>

const PATIENCE_MS = 100_000

export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  for (const end = Date.now() + patienceMs; Date.now() < end;) {
    if (await holds()) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`It never came to this: ${what}.`)
}

async function overHttp(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<number> {
  const answer = await fetch(url, { method: 'POST', headers: { ...headers }, body }).catch(() => null)
  return answer?.status ?? 0
}
