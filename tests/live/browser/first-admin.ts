import { createClient } from '@linchpin/api'
import type { Page } from 'playwright-core'

/** Opens the one-time link of a new Linchpin, and is its first admin from then on. */
export async function beginAsAda(page: Page, url: string): Promise<void> {
  const { link } = await createClient({ url, fetch }).setUpLink({})
  await page.goto(link)
  await page.getByLabel('Your name').fill('Ada')
  await page.getByLabel('E-mail address').fill('ada@example.com')
  await page.getByLabel('Password', { exact: true }).fill('the horse stands in the garden')
  await page.getByLabel('The password once more').fill('the horse stands in the garden')
  await page.getByRole('button', { name: 'Begin' }).click()
  await page.getByRole('heading', { level: 1, name: 'How it stands' }).waitFor()
}
