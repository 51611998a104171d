import { existsSync } from 'node:fs'
import { chromium, type Browser, type Page } from 'playwright-core'

/** Debian's Chromium, or another one that CHROMIUM names. Where there is none, what needs it is skipped, and says so. */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
export const hasChromium = existsSync(executablePath)

export const openChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox'] })

export const openPage = (browser: Browser): Promise<Page> =>
  browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en' })
