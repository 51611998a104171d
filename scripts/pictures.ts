import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { narrate, startDemo, type Demo } from '@linchpin/server'
import { pino } from 'pino'

/**
 * The pictures of the README: one order on its way, as its customer and as the people at the ERP see it. Runs a demo of
 * its own on free ports. Needs Debian's chromium, or another one that CHROMIUM names.
 */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-pictures-'))
  const demo = await startDemo({
    folder,
    log: pino({ level: 'warn' }, pino.destination(2)),
    environment: {},
    fresh: true,
    ports: { linchpin: 0, shop: 0, erp: 0 },
  })
  try {
    const number = await order(demo)
    const isDone = await narrate(demo.running.linchpin, number, line => console.log(line), {
      patienceMs: 120_000,
      isStopped: () => false,
    })
    if (!isDone) throw new Error(`Order ${number} did not come to its end; no pictures were taken.`)
    const shopPage = await asCustomer(demo.shopUrl, `/orders/${number}`)
    const erpPage = await textOf(`${demo.erpUrl}/web/orders/1`)
    picture(folder, 'shop-order', shopPage, 1240)
    picture(folder, 'erp-order', erpPage, 1160)
  } finally {
    await demo.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Places an order as soon as the shop's shelves have been filled. */
async function order({ shopUrl }: Demo): Promise<string> {
  for (let tries = 0; tries < 300; tries += 1) {
    const body = JSON.stringify({ lines: 3, discount: true })
    const response = await fetch(`${shopUrl}/demo/orders`, { method: 'POST', body })
    if (response.ok) return ((await response.json()) as { number: string }).number
    await new Promise(done => setTimeout(done, 200))
  }
  throw new Error('Nothing can be bought in the demo shop.')
}

async function asCustomer(shop: string, path: string): Promise<string> {
  const body = new URLSearchParams({ customer: '1' })
  const signedIn = await fetch(`${shop}/account/sign-in`, { method: 'POST', body, redirect: 'manual' })
  const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return textOf(`${shop}${path}`, { cookie })
}

async function textOf(url: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(url, { headers })
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`)
  return response.text()
}

const WIDTH = 1000

/** The look-alikes' pages load nothing, so they look the same from a file. */
function picture(folder: string, name: string, html: string, height: number): void {
  const page = join(folder, `${name}.html`)
  const image = resolve('docs/pictures', `${name}.png`)
  writeFileSync(page, html)
  const flags = ['--headless', '--no-sandbox', '--hide-scrollbars', `--window-size=${WIDTH},${height}`]
  const browser = process.env['CHROMIUM'] ?? 'chromium'
  const ran = spawnSync(browser, [...flags, `--screenshot=${image}`, `file://${page}`], { timeout: 60_000 })
  if (ran.status !== 0)
    throw new Error(`${browser} took no picture: ${ran.error?.message ?? ran.stderr.toString()}`)
  console.log(image)
}

await main()
