import { Problem, problemOf, textOf, Unanswered, type Io } from '@linchpin/connector'
import type { Settings } from './settings.ts'

/** One request with JSON both ways. What is not JSON is Unanswered, since the work may well have been done. */
export async function post(
  settings: Settings,
  io: Io,
  path: string,
  request: { readonly body: unknown; readonly headers?: Readonly<Record<string, string>> },
): Promise<{ readonly response: Response; readonly body: unknown }> {
  const response = await ask(io, urlOf(settings, path), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'linchpin', ...request.headers },
    body: JSON.stringify(request.body),
    redirect: 'manual',
    signal: io.signal,
  })
  const isBusy = response.status === 429 || (response.status === 503 && response.headers.has('retry-after'))
  if (isBusy) throw problemOf(response, 'Odoo', io.now())
  const text = withoutSecrets(settings, await textOf(response, 'Odoo'))
  try {
    return { response, body: JSON.parse(text) as unknown }
  } catch (cause) {
    throw notJson(response, io, cause)
  }
}

export async function ask(io: Io, url: string, init: RequestInit): Promise<Response> {
  try {
    return await io.fetch(url, init)
  } catch (cause) {
    if (cause instanceof Problem) throw cause
    throw new Unanswered('passing', 'Odoo did not answer, or the connection broke.', { cause })
  }
}

export function urlOf(settings: Settings, path: string): string {
  return settings.url.replace(/\/+$/, '') + path
}

/** A remote may repeat what we sent in its error: our secrets go no further than here. */
function withoutSecrets({ apiKey, password }: Settings, text: string): string {
  const secrets = [apiKey, password].filter(secret => secret !== undefined && secret.length >= 8)
  return secrets.reduce<string>((safe, secret) => safe.replaceAll(String(secret), '•••'), text)
}

function notJson(response: Response, io: Io, cause: unknown): Problem {
  const { status } = response
  if (status >= 300 && status < 400)
    return new Problem('settings', `The URL of Odoo redirects (${status}). Enter the address it leads to.`)
  if (status === 404)
    return new Problem('settings', 'There is no Odoo at this URL, or none with this database. Check both.')
  if (status >= 400 && status < 500 && status !== 408) return problemOf(response, 'Odoo', io.now())
  const words = status >= 500 ? `Odoo failed (${status})` : 'Odoo answered something that is not JSON'
  return new Unanswered('passing', `${words}; a proxy before it may be down.`, { cause })
}
