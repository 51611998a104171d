import { textOf } from './decode.ts'
import { Problem, problemOf, Unanswered, type Io } from '@linchpin/connector'
import { json2 } from './json2.ts'
import { jsonrpc } from './jsonrpc.ts'
import { post } from './http.ts'
import type { Settings } from './settings.ts'

/** How a method of a model is called; `ids` is left out for methods of the model itself. */
export interface Call {
  readonly ids?: readonly number[]
  readonly args?: Readonly<Record<string, unknown>>
  readonly context?: Readonly<Record<string, unknown>>
}

/** Two ways to say the same: `/json/2` and `/jsonrpc`. Rejects with a Problem, or Unanswered when it cannot know. */
export interface Transport {
  readonly name: 'json2' | 'jsonrpc'
  readonly call: (model: string, method: string, call: Call) => Promise<unknown>
}

export interface Connected {
  readonly transport: Transport
  /** '19.0' */
  readonly version: string
  readonly major: number
  /** Odoo's clock minus ours, in ms; its Date header tells whole seconds. Null when there is none. */
  readonly clockSkewMs: number | null
}

export async function connect(settings: Settings, io: Io): Promise<Connected> {
  const { version, major, clockSkewMs } = await versionOf(settings, io)
  const wanted = settings.transport === 'auto' ? (major >= 19 ? 'json2' : 'jsonrpc') : settings.transport
  if (wanted === 'json2' && major < 19)
    throw new Problem('settings', `Odoo ${version} has no /json/2. Set transport to auto or jsonrpc.`)
  const transport = wanted === 'json2' ? json2(settings, io) : await jsonrpc(settings, io)
  return { transport, version, major, clockSkewMs }
}

async function versionOf(settings: Settings, io: Io): Promise<Omit<Connected, 'transport'>> {
  const { response, body } = await post(settings, io, '/web/webclient/version_info', {
    body: { jsonrpc: '2.0', method: 'call', params: {} },
  })
  if (response.status === 401 || response.status === 403) throw problemOf(response, 'Odoo', io.now())
  if (response.status >= 500 || body === null || typeof body !== 'object')
    throw new Unanswered('passing', `Odoo does not say its version (${response.status}). We try again.`)
  const { result } = body as { result?: { server_version?: string; server_version_info?: unknown[] } }
  const major = Number(textOf(result?.server_version_info?.[0]).replace('saas~', ''))
  if (!response.ok || !Number.isInteger(major) || major < 1)
    throw new Problem('settings', `${settings.url} does not answer like an Odoo. Check the URL.`)
  if (major < 17)
    throw new Problem('settings', `This is Odoo ${result?.server_version}; Linchpin speaks with 17 to 19.`)
  const date = Date.parse(response.headers.get('date') ?? '')
  return {
    version: result?.server_version ?? String(major),
    major,
    clockSkewMs: Number.isNaN(date) ? null : date - io.now(),
  }
}
