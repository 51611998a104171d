import { openRig, type Rig } from '@linchpin/server/testing'
import { createClient } from '@linchpin/api'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultsInBothSchemes } from './browser/axe.ts'
import { hasChromium, openChromium, openPage } from './browser/chromium.ts'

/**
 * People at the console in a real browser, Debian's Chromium: from the first link to the last session. Skipped, and said
 * so, where there is no such browser.
 */
const [ADA, GRACE] = ['the horse stands in the garden', 'seven boats on a quiet lake']
const FLOW = '/flows/price-erp-to-shop'
let rig: Rig
let browser: Browser
/** Each in a browser of their own. */
let ada: Page
let grace: Page
let invitation = ''
const problems: string[] = []

describe.skipIf(!hasChromium)('people at the console in Chromium', () => {
  beforeAll(async () => {
    rig = await openRig()
    await rig.running.prepareConsole()
    browser = await openChromium()
    ada = await newPage()
    grace = await newPage()
  })

  afterAll(async () => {
    await browser?.close()
    await rig?.close()
  })

  test('before anybody is set up the console says how, and shows nothing else', async () => {
    await ada.goto(`${rig.url}/parked`)
    await heading(ada, 'Nobody can sign in yet')
    expect(await ada.getByRole('navigation').count()).toBe(0)
    expect(await faultsInBothSchemes(ada)).toEqual([])
  })

  test('the one-time link makes the first admin, is gone from the address, and opens nothing twice', async () => {
    const { link } = await createClient({ url: rig.url, fetch }).setUpLink({})
    await ada.goto(link)
    await heading(ada, 'The first admin')
    expect(ada.url()).toBe(`${rig.url}/set-up`)
    expect(await faultsInBothSchemes(ada)).toEqual([])
    await setUp(ada)
    await heading(ada, 'How it stands')
    await grace.goto(link)
    await setUp(grace)
    await grace.getByText('This link was used already').waitFor()
  })

  test('an admin lets somebody in, who chooses a password by the link that is shown once', async () => {
    await ada.getByRole('link', { name: 'People' }).click()
    await ada.getByRole('button', { name: 'Let somebody in' }).click()
    const dialog = ada.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Grace')
    await dialog.getByLabel('E-mail address').fill('grace@example.com')
    await dialog.getByLabel('Role').selectOption('support')
    await dialog.getByRole('button', { name: 'Make the link' }).click()
    await ada.getByRole('dialog', { name: /A one-time link for Grace/ }).waitFor()
    invitation = await ada.getByRole('dialog').locator('pre').innerText()
    await ada.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    await grace.goto(invitation)
    await heading(grace, 'Choose your password')
    await grace.getByLabel('Password', { exact: true }).fill(GRACE)
    await grace.getByLabel('The password once more').fill(GRACE)
    await grace.getByRole('button', { name: 'Save and sign in' }).click()
    await heading(grace, 'How it stands')
  })

  test('support may see, and not touch; and is told why', async () => {
    await grace.goto(`${rig.url}${FLOW}`)
    await grace.getByRole('heading', { level: 1, name: 'price-erp-to-shop' }).waitFor()
    for (const name of ['Run now', 'Dry run', 'Pause']) {
      const button = grace.getByRole('button', { name, exact: true })
      expect(await button.getAttribute('aria-disabled'), name).toBe('true')
      await button.click({ force: true })
    }
    await grace.getByRole('alert').getByText('Your role (Support) may not do this').first().waitFor()
    expect(await grace.getByRole('dialog').count()).toBe(0)
    const { flows } = await createClient({ url: rig.url, fetch }).status({})
    expect(flows.every(({ paused }) => paused === null)).toBe(true)
    for (const name of ['People', 'API keys', 'Audit log'])
      expect(await grace.getByRole('link', { name }).count(), name).toBe(0)
    await grace.goto(`${rig.url}/people`)
    await grace.getByText('it takes the right "people"').first().waitFor()
  })

  test('what an admin does carries their name, and the audit log tells how it stood before and after', async () => {
    await ada.goto(`${rig.url}${FLOW}`)
    await ada.getByRole('button', { name: 'Pause' }).click()
    await ada.getByRole('dialog').getByLabel('Why?').fill('stocktaking')
    await ada.getByRole('dialog').getByRole('button', { name: 'Pause' }).click()
    await ada.getByText('Paused by Ada: stocktaking').waitFor()
    await ada.getByRole('link', { name: 'Audit log' }).click()
    await ada.getByLabel('What', { exact: true }).selectOption('pauseFlow')
    await ada.getByRole('button', { name: 'Show' }).first().click()
    await ada.getByRole('cell', { name: 'stocktaking', exact: true }).waitFor()
    await ada.getByRole('button', { name: 'Check the chain' }).click()
    await ada.getByText(/The log is whole: \d+ rows/).waitFor()
  })

  test('a key is shown once, with the rights that were chosen, until it is revoked', async () => {
    await ada.goto(`${rig.url}/api-keys`)
    await ada.getByRole('button', { name: 'Make a key' }).click()
    await ada.getByLabel('What is it for?').fill('Nagios')
    await ada.getByRole('dialog').getByRole('button', { name: 'Make a key' }).click()
    const shown = ada.getByRole('dialog', { name: /The key/ })
    const token = await shown.locator('pre').first().innerText()
    await shown.getByRole('button', { name: 'Close' }).click()
    const nagios = createClient({ url: rig.url, fetch, token })
    expect((await nagios.me({})).rights).toEqual(['look'])
    await ada.getByRole('button', { name: 'Revoke: Nagios' }).click()
    await ada.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await ada.getByText('The key is revoked.').waitFor()
    await expect(nagios.me({})).rejects.toMatchObject({ code: 'sign-in' })
  })

  test('who was signed out by an admin is asked to sign in, where they stand', async () => {
    await grace.goto(`${rig.url}${FLOW}`)
    await grace.getByRole('heading', { level: 1, name: 'price-erp-to-shop' }).waitFor()
    await ada.goto(`${rig.url}/people`)
    await ada.getByRole('button', { name: /^End: Grace/ }).click()
    await ada.getByRole('dialog').getByRole('button', { name: 'End' }).click()
    await ada.getByText('The session has ended.').waitFor()
    await heading(grace, 'Sign in')
    expect(new URL(grace.url()).pathname).toBe(FLOW)
    expect(await faultsInBothSchemes(grace)).toEqual([])
  })

  test('a wrong password is told, the right one opens the page that was wanted, and signing out ends it', async () => {
    await signIn(grace, 'not that one at all')
    await grace.getByRole('alert').getByText('That is not right').waitFor()
    await signIn(grace, GRACE)
    await grace.getByRole('heading', { level: 1, name: 'price-erp-to-shop' }).waitFor()
    const cookies = await grace.context().cookies()
    expect(cookies).toMatchObject([{ name: 'linchpin', httpOnly: true, sameSite: 'Lax' }])
    await grace.getByRole('button', { name: 'Sign out' }).click()
    await heading(grace, 'Sign in')
    await grace.reload()
    await heading(grace, 'Sign in')
    await grace.context().addCookies(cookies)
    await grace.reload()
    await heading(grace, 'Sign in')
  })

  test('no page for whoever is not in yet is wider than a telephone', async () => {
    await grace.setViewportSize({ width: 360, height: 740 })
    for (const path of ['/', '/set-up#x', '/invitation#x']) {
      await grace.goto(`${rig.url}${path}`)
      await grace.getByRole('heading', { level: 1 }).waitFor()
      const wider = await grace.evaluate('document.documentElement.scrollWidth - innerWidth')
      expect(wider, path).toBeLessThanOrEqual(0)
    }
  })

  test('nothing went wrong in the pages themselves, and nothing was forbidden by their policy', () => {
    expect(problems).toEqual([])
  })
})

async function newPage(): Promise<Page> {
  const page = await openPage(browser)
  page.on('pageerror', error => problems.push(error.message))
  page.on('console', message => {
    if (/Content Security Policy/i.test(message.text())) problems.push(message.text())
  })
  return page
}

const heading = (page: Page, name: string) =>
  page.getByRole('heading', { level: 1, name, exact: true }).waitFor({ timeout: 30_000 })

async function setUp(page: Page): Promise<void> {
  await page.getByLabel('Your name').fill('Ada')
  await page.getByLabel('E-mail address').fill('ada@example.com')
  await page.getByLabel('Password', { exact: true }).fill(ADA)
  await page.getByLabel('The password once more').fill(ADA)
  await page.getByRole('button', { name: 'Begin' }).click()
}

async function signIn(page: Page, password: string): Promise<void> {
  await page.getByLabel('E-mail address').fill('grace@example.com')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}
