import { Problem, type Health } from '@linchpin/connector'
import { z } from 'zod'
import { answered, send, type Session } from './client.ts'
import { invoke, type ProcessName } from './process.ts'

/** What each process gives; without it, what cannot be done here. */
const GIVES: Readonly<Record<ProcessName, { readonly entities: string; readonly without: string }>> = {
  orders: {
    entities: 'SalesOrder',
    without:
      'orders are written, but their state, number and total cannot be read back, nor can they be cancelled',
  },
  products: { entities: 'Product and Price', without: 'products and prices are not read' },
  stock: { entities: 'StockLevel', without: 'stock is not read' },
  shipments: { entities: 'Shipment with parcel numbers', without: 'shipments that left are not read' },
  invoices: { entities: 'Invoice and CreditNote', without: 'invoices are not read' },
}

/** Says what this installation can and cannot do: sign-in, organisation, each process, the push, the clock. */
export async function health(session: Session): Promise<Health> {
  try {
    const clockSkewMs = await signedIn(session)
    const notes: string[] = []
    const wrong: string[] = []
    for (const name of Object.keys(GIVES) as ProcessName[]) {
      const { is, words } = await lookAt(session, name)
      ;(is === 'wrong' ? wrong : notes).push(words)
    }
    if (session.settings.shipments === 'queue')
      notes.push('What is to be shipped comes from the export queue, each once; parcel numbers do not.')
    notes.push(
      session.settings.pushToken === undefined
        ? 'metasfresh does not push to us (pushToken is not set): changes are found by asking.'
        : 'Pushes with the configured token are believed.',
    )
    return {
      is: wrong.length === 0 ? 'up' : 'degraded',
      notes: [...wrong, ...notes],
      version: 'metasfresh (REST API v2)',
      ...(clockSkewMs === null ? {} : { clockSkewMs }),
      ...(wrong.length === 0 ? {} : { problem: new Problem('settings', wrong.join(' ')) }),
    }
  } catch (error) {
    const problem =
      error instanceof Problem
        ? error
        : new Problem('surprise', 'The connection test met something unknown.', { cause: error })
    return { is: 'down', notes: [problem.message], problem }
  }
}

/** One look that every token may take: invoices of a day long ago. It also proves the organisation. */
async function signedIn(session: Session): Promise<number | null> {
  const { io, settings } = session
  const path = `/invoices/sales/paymentstatus/${encodeURIComponent(settings.org)}?startDateIncl=2000-01-01&endDateExcl=2000-01-02`
  const asked = io.now()
  const response = await send(session, path, {})
  const date = Date.parse(response.headers.get('date') ?? '')
  if (response.status === 404)
    throw new Problem(
      'settings',
      `At ${settings.url} there is no organisation ${settings.org}, or no metasfresh.`,
    )
  await answered(session, path, z.looseObject({}), response)
  // The Date header has whole seconds, so half a second either way says nothing.
  return Number.isFinite(date) ? date + 500 - Math.round((asked + io.now()) / 2) : null
}

async function lookAt(
  session: Session,
  name: ProcessName,
): Promise<{ is: 'can' | 'cannot' | 'wrong'; words: string }> {
  const { entities, without } = GIVES[name]
  if (session.settings.processes[name] === null)
    return { is: 'cannot', words: `Without processes.${name}, ${without}.` }
  try {
    await invoke(session, name, z.unknown(), { Limit: 1, Offset: 0, UpdatedGE: '9998-01-01 00:00:00' })
    return { is: 'can', words: `${session.settings.processes[name]} answers: ${entities} can be read.` }
  } catch (error) {
    if (!(error instanceof Problem) || !['settings', 'refused'].includes(error.kind)) throw error
    return { is: 'wrong', words: `${error.message} Until then ${without}.` }
  }
}
