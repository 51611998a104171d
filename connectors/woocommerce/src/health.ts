import { Problem, type Health } from '@linchpin/connector'
import { call, type Session } from './client.ts'

/** Reachable, signed in, allowed to read what we read and to write; its version and its clock. Never throws. */
export async function health(session: Session): Promise<Health> {
  try {
    const asked = session.io.now()
    const { data, headers } = await call<SystemStatus>(session, 'GET', '/system_status', {
      query: { _fields: 'environment,settings' },
    })
    const version = data.environment?.version
    if (typeof version !== 'string') throw new Problem('passing', 'The shop did not tell its version.')
    const skew = skewOf(headers, asked)
    const notes = [...skewNotes(skew), ...(await missingRights(session)), ...webhookNotes(session)]
    return {
      is: notes.length > 0 ? 'degraded' : 'up',
      notes:
        notes.length > 0 ? notes : [`Signed in to WooCommerce ${version} with the right to read and write.`],
      version: `WooCommerce ${version}`,
      ...(skew !== null && { clockSkewMs: skew }),
      ...(notes.length > 0 && { problem: new Problem('settings', notes.join(' ')) }),
    }
  } catch (error) {
    const problem =
      error instanceof Problem ? error : new Problem('surprise', 'The shop could not be checked.')
    return { is: 'down', notes: [problem.message, ...advice(problem, session)], problem }
  }
}

interface SystemStatus {
  readonly environment?: { readonly version?: unknown }
}

/** A batch of nothing changes nothing, and is refused to a key that may only read. */
async function missingRights(session: Session): Promise<string[]> {
  const notes: string[] = []
  for (const path of ['/orders', '/products', '/customers'])
    try {
      await call(session, 'POST', `${path}/batch`, { body: {} })
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== 'login') throw error
      notes.push(`The key may not write ${path.slice(1)}. Give it the permission "Read/Write".`)
    }
  return notes
}

function skewOf(headers: Headers, asked: number): number | null {
  const date = Date.parse(headers.get('date') ?? '')
  return Number.isFinite(date) ? date - Math.floor(asked / 1000) * 1000 : null
}

// Signatures of OAuth 1.0a are refused beyond 15 minutes; by then sale dates are wrong as well.
function skewNotes(skew: number | null): string[] {
  if (skew === null || Math.abs(skew) < 60_000) return []
  const minutes = Math.round(Math.abs(skew) / 60_000)
  return [`The shop's clock is ${minutes} min ${skew > 0 ? 'ahead of' : 'behind'} ours. Set both by NTP.`]
}

function webhookNotes({ settings }: Session): string[] {
  return settings.webhookSecret === ''
    ? ['No `webhookSecret` is set, so changes are only found by polling.']
    : []
}

function advice(problem: Problem, { settings }: Session): string[] {
  if (problem.kind !== 'login') return []
  if (settings.url.startsWith('http:') && settings.signIn === 'basic')
    return ['WooCommerce refuses Basic over plain http. Use https, or set `signIn` to auto.']
  return settings.url.startsWith('https:')
    ? [
        'If key and secret are right, the web server may drop the Authorization header: set `signIn` to oauth.',
      ]
    : []
}
