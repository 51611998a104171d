import { existsSync } from 'node:fs'
import { join } from 'node:path'

interface Known {
  readonly url?: string
  readonly token?: string
}

/** Where the Linchpin of this folder's configuration listens, and what it wants to be shown; nothing without one. */
export async function configured(place: {
  folder: string
  configFile: string | undefined
  environment: NodeJS.ProcessEnv
}): Promise<Known> {
  const { folder, configFile, environment } = place
  if (configFile === undefined && !hasConfig(folder)) return {}
  const { doorOf, loadConfigFile } = await import('@linchpin/server/door')
  return doorOf((await loadConfigFile(folder, configFile)).config, environment, folder)
}

/** Looked for here, not by the loader: it takes longer to load than to ask a running Linchpin. */
function hasConfig(folder: string): boolean {
  const endings = ['ts', 'js', 'mjs', 'json', 'yaml', 'yml']
  return endings.some(ending => existsSync(join(folder, `linchpin.config.${ending}`)))
}
