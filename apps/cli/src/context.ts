import type { Client } from '@linchpin/api'
import type { Config, Place } from '@linchpin/server'
import type { Command } from 'commander'
import { createOutput, type Output } from './output.ts'

/** What every command is given. */
export interface Context {
  readonly output: Output
  readonly folder: string
  readonly configFile: string | undefined
  readonly environment: NodeJS.ProcessEnv
  /** Who does it, for the journal. */
  readonly who: string
  /** The running Linchpin. */
  readonly client: () => Promise<Client>
  /** Where the configuration is, and what it needs. */
  readonly place: () => Promise<Place>
  /** The configuration, and what opens the store that it names. */
  readonly store: () => Promise<Place & { readonly config: Config }>
}

interface GlobalOptions {
  readonly json?: boolean
  readonly url?: string
  readonly config?: string
  readonly verbose?: boolean
}

export function contextOf(command: Command): Context {
  const options: GlobalOptions = command.optsWithGlobals()
  const environment = process.env
  const [folder, configFile] = [process.cwd(), options.config]
  const place = async () => {
    const { createLog } = await import('./log.ts')
    // A command's own words are what people want to read; what the house says meanwhile is for those who ask.
    const log = createLog(options.verbose ? 'debug' : (environment['LINCHPIN_LOG_LEVEL'] ?? 'warn'))
    return { folder, configFile, environment, log }
  }
  return {
    output: createOutput(options.json ?? false),
    folder,
    configFile,
    environment,
    who: environment['USER'] ?? 'cli',
    client: async () =>
      (await import('./client.ts')).openClient(options.url, { folder, configFile, environment }),
    place,
    store: async () => {
      const { loadConfigFile } = await import('@linchpin/server')
      return { ...(await place()), config: (await loadConfigFile(folder, configFile)).config }
    },
  }
}
