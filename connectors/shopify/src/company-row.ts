import { inTurn } from '@linchpin/connector'
import { z } from 'zod'
import type { AccountRow } from './account-row.ts'
import { contact } from './contact-row.ts'
import { allOf, beginningOf, pageOf, type InnerList } from './inner-list.ts'
import { metafield, metafieldsOf } from './metafield-list.ts'
import { readNodes, type Nodes } from './nodes.ts'
import type { Session } from './session.ts'

const text = z.string()
const maybe = text.nullish()

const address = z.looseObject({
  id: text,
  companyName: maybe,
  recipient: maybe,
  address1: maybe,
  address2: maybe,
  city: maybe,
  zoneCode: maybe,
  zip: maybe,
  countryCode: maybe,
  phone: maybe,
})

/** A location of a company: what an order is for, what has addresses, a VAT number and a catalogue. */
const companyLocation = z.looseObject({
  id: text,
  name: text,
  externalId: maybe,
  updatedAt: text,
  locale: maybe,
  phone: maybe,
  note: maybe,
  currency: text,
  billingAddress: address.nullish(),
  shippingAddress: address.nullish(),
  taxSettings: z.looseObject({ taxRegistrationId: maybe, taxExempt: z.boolean() }),
  company: z.looseObject({
    id: text,
    name: text,
    externalId: maybe,
    contacts: z.object({ nodes: z.array(contact) }),
  }),
  metafields: z.object({ nodes: z.array(metafield) }),
})
export type CompanyLocation = z.infer<typeof companyLocation>

/** One as it comes. */
const wireLocation = companyLocation.extend({
  company: companyLocation.shape.company.extend({ contacts: pageOf(contact) }),
  metafields: pageOf(metafield),
})

export const companyContacts: InnerList<z.infer<typeof contact>> = {
  name: 'CompanyContacts',
  type: 'Company',
  field: 'contacts',
  selection: `id title isMainContact customer {
    id displayName firstName lastName defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } }`,
  schema: contact,
  first: 10,
  more: 100,
}
export const locationMetafields = metafieldsOf('CompanyLocation', 10)

const postal = 'id companyName recipient address1 address2 city zoneCode zip countryCode phone'

export const companyLocationNodes: Nodes<z.infer<typeof wireLocation>> = {
  name: 'CompanyLocations',
  type: 'CompanyLocation',
  selection: `id name externalId updatedAt locale phone note currency
    billingAddress { ${postal} } shippingAddress { ${postal} } taxSettings { taxRegistrationId taxExempt }
    company { id name externalId ${beginningOf(companyContacts)} } ${beginningOf(locationMetafields)}`,
  schema: wireLocation,
  atOnce: 10,
}

/** An account is a customer, '7', or a location of a company, 'location/7'. */
export const accountOfLocation = (location: string): string => `location/${location}`

/** The number in an account's id, when it is one of a location; else null. */
export const locationOfAccount = (account: string): string | null =>
  /^location\/(\d+)$/.exec(account)?.[1] ?? null

/** Those of these locations that exist. */
export async function readLocations(
  session: Session,
  ids: readonly string[],
): Promise<readonly CompanyLocation[]> {
  const found = await readNodes(session, companyLocationNodes, ids)
  return inTurn(found, async ({ company, metafields, ...location }) => ({
    ...location,
    company: {
      ...company,
      contacts: { nodes: [...(await allOf(session, companyContacts, company.id, company.contacts))] },
    },
    metafields: { nodes: [...(await allOf(session, locationMetafields, location.id, metafields))] },
  }))
}

export async function readCompanies(
  session: Session,
  locations: readonly string[],
): Promise<readonly AccountRow[]> {
  return (await readLocations(session, locations)).map(accountRowOf)
}

/** In the fields that a customer has, and beside them what only a company has. */
export function accountRowOf(location: CompanyLocation): AccountRow {
  const { id, company, billingAddress, shippingAddress, taxSettings, ...rest } = location
  const contacts = company.contacts.nodes
  const main = contacts.find(({ isMainContact }) => isMainContact) ?? contacts[0]
  const addresses = [billingAddress, shippingAddress].map(each => each && addressOf(each))
  return {
    ...rest,
    id: accountOfLocation(id),
    displayName: company.name,
    state: 'COMPANY',
    tags: [],
    taxExempt: taxSettings.taxExempt,
    defaultEmailAddress: main?.customer.defaultEmailAddress ?? null,
    defaultPhoneNumber: location.phone ? { phoneNumber: location.phone } : null,
    defaultAddress: addresses[0] ?? null,
    addressesV2: { nodes: addresses[1] ? [addresses[1]] : [] },
    own: taxSettings.taxRegistrationId ? { value: taxSettings.taxRegistrationId } : null,
    company: { ...company, location: location.name, locationExternalId: location.externalId ?? null },
  }
}

const addressOf = ({ companyName, recipient, zoneCode, countryCode, ...rest }: z.infer<typeof address>) => ({
  ...rest,
  company: companyName ?? null,
  name: recipient ?? null,
  provinceCode: zoneCode ?? null,
  countryCodeV2: countryCode ?? null,
})
