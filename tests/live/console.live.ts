import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDemo, type Demo } from '@linchpin/server'
import { pino } from 'pino'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seriousFaults } from './browser/axe.ts'

/**
 * The console in a real browser, Debian's Chromium, before a Linchpin between two look-alikes. Skipped, and said so,
 * where there is no such browser.
 */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const folder = mkdtempSync(join(tmpdir(), 'linchpin-console-live-'))
let demo: Demo
let browser: Browser
let page: Page
const problems: string[] = []

describe.skipIf(!existsSync(executablePath))('the console in Chromium', () => {
  beforeAll(async () => {
    const ports = { linchpin: 0, shop: 0, erp: 0 }
    demo = await startDemo({ folder, log: pino({ level: 'silent' }), environment: {}, fresh: true, ports })
    await demo.running.prepareConsole()
    await ordersArrive()
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en' })
    page.on('pageerror', error => problems.push(error.message))
  })

  afterAll(async () => {
    await browser?.close()
    await demo?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('an order is found by its tracking number, and its page tells both systems', async () => {
    await page.goto(demo.running.url)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.waitForLoadState('networkidle')
    await page.keyboard.press('/')
    await page.getByRole('combobox', { name: 'Search by any number' }).fill('DEMO0000011')
    await page.getByRole('listbox').getByRole('option').first().waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: /Shipment WH\/OUT/ }).waitFor()
    await page.getByRole('link', { name: /^Order S0/ }).waitFor()
    await page
      .getByRole('link', { name: /^Order \d+$/ })
      .first()
      .waitFor()
  })

  test('whoever reads the page does not learn who the customer is until they say why', async () => {
    await page
      .getByRole('link', { name: /^Order \d+$/ })
      .first()
      .click()
    await page.getByRole('tab', { name: 'In our words' }).click()
    expect(await page.getByRole('tabpanel').innerText()).toContain('•••')
    await page.getByRole('button', { name: 'Show personal data' }).click()
    await page.getByLabel('Why?').fill('the customer is on the phone')
    await page.getByRole('dialog').getByRole('button', { name: 'Show personal data' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await page.getByRole('tabpanel').innerText()).not.toContain('•••')
  })

  test('why an order is parked is told, its article is added in the ERP, and the retry clears it', async () => {
    await page.goto(`${demo.running.url}/parked`)
    await page.getByRole('link', { name: /WRAP-ONLY-IN-SHOP is not in Odoo/ }).click()
    await page.getByRole('button', { name: /^Retry \d+$/ }).waitFor()
    addArticle()
    await page.getByRole('button', { name: /^Retry \d+$/ }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Retry/ })
      .click()
    await page.getByText('Nothing is parked for this cause any more.').waitFor({ timeout: 60_000 })
  })

  test('a flow is paused with a reason and resumed', async () => {
    await page.goto(`${demo.running.url}/flows/price-erp-to-shop`)
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('dialog').getByLabel('Why?').fill('stocktaking')
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click()
    await page.getByText(/Paused by Demo: stocktaking/).waitFor()
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByRole('button', { name: 'Pause' }).waitFor()
  })

  const paths = [
    '/',
    '/parked',
    '/flows',
    '/flows/sales-order-shop-to-erp',
    '/connections',
    '/connections/erp',
    '/webhooks',
    '/reference',
    '/records/shop/SalesOrder/24',
    '/account',
    '/people',
    '/api-keys',
    '/audit',
  ]

  test.each(['light', 'dark'] as const)(
    'axe finds nothing serious on any screen, %s',
    async colorScheme => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const found: string[] = []
      for (const path of paths) {
        await page.goto(`${demo.running.url}${path}`)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.waitForLoadState('networkidle')
        found.push(...(await seriousFaults(page)).map(fault => `${path}: ${fault}`))
      }
      expect(found).toEqual([])
    },
    240_000,
  )

  test('no screen is wider than a telephone', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    for (const path of paths) {
      await page.goto(`${demo.running.url}${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect(
        await page.evaluate('document.documentElement.scrollWidth - innerWidth'),
        path,
      ).toBeLessThanOrEqual(0)
    }
  })

  test('nothing went wrong in the pages themselves', () => {
    expect(problems).toEqual([])
  })
})

/** One order that goes all the way, then a day of others, some for an article that the ERP does not know. */
async function ordersArrive(): Promise<void> {
  for (;;) {
    const answer = await fetch(`${demo.shopUrl}/demo/orders`, {
      method: 'POST',
      body: '{"lines":3,"discount":true}',
    })
    if (answer.ok) break
    await new Promise(done => setTimeout(done, 200))
  }
  demo.liveOn()
  const { store } = demo.running.linchpin
  for (;;) {
    const parked = await store.parked({ flow: 'sales-order-shop-to-erp', limit: 100 })
    const tracked = await store.search('DEMO0000011', 1)
    if (parked.some(({ trouble }) => trouble?.words.includes('WRAP')) && tracked.length > 0) return
    await new Promise(done => setTimeout(done, 200))
  }
}

/** As somebody at the ERP would do it. */
function addArticle(): void {
  const { orm } = demo.erp
  const tax =
    orm.all('account.tax').find(row => row['amount'] === 19 && row['price_include'] === false)?.id ?? 0
  const article = { name: 'Gift wrapping', default_code: 'WRAP-ONLY-IN-SHOP', lst_price: 4.9 }
  orm.transaction(() =>
    orm.create('product.product', {
      ...article,
      type: 'consu',
      is_storable: true,
      taxes_id: [[6, 0, [tax]]],
    }),
  )
}
