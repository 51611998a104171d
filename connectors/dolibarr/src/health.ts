import { Problem, type Health } from '@linchpin/connector'
import { stampIn } from './changes.ts'
import { idOf, textIn } from './rows.ts'
import type { Session } from './session.ts'

const NEEDED: Readonly<Record<string, string>> = {
  societe: 'Third Parties',
  product: 'Products',
  service: 'Services',
  stock: 'Stocks',
  commande: 'Sales Orders',
  expedition: 'Shipments',
  facture: 'Invoices',
}

export async function health(session: Session): Promise<Health> {
  try {
    const status = await session.client.one('/status')
    const version = textIn(
      (status?.['success'] as { dolibarr_version?: unknown } | undefined)?.dolibarr_version,
    )
    if (version === '')
      throw new Problem(
        'settings',
        `At ${session.settings.url} there is no Dolibarr API. Correct the address.`,
      )
    const trouble = [
      ...(Number(version.split('.')[0]) < 16
        ? [`This is Dolibarr ${version}; Linchpin speaks with 16 and later.`]
        : []),
      ...(await missingModules(session)),
      ...(await missingRights(session)),
      ...(await wrongTimeZone(session)),
    ]
    const clockSkewMs = session.client.clockSkewMs()
    return {
      is: trouble.length === 0 ? 'up' : 'degraded',
      notes: trouble,
      version: `Dolibarr ${version}`,
      ...(clockSkewMs !== null && { clockSkewMs }),
      ...(trouble.length > 0 && { problem: new Problem('settings', trouble.join(' ')) }),
    }
  } catch (error) {
    const problem =
      error instanceof Problem
        ? error
        : new Problem('surprise', 'The connection test met something unknown.', { cause: error })
    return { is: 'down', notes: [problem.message], problem }
  }
}

/** Only an administrator's key may ask which modules are on; another one is told by what it may read. */
async function missingModules(session: Session): Promise<string[]> {
  const modules = await session.client.value('/setup/modules').catch(() => null)
  if (!Array.isArray(modules)) return []
  const missing = Object.keys(NEEDED).filter(name => !modules.includes(name))
  return missing.length === 0
    ? []
    : [`Switch on in Dolibarr (Home, Setup, Modules): ${missing.map(name => NEEDED[name]).join(', ')}.`]
}

async function missingRights(session: Session): Promise<string[]> {
  const notes: string[] = []
  for (const path of ['/thirdparties', '/contacts', '/products', '/orders', '/shipments', '/invoices']) {
    try {
      await session.client.list(path, { limit: 1 })
    } catch (error) {
      if (!(error instanceof Problem) || !['login', 'settings'].includes(error.kind)) throw error
      notes.push(`Our user cannot read ${path.slice(1)}: ${error.message}`)
    }
  }
  return notes
}

/** Filters take the server's own time. The newest order must be found under its stamp in the zone of the settings. */
async function wrongTimeZone(session: Session): Promise<string[]> {
  const { timeZone } = session.settings
  const newest = await session.client
    .list('/orders', { sortfield: 't.rowid', sortorder: 'DESC', limit: 1 })
    .catch(() => [])
  const [order] = newest
  const seconds = Number(textIn(order?.['date_modification']))
  if (!order || !(seconds > 0)) return []
  const stamp = stampIn(seconds * 1000, timeZone)
  const found = await session.client.list('/orders', {
    limit: 1,
    sqlfilters: `(t.rowid:=:${idOf(order)}) and (t.tms:=:'${stamp}')`,
  })
  return found.length > 0
    ? []
    : [
        `Dolibarr's server does not seem to run in the time zone ${timeZone}: set timeZone, or changes come late or not at all.`,
      ]
}
