import { createClient, type Client } from '@linchpin/api'
import { configured } from './configured.ts'

const DEFAULT_URL = 'http://127.0.0.1:8484'

/** The running Linchpin: where the command line says, else the environment, else the configuration. */
export async function openClient(
  named: string | undefined,
  place: { folder: string; configFile: string | undefined; environment: NodeJS.ProcessEnv },
): Promise<Client> {
  const { environment } = place
  const given = { url: named ?? environment['LINCHPIN_URL'], token: environment['LINCHPIN_TOKEN'] }
  // A token of the configuration is for the Linchpin of the configuration, and for no other.
  const known = given.url === undefined ? await configured(place) : {}
  const url = (given.url ?? known.url ?? DEFAULT_URL).replace(/\/+$/, '')
  const token = given.token ?? known.token
  return createClient({ url, fetch, ...(token ? { token } : {}) })
}
