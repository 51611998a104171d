import { tmpdir, userInfo } from 'node:os'
import { access, constants, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'

/** The console's files: built when they are first wanted, in the background. */
export interface Console {
  /** Begins to build, unless that has happened. Never throws. */
  readonly prepare: () => Promise<void>
  readonly state: () => ConsoleState
}

export type ConsoleState =
  | { readonly is: 'building' }
  | { readonly is: 'ready'; readonly folder: string }
  | { readonly is: 'broken'; readonly words: string }

export function createConsole(log: Logger): Console {
  let state: ConsoleState = { is: 'building' }
  let work: Promise<void> | null = null
  const build = async () => {
    try {
      const { builtConsole } = await import('@linchpin/console')
      state = { is: 'ready', folder: await builtConsole(await cacheFolder()) }
    } catch (error) {
      state = { is: 'broken', words: (error as Error).message }
      log.error({ err: error }, 'The console could not be built. Everything else works.')
    }
  }
  return { prepare: () => (work ??= build()), state: () => state }
}

/** Beside the packages that it is made of; where that may not be written to, where everybody may. */
async function cacheFolder(): Promise<string> {
  const wanted = fileURLToPath(new URL('../../../../node_modules/.cache/linchpin-console', import.meta.url))
  try {
    await mkdir(wanted, { recursive: true })
    await access(wanted, constants.W_OK)
    return wanted
  } catch {
    return join(tmpdir(), `linchpin-console-${userInfo().uid}`)
  }
}
