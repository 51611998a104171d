import { Problem, type Health } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { locationOf, type Facts, type Session } from './session.ts'

/** What our user needs, by what it is needed for. `SuperAdmin` may do everything. */
const wantedRights = {
  ReadOrder: 'read orders',
  UpdateOrder: 'add shipments, invoices and numbers to orders',
  ReadCustomer: 'read customers',
  CreateCustomer: 'make customers',
  UpdateCustomer: 'change customers',
  ReadCatalog: 'read products, prices and stock',
  CreateCatalog: 'make products',
  UpdateCatalog: 'write products, prices and stock',
  ReadSettings: 'know tax rates and stock locations',
} as const

/** Vendure tells no version over its API. */
export async function health(session: Session): Promise<Health> {
  try {
    const facts = await session.freshFacts()
    const wrong = [...(await missingRights(session, facts)), ...settingsNotes(session, facts)]
    const { clockSkewMs } = session.client
    return {
      is: wrong.length > 0 ? 'degraded' : 'up',
      notes: [...wrong, ...missingFields(session, facts)],
      version: 'Vendure',
      ...(clockSkewMs !== null && { clockSkewMs }),
      ...(wrong[0] !== undefined && { problem: new Problem('settings', wrong[0]) }),
    }
  } catch (error) {
    if (error instanceof Problem) return { is: 'down', notes: [error.message], problem: error }
    return { is: 'down', notes: ['Vendure could not be asked how it is.'] }
  }
}

/** Whoever comes with an API key is not told what it may do: Vendure 3.7.3 refuses it the question. */
async function missingRights({ client, settings }: Session, { channel }: Facts): Promise<string[]> {
  if (settings.apiKey !== undefined) return []
  const { me } = await client.ask(rightsQuery)
  const rights = me?.channels.find(({ id }) => id === channel.id)?.permissions ?? []
  if (rights.includes('SuperAdmin')) return []
  return Object.entries(wantedRights)
    .filter(([right]) => !rights.includes(right))
    .map(([right, use]) => `Our user may not ${use}: give its role the permission ${right}.`)
}

const rightsData = z.object({
  me: z
    .object({ channels: z.array(z.object({ id: z.string(), permissions: z.array(z.string()) })) })
    .nullable(),
})
const rightsQuery: Operation<z.infer<typeof rightsData>> = {
  text: 'query Rights { me { channels { id permissions } } }',
  data: rightsData,
}

function settingsNotes({ settings }: Session, facts: Facts): string[] {
  try {
    locationOf(facts, settings.stockLocation)
    return []
  } catch (error) {
    return error instanceof Problem ? [error.message] : []
  }
}

/** A Vendure without them works; here is what that costs. */
function missingFields({ settings }: Session, { customFields }: Facts): string[] {
  const fields = settings.customFields
  const costs = [
    ['Order', fields.orderNumber, "an order's number in the ERP goes into a private note"],
    ['Order', fields.orderInvoices, 'invoices are shown to customers in a public note only'],
    ['Customer', fields.vatId, 'VAT numbers are neither read nor written, and nobody is recognised by one'],
    ['ProductVariant', fields.gtin, 'GTINs are neither read nor written'],
  ] as const
  return costs
    .filter(([entity, field]) => !customFields(entity).includes(field))
    .map(([entity, field, cost]) => `${entity} has no custom field '${field}': ${cost}.`)
}
