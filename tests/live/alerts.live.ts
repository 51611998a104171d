import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient } from '@linchpin/api'
import { openRig, type Rig } from '@linchpin/server/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultsInBothSchemes } from './browser/axe.ts'
import { hasChromium, openChromium, openPage } from './browser/chromium.ts'
import { beginAsAda } from './browser/first-admin.ts'

/**
 * Alerts at the console in a real browser, Debian's Chromium; what is told goes to a receiver on this machine. Skipped,
 * and said so, where there is no such browser.
 */
const FLOW = 'price-erp-to-shop'
let rig: Rig
let browser: Browser
let page: Page
let hooks: Server
let hook = ''
const came: string[] = []

describe.skipIf(!hasChromium)('alerts at the console in Chromium', () => {
  beforeAll(async () => {
    hooks = createServer((request, response) => {
      let text = ''
      request.on('data', chunk => (text += String(chunk)))
      request.on('end', () => {
        came.push(text)
        response.end()
      })
    })
    await new Promise<void>(resolve => hooks.listen(0, '127.0.0.1', resolve))
    hook = `http://127.0.0.1:${(hooks.address() as AddressInfo).port}/hook`
    rig = await openRig({ config: { alerts: { allowPrivate: ['127.0.0.1'] } } })
    await rig.running.prepareConsole()
    browser = await openChromium()
    page = await openPage(browser)
    await beginAsAda(page, rig.url)
  })

  afterAll(async () => {
    await browser?.close()
    await rig?.close()
    hooks?.close()
  })

  test('where nobody is told of anything, the page says what to do', async () => {
    await page.goto(`${rig.url}/alerts`)
    await page.getByText('Nobody is told of anything yet').waitFor()
    expect(await faultsInBothSchemes(page)).toEqual([])
  })

  test('a channel is made, shows its signing secret once, and takes a test', async () => {
    await page.getByRole('button', { name: 'Make a channel' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Kind').selectOption('webhook')
    await dialog.getByLabel('Name').fill('On call')
    await dialog.getByLabel('Address of the webhook').fill(hook)
    expect(await faultsInBothSchemes(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Save' }).click()
    const shown = page.getByRole('dialog', { name: /The signing secret of “On call”/ })
    expect(await shown.locator('pre').innerText()).toMatch(/^whsec_/)
    await shown.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Send a test to On call' }).click()
    await page.getByText('The test was sent to On call.').waitFor()
    expect(came).toHaveLength(1)
  })

  test('a rule is made, tells what happens, and what was told stands in the list', async () => {
    await page.getByRole('button', { name: 'Make a rule' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Pauses')
    await dialog.getByLabel('Somebody paused a flow or a connection').check()
    await dialog.getByLabel('Only what lasts longer than').fill('0')
    expect(await faultsInBothSchemes(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('cell', { name: 'Pauses', exact: true }).waitFor()
    await createClient({ url: rig.url, fetch }).pauseFlow({ name: FLOW, reason: 'stocktaking' })
    await rig.until('it was told', () => came.some(text => text.includes(FLOW)))
    await page.reload()
    await page.getByText('cli: stocktaking').waitFor()
    expect(await faultsInBothSchemes(page)).toEqual([])
  })

  test('no width makes the page wider than the window', async () => {
    for (const width of [360, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 })
      const wider = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      expect(wider, String(width)).toBeLessThanOrEqual(0)
    }
    await page.setViewportSize({ width: 1280, height: 900 })
  })

  test('rule and channel are deleted, the one before the other', async () => {
    await remove('On call')
    await page.getByText('The rule "Pauses" tells by this channel').waitFor()
    await page.keyboard.press('Escape')
    await remove('Pauses')
    await page.getByText('Pauses is deleted.').waitFor()
    await remove('On call')
    await page.getByText('Nobody is told of anything yet').waitFor()
  })
})

async function remove(name: string): Promise<void> {
  await page.getByRole('button', { name: `Delete ${name}` }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
}
