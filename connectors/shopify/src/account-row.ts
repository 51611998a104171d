import { inTurn } from '@linchpin/connector'
import { z } from 'zod'
import { contact } from './contact-row.ts'
import { allOf, beginningOf, pageOf, type InnerList } from './inner-list.ts'
import { metafield, metafieldSelection, metafieldsOf } from './metafield-list.ts'
import { readNodes, type Nodes } from './nodes.ts'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'

const text = z.string()
const maybe = text.nullish()

const address = z.looseObject({
  id: text,
  name: maybe,
  company: maybe,
  address1: maybe,
  address2: maybe,
  city: maybe,
  provinceCode: maybe,
  zip: maybe,
  countryCodeV2: maybe,
  phone: maybe,
})

/**
 * A customer: a person with an e-mail address or a phone number, who may have an account or not. Or a location of a company,
 * where the shop sells to companies.
 */
export const accountRow = z.looseObject({
  id: text,
  displayName: text,
  firstName: maybe,
  lastName: maybe,
  updatedAt: text,
  state: text,
  locale: maybe,
  note: maybe,
  tags: z.array(text),
  taxExempt: z.boolean(),
  defaultEmailAddress: z.looseObject({ emailAddress: text }).nullish(),
  defaultPhoneNumber: z.looseObject({ phoneNumber: text }).nullish(),
  defaultAddress: address.nullish(),
  addressesV2: z.object({ nodes: z.array(address) }),
  /** The VAT number, which Shopify has no field for. A company's is its own. */
  own: z.looseObject({ value: text }).nullish(),
  metafields: z.object({ nodes: z.array(metafield) }),
  company: z
    .looseObject({
      id: text,
      name: text,
      externalId: maybe,
      location: text,
      locationExternalId: maybe,
      contacts: z.object({ nodes: z.array(contact) }),
    })
    .nullish(),
})
export type AccountRow = z.infer<typeof accountRow>

const postal = 'id name company address1 address2 city provinceCode zip countryCodeV2 phone'

export const customerAddresses: InnerList<z.infer<typeof address>> = {
  name: 'CustomerAddresses',
  type: 'Customer',
  field: 'addressesV2',
  selection: postal,
  schema: address,
  first: 10,
  more: 100,
}
export const customerMetafields = metafieldsOf('Customer', 10)

/** All but a customer's lists. */
const itself = ({ namespace }: Settings) =>
  `id displayName firstName lastName updatedAt state locale note tags taxExempt
    defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } defaultAddress { ${postal} }
    own: metafield(namespace: "${namespace}", key: "vat_id") { value }`

/** All customers, in bulk. */
export const customersInBulk = (settings: Settings) => `{ customers { edges { node { ${itself(settings)}
  addressesV2 { edges { node { __typename ${postal} } } }
  metafields { edges { node { __typename ${metafieldSelection} } } } } } } }`

/** A customer as it comes. */
const wireCustomer = accountRow.extend({ addressesV2: pageOf(address), metafields: pageOf(metafield) })

export function accountNodes(settings: Settings): Nodes<z.infer<typeof wireCustomer>> {
  return {
    name: 'Customers',
    type: 'Customer',
    selection: `${itself(settings)} ${beginningOf(customerAddresses)} ${beginningOf(customerMetafields)}`,
    schema: wireCustomer,
    atOnce: 20,
  }
}

/** Those of these customers that exist. */
export async function readCustomers(
  session: Session,
  ids: readonly string[],
): Promise<readonly AccountRow[]> {
  const found = await readNodes(session, accountNodes(session.settings), ids)
  return inTurn(found, async each => ({
    ...each,
    addressesV2: { nodes: [...(await allOf(session, customerAddresses, each.id, each.addressesV2))] },
    metafields: { nodes: [...(await allOf(session, customerMetafields, each.id, each.metafields))] },
  }))
}
