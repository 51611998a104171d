import { openRig, until, type Rig } from '@linchpin/server/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultsInBothSchemes } from './browser/axe.ts'
import { hasChromium, openChromium, openPage } from './browser/chromium.ts'
import { beginAsAda } from './browser/first-admin.ts'

/**
 * The comparison board in a real browser, Debian's Chromium: a difference is found, looked at from both sides, written
 * over, and left out. Skipped, and said so, where there is no such browser.
 */
const FLOW = 'product-erp-to-shop'
let rig: Rig
let browser: Browser
let page: Page
const problems: string[] = []

describe.skipIf(!hasChromium)('the comparison board in Chromium', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    rig = await openRig()
    await rig.running.prepareConsole()
    await until('the catalogue is in the shop, and all is done', async () => {
      const { deliveries } = await rig.linchpin.desk.open()
      return (
        rig.shop.products().some(({ sku }) => sku === 'ROPE-10M') &&
        deliveries.every(({ state }) => state === 'parked')
      )
    })
    browser = await openChromium()
    page = await openPage(browser)
    page.setDefaultTimeout(60_000)
    page.on('pageerror', error => problems.push(error.message))
    await beginAsAda(page, rig.url)
  })

  afterAll(async () => {
    await browser?.close()
    await rig?.close()
  })

  test('what somebody typed into the shop is found on the board', async () => {
    await compareOnItsPage()
    rename('A rope of the shop')
    await compareOnItsPage()
    await page.goto(`${rig.url}/compare`)
    const row = page.getByRole('row', { name: /^product-erp-to-shop/ })
    await row.getByText('1 differs').waitFor()
    await row.getByText(/^1 now; .*: 0$/).waitFor()
    expect(await faultsInBothSchemes(page)).toEqual([])
    await row.getByRole('link', { name: FLOW }).click()
    await page.getByText('How many differed').waitFor()
    await page.getByText('In numbers').click()
    await page.getByRole('cell', { name: '1 different' }).waitFor()
    expect(await faultsInBothSchemes(page)).toEqual([])
  })

  test('both sides tell which one wins and why', async () => {
    await page.getByRole('link', { name: 'ROPE-10M' }).click()
    const row = await rowOf('name')
    await row.getByText('A rope of the shop').waitFor()
    await row.getByText('erp', { exact: true }).waitFor()
    await row.getByText(/carries it/).waitFor()
    await row.getByText('is mended when somebody says so').waitFor()
    await page.getByText('Not to erp: no flow carries it there.').waitFor()
    await page.getByRole('button', { name: 'Read both now' }).click()
    await page
      .getByRole('columnheader', { name: /^shop \d+ now$/ })
      .first()
      .waitFor()
    expect(await faultsInBothSchemes(page)).toEqual([])
  })

  test('one side is written over the other after a dry run, and the next comparison agrees', async () => {
    await page.getByRole('button', { name: 'Write erp over shop' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Nothing was written yet.').waitFor()
    expect(await dialog.getByRole('row').nth(1).innerText()).toMatch(/name\s+A rope of the shop\s+Hemp rope/)
    expect(nameInShop()).toBe('A rope of the shop')
    expect(await dialog.getByRole('button', { name: 'Copy as CLI' }).getAttribute('title')).toMatch(
      /^linchpin push product-erp-to-shop \d+ shop --apply$/,
    )
    expect(await faultsInBothSchemes(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Write it to shop' }).click()
    await dialog.waitFor({ state: 'detached' })
    await until('it is written', () => nameInShop() !== 'A rope of the shop')
    await until(
      'nothing is under way',
      async () => (await rig.linchpin.store.owed(FLOW, [idInErp()])).length === 0,
    )
    await page.getByRole('button', { name: 'Compare now' }).click()
    await page
      .getByText(/\d+ records compared/)
      .first()
      .waitFor()
    await page
      .getByText(/No difference is known|No value differs/)
      .first()
      .waitFor()
    await page.goto(`${rig.url}/compare/${FLOW}`)
    await page.getByText('No difference is known').waitFor()
  })

  test('a field that is left out with a reason no longer counts, and counts again when that is undone', async () => {
    rename('A rope of the shop')
    await compareOnItsPage()
    await page.getByRole('link', { name: 'ROPE-10M' }).click()
    await (await rowOf('name')).getByRole('button', { name: 'Ignore' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Why?').fill('The shop writes its own.')
    expect(await faultsInBothSchemes(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Ignore' }).click()
    await dialog.waitFor({ state: 'detached' })
    await compareOnItsPage()
    await page.getByText('No difference is known').waitFor()
    expect(nameInShop()).toBe('A rope of the shop')
    await page.goto(`${rig.url}/compare/${FLOW}/${idInErp()}`)
    await page.getByRole('button', { name: 'Read both now' }).click()
    await page.getByText(/Ignored since .*, by Ada, because: The shop writes its own\./).waitFor()
    expect(await faultsInBothSchemes(page)).toEqual([])
    await noWiderThanAPhone()
    await page.goto(`${rig.url}/compare/${FLOW}`)
    await page.getByRole('row', { name: /name all .* Ada The shop writes its own\./ }).waitFor()
    await noWiderThanAPhone()
    await page.getByRole('button', { name: 'Count again' }).click()
    await page.getByText('Fields that are left out').waitFor({ state: 'detached' })
    await compareOnItsPage()
    await page.getByRole('link', { name: 'ROPE-10M' }).waitFor()
  })

  test('who wrote one side over the other and who left the field out stands in the audit log', async () => {
    await page.goto(`${rig.url}/audit`)
    for (const did of ['Write one side over the other', 'Ignore a field', 'Count a field again'])
      await page.getByRole('row').filter({ hasText: did }).first().waitFor()
    expect(problems).toEqual([])
  })
})

async function compareOnItsPage(): Promise<void> {
  await page.goto(`${rig.url}/compare/${FLOW}`)
  await page.getByRole('button', { name: 'Compare now' }).click()
  await page
    .getByText(/\d+ records compared/)
    .first()
    .waitFor()
}

/** In the table of what the flow carries. */
async function rowOf(field: string) {
  const table = page.getByRole('table').filter({ hasText: 'Wins, and why' })
  await table.waitFor()
  return table.getByRole('row').filter({ has: page.getByText(field, { exact: true }) })
}

const rope = () => rig.shop.products().find(({ sku }) => sku === 'ROPE-10M')
const nameInShop = () => rope()?.name
const idInErp = () =>
  String(rig.erp.orm.all('product.product').find(row => row['default_code'] === 'ROPE-10M')?.id)

function rename(name: string): void {
  rig.shop.updateProduct(rope()?.id ?? 0, { name })
}

async function noWiderThanAPhone(): Promise<void> {
  await page.setViewportSize({ width: 360, height: 740 })
  const wider = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
  expect(wider).toBeLessThanOrEqual(0)
  await page.setViewportSize({ width: 1280, height: 900 })
}
