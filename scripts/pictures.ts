import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { narrate, startDemo, type Demo } from '@linchpin/server'
import { pino } from 'pino'
import type { Browser, Page } from 'playwright-core'
import { openChromium } from '../tests/live/browser/chromium.ts'

/**
 * The pictures of the README and the documentation: one order as its customer and as the people at the ERP see it, and
 * the console after a week, or after so many --days. Runs a demo of its own on free ports; or looks at the console of one
 * that runs, named with --at. Needs Debian's chromium, or another one that CHROMIUM names.
 */
const { values } = parseArgs({
  options: { at: { type: 'string' }, days: { type: 'string', default: '7' } },
})
const [WIDTH, HEIGHT] = [1280, 800]

async function main(): Promise<void> {
  const browser = await openChromium()
  try {
    if (values.at !== undefined) await ofConsole(browser, values.at)
    else await withDemo(browser)
  } finally {
    await browser.close()
  }
}

async function withDemo(browser: Browser): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-pictures-'))
  const log = pino({ level: 'error' }, pino.destination(2))
  const ports = { linchpin: 0, shop: 0, erp: 0 }
  const demo = await startDemo({
    folder,
    log,
    environment: {},
    fresh: true,
    days: Number(values.days),
    ports,
  })
  try {
    const number = await order(demo)
    const isDone = await narrate(demo.running.linchpin, number, line => console.log(line), {
      patienceMs: 120_000,
      isStopped: () => false,
    })
    if (!isDone) throw new Error(`Order ${number} did not come to its end; no pictures were taken.`)
    await systems(browser, demo, number)
    await demo.running.prepareConsole()
    await demo.liveWeek()?.over
    await ofConsole(browser, demo.running.url)
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

/** The same order in the shop, as its customer sees it, and in the ERP. */
async function systems(browser: Browser, { shopUrl, erpUrl }: Demo, number: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1000, height: 700 } })
  await page.request.post(`${shopUrl}/account/sign-in`, { form: { customer: '1' } })
  await page.goto(`${shopUrl}/orders/${number}`)
  await picture(page, 'shop-order', true)
  await page.goto(`${erpUrl}/web/orders/1`)
  await picture(page, 'erp-order', true)
  await page.close()
}

/** What the pages of the documentation show of the console. */
async function ofConsole(browser: Browser, url: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({
      viewport: { width: WIDTH, height: HEIGHT },
      colorScheme,
      reducedMotion: 'reduce',
      locale: 'en',
    })
    page.setDefaultTimeout(60_000)
    await screens(page, url, colorScheme === 'light' ? SCREENS : DARK, colorScheme)
    await page.close()
  }
}

const LOADING = '.mantine-Loader-root, .mantine-Skeleton-root'
/** Charts and the picture of the flows are drawn after their figures have come. */
const SETTLED_MS = 1_500

type Screens = readonly (readonly [string, string, ((page: Page) => Promise<void>)?])[]

const DARK: Screens = [['home', '/']]
const SCREENS: Screens = [
  ['home', '/'],
  ['parked', '/parked'],
  [
    'cause',
    '/parked',
    async page => {
      await page.locator('a[href^="/parked/"]').first().click()
      await page.getByRole('button', { name: /^Retry \d+$/ }).waitFor()
    },
  ],
  ['timeline', '/records/shop/SalesOrder/24'],
  ['flows', '/flows'],
  ['flow', '/flows/sales-order-shop-to-erp'],
  ['mapping', '/mapping/shop.SalesOrder'],
  ['connection', '/connections/erp'],
]

async function screens(page: Page, url: string, wanted: Screens, scheme: string): Promise<void> {
  for (const [name, path, go] of wanted) {
    await page.goto(`${url}${path}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await go?.(page)
    // What is still on its way shows itself as that; the network is never idle, for the page listens to the server.
    await page.locator(LOADING).first().waitFor({ state: 'detached' })
    await page.waitForTimeout(SETTLED_MS)
    await picture(page, scheme === 'light' ? `console-${name}` : `console-${name}-${scheme}`)
  }
}

async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  const path = resolve('docs/pictures', `${name}.png`)
  await page.screenshot({ path, fullPage })
  console.log(path)
}

await main()
