import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What axe finds on a page that keeps somebody from using it. */
export async function seriousFaults(on: Page): Promise<readonly string[]> {
  await on.evaluate(axe.source)
  const found: unknown =
    await on.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')))`)
  return found as readonly string[]
}

/** The same in light and in dark. */
export async function faultsInBothSchemes(on: Page): Promise<readonly string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await on.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    found.push(...(await seriousFaults(on)).map(fault => `${colorScheme}: ${fault}`))
  }
  await on.emulateMedia({ colorScheme: 'light' })
  return found
}
