import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { demoAccess } from '@linchpin/connector-odoo'
import { demoKey } from '@linchpin/connector-woocommerce'
import { expect, onTestFailed, test } from 'vitest'
import { dice } from '../crash/dice.ts'

const BIN = fileURLToPath(new URL('../../apps/cli/bin/linchpin.js', import.meta.url))
const CRASHES = 8
/** What the demo says when it has come so far; it is killed some time after one of these. */
const STAGES = ['Starting', 'the shop', 'rder ', 'in the ERP as', 'shipped by the ERP', 'back in the shop']
const SOME_TIME_MS = 1_500
const PATIENCE_MS = 120_000

test('however often the demo is killed (kill -9), its order ends in the ERP once, with parcels and invoice in the shop', async () => {
  const seed = Number(process.env['LINCHPIN_SEED'] ?? Date.now() % 1_000_000)
  const random = dice(seed).roll
  const folder = await mkdtemp(join(tmpdir(), 'demo-crash-'))
  const ports = { linchpin: await freePort(), shop: await freePort(), erp: await freePort() }
  const story: string[] = [`LINCHPIN_SEED=${seed}`]
  onTestFailed(() => console.error(story.join('\n')))
  console.info(story[0])
  let demo: Demo | null = null
  try {
    for (let crash = 0; crash < CRASHES; crash += 1) {
      demo = startDemo(folder, ports, crash === 0, story)
      const stage = STAGES[Math.floor(random() * STAGES.length)] ?? ''
      await until(demo, stage)
      const more = Math.round(random() * SOME_TIME_MS)
      await sleep(more)
      const isWhole = crash % 2 === 1
      story.push(`--- killed ${more} ms after "${stage}"${isWhole ? ', and PostgreSQL with it' : ''}`)
      if (isWhole) await killPostgres(folder)
      await demo.end('SIGKILL')
    }
    demo = startDemo(folder, ports, false, story)
    await until(demo, 'the customer can see it')
    await expectWholeOrder(ports)
    await demo.end('SIGINT')
  } finally {
    await demo?.end('SIGKILL')
    await killPostgres(folder)
    await rm(folder, { recursive: true, force: true })
  }
}, 600_000)

type Ports = Readonly<Record<'linchpin' | 'shop' | 'erp', number>>

interface Demo {
  readonly said: () => string
  readonly isOver: () => boolean
  readonly end: (signal: 'SIGKILL' | 'SIGINT') => Promise<void>
}

/** As a person would, from a folder of their own. */
function startDemo(folder: string, ports: Ports, fresh: boolean, story: string[]): Demo {
  const flags = ['--port', ports.linchpin, '--shop-port', ports.shop, '--erp-port', ports.erp].map(String)
  const child = spawn(process.execPath, [BIN, 'demo', ...(fresh ? ['--fresh'] : []), ...flags], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
      story.push(text.trimEnd())
    })
  const isOver = () => child.exitCode !== null || child.signalCode !== null
  return {
    said: () => said,
    isOver,
    async end(signal) {
      if (isOver()) return
      child.kill(signal)
      await once(child, 'exit')
    },
  }
}

/** Until the demo said so. A stage that an earlier run has passed already is never said again: then that will do. */
async function until(demo: Demo, words: string): Promise<void> {
  const isThere = () => demo.said().includes(words) || demo.said().includes('the customer can see it')
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end && !isThere() && !demo.isOver();)
    await sleep(50)
  expect(demo.said(), `it never said "${words}"`).toContain(isThere() ? '' : words)
  expect(demo.isOver(), 'the demo ended by itself').toBe(false)
}

async function killPostgres(folder: string): Promise<void> {
  // Files of a living database come and go while they are listed.
  const files = await readdir(folder, { recursive: true }).catch(() => [])
  for (const file of files.filter(each => each.endsWith('postmaster.pid'))) {
    const [pid] = (await readFile(join(folder, file), 'utf8').catch(() => '')).split('\n')
    try {
      if (pid) process.kill(Number(pid), 'SIGKILL')
    } catch {
      // It was dead already.
    }
  }
}

async function expectWholeOrder({ shop, erp }: Ports): Promise<void> {
  const orders = await shopOrders(shop)
  // Once it was told, shoppers of the day came after it; a demo that was killed before has none.
  const order = orders.toSorted((left, right) => left.id - right.id)[0]
  const meta = (key: string) => order?.meta_data.find(each => each.key === key)?.value
  const all = await erpOrders(erp)
  const references = all.map(each => each.client_order_ref)
  expect(new Set(references).size, 'an order is in the ERP twice').toBe(references.length)
  const booked = all.filter(each => each.client_order_ref.replace(/^.*\//, '') === String(order?.id))
  expect(booked.map(each => [each.state, each.amount_total.toFixed(2)])).toEqual([['sale', order?.total]])
  const parcels = meta('_wc_shipment_tracking_items') as { tracking_number: string }[]
  const numbers = parcels.map(each => each.tracking_number)
  expect(numbers).toHaveLength(2)
  expect(new Set(numbers).size).toBe(2)
  expect(Number(meta('_linchpin_invoiced'))).toBe(Number(order?.total))
  expect(meta('_linchpin_erp_number')).toBe(booked[0]?.name)
  expect(order?.status).toBe('completed')
}

interface ShopOrder {
  readonly id: number
  readonly status: string
  readonly total: string
  readonly meta_data: readonly { readonly key: string; readonly value: unknown }[]
}

async function shopOrders(port: number): Promise<readonly ShopOrder[]> {
  const { consumerKey, consumerSecret } = demoKey
  const authorization = `Basic ${Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64')}`
  const headers = { authorization, 'x-forwarded-proto': 'https' }
  const answer = await fetch(`http://127.0.0.1:${port}/wp-json/wc/v3/orders?per_page=100`, { headers })
  return (await answer.json()) as ShopOrder[]
}

interface ErpOrder {
  readonly name: string
  readonly state: string
  readonly amount_total: number
  readonly client_order_ref: string
}

async function erpOrders(port: number): Promise<readonly ErpOrder[]> {
  const answer = await fetch(`http://127.0.0.1:${port}/json/2/sale.order/search_read`, {
    method: 'POST',
    headers: { authorization: `bearer ${demoAccess.apiKey}`, 'x-odoo-database': demoAccess.database },
    body: JSON.stringify({ domain: [], fields: ['name', 'state', 'amount_total', 'client_order_ref'] }),
  })
  return (await answer.json()) as ErpOrder[]
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
