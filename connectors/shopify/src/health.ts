import { Problem, type Health } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { locationOf, type Facts, type Session } from './session.ts'
import { ownSubscriptions, topicsFor } from './subscriptions.ts'
import { apiVersion, endOf } from './version.ts'

/** The scopes that our app needs, by what they are needed for. */
const wantedScopes = {
  read_orders: 'read orders, refunds and fulfilments',
  write_orders: 'cancel orders, and mark them with numbers and invoices',
  read_returns: 'read returns',
  read_customers: 'read customers',
  write_customers: 'make and change customers',
  read_products: 'read products and prices',
  write_products: 'make products and write prices',
  read_inventory: 'read stock',
  write_inventory: 'write stock',
  read_locations: 'know where stock is',
  read_merchant_managed_fulfillment_orders: 'see what is to be sent',
  write_merchant_managed_fulfillment_orders: 'add shipments',
  read_publications: 'know the sales channels',
  write_publications: 'publish new products',
} as const

const companyScopes = {
  read_companies: 'read companies and their locations',
  write_companies: 'make and change companies',
} as const

/** A writing scope lets us read, too. */
const isGiven = (scope: string, given: readonly string[]) =>
  given.includes(scope) || given.includes(scope.replace(/^read_/, 'write_'))

/** So long before its end, in ms, a version of the API is warned of. */
const warnMs = 120 * 86_400_000

export async function health(session: Session): Promise<Health> {
  try {
    const facts = await session.freshFacts()
    const { currentAppInstallation } = await session.client.ask(scopesQuery)
    const given = currentAppInstallation.accessScopes.map(({ handle }) => handle)
    const wrong = [
      ...missingScopes(given, session),
      ...locationNotes(session, facts),
      ...versionTrouble(session),
    ]
    const { clockSkewMs } = session.client
    const notes = [
      versionNote(session),
      ...(await subscriptionNotes(session)),
      ...limitNotes(given),
      ...refundNotes(session),
    ]
    return {
      is: wrong.length > 0 ? 'degraded' : 'up',
      notes: [...wrong, ...notes],
      version: `Shopify ${facts.shop.plan.publicDisplayName}, Admin API ${session.client.answeredVersion ?? apiVersion}`,
      ...(clockSkewMs !== null && { clockSkewMs }),
      ...(wrong[0] !== undefined && { problem: new Problem('settings', wrong[0]) }),
    }
  } catch (error) {
    if (error instanceof Problem) return { is: 'down', notes: [error.message], problem: error }
    return { is: 'down', notes: ['Shopify could not be asked how it is.'] }
  }
}

function missingScopes(given: readonly string[], { settings }: Session): string[] {
  return Object.entries({ ...wantedScopes, ...(settings.companies && companyScopes) })
    .filter(([scope]) => !isGiven(scope, given))
    .map(([scope, use]) => `Our app may not ${use}: give it the access scope ${scope}.`)
}

function limitNotes(given: readonly string[]): string[] {
  return given.includes('read_all_orders')
    ? []
    : ['Without the access scope read_all_orders Shopify shows no orders older than 60 days.']
}

/** Who looks here shall know that money leaves. */
function refundNotes({ settings }: Session): string[] {
  return settings.refunds === 'write'
    ? ["The money of the ERP's credit notes is given back to customers (refunds: 'write')."]
    : []
}

function locationNotes({ settings }: Session, facts: Facts): string[] {
  try {
    locationOf(facts, settings.location)
    return []
  } catch (error) {
    return error instanceof Problem ? [error.message] : []
  }
}

/** Once a version has ended, Shopify answers in the words of the oldest one that it has. */
function versionTrouble({ client }: Session): string[] {
  const answered = client.answeredVersion
  return answered === null || answered === apiVersion
    ? []
    : [`Shopify answers as of ${answered} and no longer as of ${apiVersion}. Bring Linchpin up to date.`]
}

function versionNote({ io }: Session): string {
  const end = endOf(apiVersion)
  const day = new Date(end).toISOString().slice(0, 10)
  const days = Math.ceil((end - io.now()) / 86_400_000)
  const left = days > 0 ? `in ${days} days` : 'already'
  const update = end - io.now() < warnMs ? ' Bring Linchpin up to date before.' : ''
  return `Version ${apiVersion} of the API can be relied on until ${day} (${left}).${update}`
}

async function subscriptionNotes(session: Session): Promise<string[]> {
  const there = new Set((await ownSubscriptions(session)).map(({ topic }) => topic))
  const missing = topicsFor(session.settings).filter(topic => !there.has(topic))
  return missing.length === 0
    ? ['All webhooks are subscribed to.']
    : [`Not subscribed yet to ${missing.join(', ')}; a running Linchpin that has a public address does that.`]
}

const scopesData = z.object({
  currentAppInstallation: z.object({ accessScopes: z.array(z.object({ handle: z.string() })) }),
})
export const scopesQuery: Operation<z.infer<typeof scopesData>> = {
  text: 'query Scopes { currentAppInstallation { accessScopes { handle } } }',
  data: scopesData,
}
