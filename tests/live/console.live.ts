import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDemo, type Demo } from '@linchpin/server'
import { pino } from 'pino'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasChromium, openChromium, openPage } from './browser/chromium.ts'
import { seriousFaults } from './browser/axe.ts'

/**
 * The console in a real browser, Debian's Chromium, before a Linchpin between two look-alikes. Skipped, and said so,
 * where there is no such browser.
 */
const folder = mkdtempSync(join(tmpdir(), 'linchpin-console-live-'))
let demo: Demo
let browser: Browser
let page: Page
const problems: string[] = []
/** Fifteen screens, or dozens of orders, on a machine that may do other things as well. */
const PATIENCE_MS = 480_000

describe.skipIf(!hasChromium)('the console in Chromium', { timeout: PATIENCE_MS }, () => {
  beforeAll(async () => {
    const ports = { linchpin: 0, shop: 0, erp: 0 }
    demo = await startDemo({ folder, log: pino({ level: 'silent' }), environment: {}, fresh: true, ports })
    await demo.running.prepareConsole()
    await ordersArrive()
    browser = await openChromium()
    page = await openPage(browser)
    page.setDefaultTimeout(60_000)
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
    // What was shown of one is not shown at the next.
    await page
      .getByRole('link', { name: /^Shipment/ })
      .first()
      .click()
    await page.getByRole('heading', { level: 1, name: /^Shipment/ }).waitFor()
  })

  test('who signs out of the account page is out of it at once', async () => {
    const context = await browser.newContext({ locale: 'en' })
    const other = await context.newPage()
    await other.goto(`${demo.running.url}/account`)
    await other.getByRole('heading', { level: 1, name: 'Your account' }).waitFor()
    await other.locator('main').getByRole('button', { name: 'Sign out' }).click()
    await other.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor({ timeout: 8_000 })
    await context.close()
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

  test('why forty are parked is told, the lookup is mended, they are retried at once and clear before our eyes', async () => {
    await parkedForMarketplace(40)
    await page.goto(`${demo.running.url}/parked`)
    await page.getByRole('link', { name: /"otto" is not in table marketplace/ }).waitFor()
    await page.goto(`${demo.running.url}/mapping/shop.SalesOrder`)
    await page.getByRole('tab', { name: /Tables/ }).click()
    await page.getByRole('row', { name: /otto not in the table/ }).waitFor()
    await page.getByLabel('What otto becomes').fill('OTTO')
    await page.getByRole('button', { name: 'Compare and save' }).click()
    const review = page.getByRole('dialog')
    await review.getByText(/records that were read would be different/).waitFor()
    await review.getByText(/can be carried that cannot now/).waitFor()
    await review.getByLabel('Why?').fill('We sell on OTTO, too.')
    await review.getByRole('button', { name: 'Make it live' }).click()
    const retry = page.getByRole('button', { name: /^Retry \d+$/ })
    await retry.waitFor()
    expect(Number((await retry.innerText()).replace(/\D/g, ''))).toBeGreaterThanOrEqual(40)
    await retry.click()
    await page.getByText(/^(\d+) of \1 stand still again$/).waitFor({ timeout: PATIENCE_MS / 2 })
    await expect.poll(() => waitForMarketplace(), { timeout: PATIENCE_MS / 2 }).toBe(0)
    await page.goto(`${demo.running.url}/parked`)
    await page.getByRole('heading', { level: 1, name: 'Parked' }).waitFor()
    await page.getByRole('link', { name: /not in table marketplace/ }).waitFor({ state: 'detached' })
  })

  test('a mapping is changed on a live preview, a mistake is told as it is typed, and it is rolled back', async () => {
    await page.goto(`${demo.running.url}/mapping/sales-order-shop-to-erp`)
    await page.getByRole('button', { name: 'Write client_order_ref' }).click()
    await page.getByLabel('Comes from').selectOption('template')
    await page.getByLabel(/: Text, for example/).fill('Web {numbr}')
    await page
      .getByRole('alert')
      .getByText(/numbr.*nearest.*number/)
      .waitFor()
    await page.getByLabel(/: Text, for example/).fill('Web {number}')
    await page
      .getByText(/^Web \d+$/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Compare and save' }).click()
    await page
      .getByRole('dialog')
      .getByText(/Web \d+/)
      .first()
      .waitFor()
    await page.getByRole('dialog').getByLabel('Why?').fill('The ERP shows where it came from.')
    await page.getByRole('dialog').getByRole('button', { name: 'Make it live' }).click()
    await page.getByText('Version 1 is live', { exact: true }).waitFor()
    await page.getByRole('tab', { name: 'Versions' }).click()
    await page.getByRole('button', { name: 'Roll back to 0' }).click()
    await page.getByRole('dialog').getByLabel('Why?').fill('It was a try.')
    await page.getByRole('dialog').getByRole('button', { name: 'Make it live' }).click()
    await expect
      .poll(() => demo.running.linchpin.changes.saidOf('sales-order-shop-to-erp'), { timeout: 60_000 })
      .toMatchObject({ version: 0 })
  })

  test('an order with a country that does not exist is corrected by hand and tried again', async () => {
    await page.goto(`${demo.running.url}/parked`)
    await page.getByRole('link', { name: /ZZ/ }).first().click()
    await page
      .getByRole('button', { name: /^Edit / })
      .first()
      .click()
    await page.getByLabel('Why?').fill('She lives in Denmark.')
    await page.getByRole('button', { name: 'Show the record' }).click()
    const row = page.getByLabel('As its system has it')
    const begins = await row.inputValue()
    await row.fill(begins.replaceAll('"ZZ"', '"DK"').replaceAll(/"city": "[^"]*"/g, '"city": "Odense C"'))
    await page.getByText('It can be read so.').waitFor()
    // For a script: what was typed, not how it is masked.
    for (const name of ['Copy as CLI', 'Copy as cURL']) {
      const copy = page.getByRole('dialog').getByRole('button', { name })
      expect(await copy.getAttribute('title')).toMatch(/^[^•]*Odense C[^•]*$/)
    }
    await page.getByRole('button', { name: 'Save and try again' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect((await demo.running.linchpin.desk.corrections())[0]).toMatchObject({
      why: 'She lives in Denmark.',
    })
  })

  test('what a run would do is told field by field, and both sides are compared', async () => {
    await page.goto(`${demo.running.url}/flows/sales-order-shop-to-erp`)
    await page.getByRole('button', { name: 'Dry run' }).click()
    await page.getByText(/Nothing was written/).waitFor({ timeout: 60_000 })
    await page.goto(`${demo.running.url}/compare/product-erp-to-shop`)
    await page.getByRole('button', { name: 'Compare now' }).click()
    await page.getByText(/\d+ records compared/).waitFor({ timeout: 60_000 })
    await page.goto(`${demo.running.url}/stock/MUG-ENAMEL`)
    await page.getByRole('heading', { name: 'What each was told last' }).waitFor()
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

  test('a connection is paused, an order waits for it, it is resumed, and everything is delivered', async () => {
    await page.goto(`${demo.running.url}/connections/erp`)
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('dialog').getByLabel('Why?').fill('the ERP is updated')
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click()
    await page.getByText(/Paused by Demo: the ERP is updated/).waitFor()
    const [article] = demo.shop.products().filter(({ sku }) => sku === 'MUG-ENAMEL')
    const customer = demo.shop.customers()[0]?.id ?? 0
    const order = demo.shop.placeOrder({ lines: [{ product: article?.id ?? 0, quantity: 1 }], customer })
    const state = async () =>
      (await demo.running.linchpin.store.trace([keyOf(order.id)])).deliveries
        .filter(({ flow }) => flow === 'sales-order-shop-to-erp')
        .map(each => each.state)
    await expect.poll(state, { timeout: PATIENCE_MS / 4 }).toEqual(['ready'])
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await expect.poll(state, { timeout: PATIENCE_MS / 4 }).toEqual(['done'])
    await page.goto(`${demo.running.url}/records/shop/SalesOrder/${order.id}`)
    await page.getByRole('link', { name: /^Order S0/ }).waitFor()
  })

  const paths = [
    '/',
    '/parked',
    '/parked/CAUSE',
    '/flows',
    '/flows/sales-order-shop-to-erp',
    '/connections',
    '/connections/erp',
    '/mapping',
    '/mapping/shop.SalesOrder',
    '/mapping/sales-order-shop-to-erp',
    '/compare',
    '/compare/sales-order-shop-to-erp',
    '/compare/sales-order-shop-to-erp/24',
    '/stock/MUG-ENAMEL',
    '/webhooks',
    '/reference',
    '/records/shop/SalesOrder/24',
    '/account',
    '/people',
    '/api-keys',
    '/audit',
    '/there-is-no-such-page',
  ]
  /** Whatever is parked by now. */
  const openedAt = async (path: string) => {
    const [cause] = (await demo.running.linchpin.desk.causes(Date.now())).filter(({ count }) => count > 0)
    await page.goto(`${demo.running.url}${path.replace('CAUSE', cause?.cause ?? '')}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
  }

  test.each(['light', 'dark'] as const)('axe finds nothing serious on any screen, %s', async colorScheme => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const found: string[] = []
    for (const path of paths) {
      await openedAt(path)
      await page.waitForLoadState('networkidle')
      found.push(...(await seriousFaults(page)).map(fault => `${path}: ${fault}`))
    }
    expect(found).toEqual([])
  })

  test('no screen is wider than a telephone', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    for (const path of paths) {
      await openedAt(path)
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

const keyOf = (order: number) => ({
  connection: 'shop',
  entity: 'SalesOrder' as const,
  id: String(order),
})

/** Marketplace orders of which nobody has told Linchpin yet, until so many of them are parked. */
async function parkedForMarketplace(count: number): Promise<void> {
  const article = demo.shop.products().find(({ sku }) => sku === 'MUG-ENAMEL')?.id ?? 0
  for (let placed = await waitForMarketplace(); placed < count; placed += 1)
    demo.shop.placeOrder({
      lines: [{ product: article, quantity: 1 }],
      customer: demo.shop.customers()[0]?.id ?? 0,
      meta: [{ key: '_marketplace', value: 'otto' }],
    })
  while ((await waitForMarketplace()) < count) await new Promise(done => setTimeout(done, 200))
}

async function waitForMarketplace(): Promise<number> {
  const parked = await demo.running.linchpin.store.parked({ flow: 'sales-order-shop-to-erp', limit: 1000 })
  return parked.filter(({ trouble }) => trouble?.words.includes('marketplace')).length
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
