import { Problem, quoted, restOf, type Outcome, type Write } from '@linchpin/connector'
import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import { localeOf, phoneOf } from './account-values.ts'
import type { AddressWrite, AccountWrite } from './account-writer.ts'
import type { Operation } from './client.ts'
import { haveContacts } from './company-contacts.ts'
import {
  accountOfLocation,
  accountRowOf,
  locationOfAccount,
  readLocations,
  type CompanyLocation,
} from './company-row.ts'
import { accept, userErrors } from './errors.ts'
import { gid } from './ids.ts'
import { versionOf } from './listing.ts'
import type { Session } from './session.ts'

/** A company with one location: what an account of the ERP is. */
export async function writeCompany(
  session: Session,
  { key, id, row }: Write<AccountWrite>,
): Promise<Outcome> {
  const there = id === null ? null : await locationNow(session, locationOfAccount(id) ?? '')
  const location = there?.id ?? (await create(session, key, row))
  const work = async () => {
    const now = there ?? (await locationNow(session, location))
    if (there) await update(session, there, row)
    await haveContacts(session, now, row)
  }
  const rest = there ? (await work(), {}) : await restOf(work)
  const [now] = await readLocations(session, [location]).catch(() => [])
  const version = now ? versionOf(accountRowOf(now)) : null
  return { key, is: 'applied', id: accountOfLocation(location), version, ...rest }
}

/** By our key, which Shopify keeps unique among companies; its search learns of new ones a little later. */
export async function companyOfKey({ client }: Session, key: string): Promise<string | null> {
  const ours = externalIdOf(key)
  const { companies } = await client.ask(byExternalId, { query: `external_id:"${ours}"` })
  const location = companies.nodes.find(({ externalId }) => externalId === ours)?.locations.nodes[0]
  return location ? accountOfLocation(location.id) : null
}

const externalIdOf = (key: string) => (/^[\w./-]{1,60}$/.test(key) ? key : contentHash(key).slice(0, 40))

async function create(session: Session, key: string, row: AccountWrite): Promise<string> {
  const name = row.company?.name ?? ''
  const externalId = externalIdOf(key)
  const { companyCreate } = await session.client.ask(creating, {
    input: {
      company: { name, externalId },
      companyLocation: {
        name,
        externalId,
        ...locationInput(row),
        ...(row.taxExempt !== undefined && { taxExempt: row.taxExempt }),
        ...(row.vatId !== undefined && { taxRegistrationId: row.vatId }),
        ...addressesOf(row),
      },
    },
  })
  accept(companyCreate.userErrors, `Company ${quoted(name)} cannot be made in Shopify`)
  const location = companyCreate.company?.locations.nodes[0]
  if (location) return location.id
  throw new Problem('surprise', `Shopify made company ${quoted(name)} and does not show its location to us.`)
}

function addressesOf({ billingAddress, deliveryAddresses }: AccountWrite) {
  const [billing, shipping] = [billingAddress, deliveryAddresses?.[0]].map(companyAddress)
  if (!billing && !shipping) return {}
  if (!billing || !shipping) return { shippingAddress: shipping ?? billing, billingSameAsShipping: true }
  return { billingAddress: billing, shippingAddress: shipping }
}

async function update(session: Session, now: CompanyLocation, row: AccountWrite): Promise<void> {
  const { client } = session
  const location = gid('CompanyLocation', now.id)
  const what = `Company ${quoted(now.company.name)} cannot be changed in Shopify`
  const { name = now.company.name } = row.company ?? {}
  if (name !== now.company.name) {
    const input = { company: gid('Company', now.company.id), input: { name } }
    accept((await client.ask(renaming, input)).companyUpdate.userErrors, what)
  }
  // A location that has a name of its own keeps it: people gave it one.
  const input = {
    ...locationInput(row),
    ...(now.name === now.company.name && name !== now.name && { name }),
  }
  if (Object.entries(input).some(([field, value]) => value !== (now[field] ?? '')))
    accept((await client.ask(changing, { location, input })).companyLocationUpdate.userErrors, what)
  const { taxRegistrationId: vatId, taxExempt } = now.taxSettings
  if ((row.vatId ?? vatId ?? '') !== (vatId ?? '') || (row.taxExempt ?? taxExempt) !== taxExempt) {
    const tax = { location, vatId: row.vatId ?? vatId, taxExempt: row.taxExempt ?? taxExempt }
    accept((await client.ask(taxing, tax)).companyLocationTaxSettingsUpdate.userErrors, what)
  }
  const sides = [
    ['BILLING', row.billingAddress, now.billingAddress],
    ['SHIPPING', row.deliveryAddresses?.[0], now.shippingAddress],
  ] as const
  for (const [type, wanted, known] of sides) {
    const address = companyAddress(wanted)
    if (!address || isSame(address, known ?? {})) continue
    const { companyLocationAssignAddress: done } = await client.ask(addressing, {
      location,
      address,
      types: [type],
    })
    accept(done.userErrors, what)
  }
}

function locationInput(row: AccountWrite) {
  const [locale, phone] = [localeOf(row.locale), phoneOf(row.phone)]
  return { ...(locale !== undefined && { locale }), ...(phone !== undefined && { phone }) }
}

/** Less than a street and a country is no address to deliver or bill to. */
function companyAddress(address: AddressWrite | undefined) {
  if (!address?.address1 || !address.countryCode) return undefined
  const { firstName, lastName, company: _, provinceCode, ...rest } = address
  const recipient = [firstName, lastName].filter(Boolean).join(' ')
  return {
    ...rest,
    ...(recipient !== '' && { recipient }),
    ...(provinceCode !== undefined && { zoneCode: provinceCode }),
  }
}

function isSame(wanted: Readonly<Record<string, unknown>>, now: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(wanted).every(([name, value]) => (now[name] ?? '') === value)
}

async function locationNow(session: Session, id: string): Promise<CompanyLocation> {
  const [location] = await readLocations(session, [id])
  if (location) return location
  throw new Problem(
    'refused',
    `Location ${id} of a company is no longer in Shopify. Someone deleted it there.`,
  )
}

const withLocation = z.object({
  externalId: z.string().nullish(),
  locations: z.object({ nodes: z.array(z.object({ id: z.string() })) }),
})
const foundData = z.object({ companies: z.object({ nodes: z.array(withLocation) }) })
export const byExternalId: Operation<z.infer<typeof foundData>> = {
  text: `query CompanyOfKey($query: String!) {
    companies(first: 5, query: $query) { nodes { externalId locations(first: 1) { nodes { id } } } } }`,
  data: foundData,
}

const createdData = z.object({
  companyCreate: z.object({ company: withLocation.nullable(), userErrors }),
})
export const creating: Operation<z.infer<typeof createdData>> = {
  text: `mutation CreateCompany($input: CompanyCreateInput!) {
    companyCreate(input: $input) {
      company { externalId locations(first: 1) { nodes { id } } } userErrors { field message code } } }`,
  data: createdData,
}

const done = z.object({ userErrors })
const renamedData = z.object({ companyUpdate: done })
export const renaming: Operation<z.infer<typeof renamedData>> = {
  text: `mutation RenameCompany($company: ID!, $input: CompanyInput!) {
    companyUpdate(companyId: $company, input: $input) { userErrors { field message code } } }`,
  data: renamedData,
}

const changedData = z.object({ companyLocationUpdate: done })
export const changing: Operation<z.infer<typeof changedData>> = {
  text: `mutation ChangeCompanyLocation($location: ID!, $input: CompanyLocationUpdateInput!) {
    companyLocationUpdate(companyLocationId: $location, input: $input) { userErrors { field message code } } }`,
  data: changedData,
}

const taxedData = z.object({ companyLocationTaxSettingsUpdate: done })
export const taxing: Operation<z.infer<typeof taxedData>> = {
  text: `mutation TaxCompanyLocation($location: ID!, $vatId: String, $taxExempt: Boolean) {
    companyLocationTaxSettingsUpdate(companyLocationId: $location, taxRegistrationId: $vatId, taxExempt: $taxExempt) {
      userErrors { field message code } } }`,
  data: taxedData,
}

const addressedData = z.object({ companyLocationAssignAddress: done })
export const addressing: Operation<z.infer<typeof addressedData>> = {
  text: `mutation AddressCompanyLocation($location: ID!, $address: CompanyAddressInput!, $types: [CompanyAddressType!]!) {
    companyLocationAssignAddress(locationId: $location, address: $address, addressTypes: $types) {
      userErrors { field message code } } }`,
  data: addressedData,
}
