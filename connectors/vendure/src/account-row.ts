import { Problem } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { custom, type Session } from './session.ts'

const text = z.string()
const maybe = text.nullish()

const address = z.looseObject({
  id: text,
  fullName: maybe,
  company: maybe,
  streetLine1: text,
  streetLine2: maybe,
  city: maybe,
  province: maybe,
  postalCode: maybe,
  country: z.looseObject({ code: text }),
  phoneNumber: maybe,
  defaultShippingAddress: z.boolean().nullish(),
  defaultBillingAddress: z.boolean().nullish(),
})

export const accountRow = z.looseObject({
  id: text,
  updatedAt: text,
  emailAddress: text,
  firstName: text,
  lastName: text,
  phoneNumber: maybe,
  /** People who bought without registering have none. */
  user: z.looseObject({ id: text }).nullable(),
  groups: z.array(z.looseObject({ id: text, name: text })),
  addresses: z.array(address),
  /** By the custom field that the settings name. */
  vatId: maybe,
  customFields: z.record(text, z.unknown()).nullish(),
})
export type AccountRow = z.infer<typeof accountRow>

export async function listCustomers(
  session: Session,
  options: { readonly filter: object; readonly sort?: object; readonly take: number },
): Promise<readonly AccountRow[]> {
  const { customFields } = await session.facts()
  const operation: Operation<z.infer<typeof customerList>> = {
    text: `query Customers($options: CustomerListOptions) { customers(options: $options) { items {
      id createdAt updatedAt title firstName lastName emailAddress phoneNumber user { id } groups { id name }
      addresses { id fullName company streetLine1 streetLine2 city province postalCode country { code } phoneNumber
        defaultShippingAddress defaultBillingAddress ${custom(customFields('Address'))} }
      ${custom(customFields('Customer'))} } } }`,
    data: customerList,
  }
  const { customers } = await session.client.ask(operation, { options })
  return customers.items.map(item => decode(session, item))
}

function decode({ settings }: Session, item: z.infer<typeof customer>): AccountRow {
  const vatId = item.customFields?.[settings.customFields.vatId] ?? null
  const row = accountRow.safeParse({ ...item, vatId, addresses: item.addresses ?? [] })
  if (row.success) return row.data
  const where = row.error.issues[0]?.path.join('.') ?? ''
  throw new Problem('surprise', `Vendure told a customer in a way that we do not understand (${where}).`)
}

const customer = z.looseObject({
  addresses: z.array(z.unknown()).nullable(),
  customFields: z.record(text, z.unknown()).nullish(),
})
const customerList = z.object({ customers: z.object({ items: z.array(customer) }) })
