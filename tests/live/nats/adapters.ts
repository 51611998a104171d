import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type Client } from '@linchpin/api'
import { serve } from '@linchpin/lookalike'
import { startNode, type Node } from '../../crash/node.ts'
import { dolibarrErp } from '../../stories/house/dolibarr.ts'
import type { Erp } from '../../stories/house/erp.ts'
import { goods } from '../../stories/house/goods.ts'
import { odooErp } from '../../stories/house/odoo.ts'
import type { Shop } from '../../stories/house/shop.ts'
import { trytonErp } from '../../stories/house/tryton.ts'
import { vendureShop } from '../../stories/house/vendure.ts'
import { wooShop } from '../../stories/house/woocommerce.ts'
import { access } from './start.ts'

/** Six look-alikes behind HTTP, and adapters between them that are processes of their own. */
export async function openCompany(servers: readonly string[], replicas: number) {
  const place = { now: Date.now, host: '127.0.0.1', deliver: ring }
  const shops = { shop: wooShop(place), outlet: vendureShop(place) }
  const erps = {
    erp: odooErp(place),
    crm: odooErp(place),
    warehouse: dolibarrErp(place),
    ledger: trytonErp(place),
  }
  for (const erp of Object.values(erps)) for (const { sku } of goods) erp.setStock(sku, 1_000_000)
  const systems: Readonly<Record<string, Shop | Erp>> = { ...shops, ...erps }
  const served = new Map<string, Awaited<ReturnType<typeof serve>>>()
  for (const [name, { handler }] of Object.entries(systems)) served.set(name, await serve(handler, 0))
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-company-'))
  const logs = join(folder, 'logs')
  mkdirSync(logs)
  const running = new Map<string, Node>()

  const connectionOf = (name: string) => {
    const { connector, settings } = systems[name] as Shop | Erp
    const { origin } = new URL(served.get(name)?.url ?? '')
    const { pathname } = new URL(String(settings['url']))
    const url = `${origin}${pathname === '/' ? '' : pathname}`
    return { connector, settings: { ...settings, url }, limits: { requests: 200, perMs: 1_000 } }
  }

  /** A configuration of its own: its system, those that it hears from by name and kind only, and its flows. */
  function writeConfig(name: string, hears: readonly string[], flows: readonly object[]): string {
    const others = hears.map(each => [each, { connector: systems[each]?.connector, settings: {} }])
    const config = {
      dataDir: join(folder, 'data'),
      bus: { servers, replicas, user: access.user, password: { env: 'NATS_PASSWORD' } },
      connections: { ...Object.fromEntries(others), [name]: connectionOf(name) },
      flows: flows.map(flow => ({ since: 'always', schedule: { every: '2s' }, topology: 'bus', ...flow })),
    }
    const file = join(folder, `${name}.json`)
    writeFileSync(file, JSON.stringify(config))
    return file
  }

  const logOf = (name: string) => {
    const file = join(logs, `${name}.log`)
    return existsSync(file) ? readFileSync(file, 'utf8') : ''
  }

  /** Asks an adapter as people do; null when it has not listened yet. */
  function clientOf(name: string): Client | null {
    const url = [...logOf(name).matchAll(/Linchpin listens on (http:[^\s"]+\d)/g)].at(-1)?.[1]
    if (url === undefined) return null
    const token = readFileSync(join(folder, 'data', name, 'local-token'), 'utf8').trim()
    return createClient({ url, token, fetch })
  }

  async function parkedAt(name: string): Promise<string> {
    const asked = clientOf(name)?.parked({ limit: 100 })
    const parked = await asked?.then(answer => answer.parked, String)
    return parked === undefined ? 'it never listened' : JSON.stringify(parked)
  }

  return {
    shops,
    erps,
    running,
    clientOf,
    join(name: string, hears: readonly string[], flows: readonly object[]): Node {
      const config = writeConfig(name, hears, flows)
      const environment = { NATS_PASSWORD: access.password }
      const options = { name, port: 0, folder, config, logs, environment, command: ['adapter', name] }
      const node = startNode(options)
      running.set(name, node)
      return node
    },
    /** What each adapter said, and which of its deliveries wait for a person: for the eyes of whoever sees a failure. */
    async said(): Promise<string> {
      const parts: string[] = []
      for (const name of running.keys()) {
        parts.push(`=== ${name}\n${logOf(name).slice(-20_000)}\n--- parked: ${await parkedAt(name)}`)
      }
      return parts.join('\n')
    },
    async close() {
      await Promise.all([...running.values()].map(node => node.stop(20_000)))
      for (const each of served.values()) await each.close()
      if (process.env['LINCHPIN_KEEP'] === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}
export type Company = Awaited<ReturnType<typeof openCompany>>

async function ring(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<number> {
  const signal = AbortSignal.timeout(5_000)
  const answer = await fetch(url, { method: 'POST', headers: { ...headers }, body, signal }).catch(() => null)
  await answer?.arrayBuffer().catch(() => {})
  return answer?.status ?? 0
}
