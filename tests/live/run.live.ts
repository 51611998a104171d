import { createClient } from '@linchpin/api'
import { openRig, type Rig } from '@linchpin/server/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultsInBothSchemes } from './browser/axe.ts'
import { hasChromium, openChromium, openPage } from './browser/chromium.ts'
import { beginAsAda } from './browser/first-admin.ts'

/**
 * A source of several pages is run from the console in a real browser, Debian's Chromium. Skipped, and said so, where there
 * is no such browser.
 */
const FLOW = 'product-erp-to-shop'
let rig: Rig
let browser: Browser
let page: Page

describe.skipIf(!hasChromium)('a run from the console in Chromium', () => {
  beforeAll(async () => {
    rig = await openRig()
    const client = createClient({ url: rig.url, fetch })
    for (const { name, entity } of (await client.status({})).flows)
      if (entity !== 'SalesOrder') await client.pauseFlow({ name, reason: 'Nothing is delivered here.' })
    const { orm } = rig.erp
    orm.transaction(() => {
      for (let number = 1; number <= 210; number++)
        orm.create('product.product', { name: `Cup ${number}`, default_code: `CUP-${number}`, lst_price: 1 })
    })
    await rig.running.prepareConsole()
    browser = await openChromium()
    page = await openPage(browser)
    await beginAsAda(page, rig.url)
  })

  afterAll(async () => {
    await browser?.close()
    await rig?.close()
  })

  test('tells how far it is, also to whoever comes back to it, and ends where it is stopped', async () => {
    let goOn = () => {}
    let asked = 0
    await page.route('**/api/v1/sync', async route => {
      asked += 1
      if (asked > 1) await new Promise<void>(resolve => (goOn = resolve))
      await route.continue()
    })
    await page.goto(`${rig.url}/flows/${FLOW}`)
    await page.getByRole('button', { name: 'Run now' }).click()
    const soFar = page.getByText('100 records read so far.')
    await soFar.waitFor()
    expect(await faultsInBothSchemes(page)).toEqual([])
    await page.getByRole('link', { name: 'Flows', exact: true }).click()
    await soFar.waitFor({ state: 'detached' })
    await page.goBack()
    await soFar.waitFor()
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    goOn()
    await page.getByText(/Stopped: \d+ read, \d+ are delivered\. The rest was not read\./).waitFor()
    await soFar.waitFor({ state: 'detached' })
    expect(asked).toBe(2)
    await page.unroute('**/api/v1/sync')
  })

  test('reads all of it when nobody stops it', async () => {
    await page.getByRole('button', { name: 'Run now' }).click()
    const { length } = rig.erp.orm.all('product.product')
    await page.getByText(`${length} read,`).waitFor()
  })
})
