import { Problem } from '@linchpin/connector'
import { z } from 'zod'
import type { AccountRow } from './account-row.ts'
import type { AccountWrite, AddressWrite } from './account-writer.ts'
import type { Operation } from './client.ts'
import type { Session } from './session.ts'

/** Adds the addresses and groups that the customer lacks. What people entered in the shop stays. */
export async function converge(session: Session, now: AccountRow, row: AccountWrite): Promise<void> {
  if (row.billingAddress) await haveAddress(session, now, row.billingAddress, { defaultBillingAddress: true })
  for (const [index, address] of (row.deliveryAddresses ?? []).entries())
    await haveAddress(session, now, address, index === 0 ? { defaultShippingAddress: true } : {})
  await joinGroups(session, now, row.groups ?? [])
}

type Flags = { readonly defaultBillingAddress?: true; readonly defaultShippingAddress?: true }

async function haveAddress(
  session: Session,
  now: AccountRow,
  wanted: AddressWrite,
  flags: Flags,
): Promise<void> {
  // Vendure needs a street and a country; less than that is no address to deliver or bill to.
  if (!wanted.streetLine1 || !wanted.countryCode) return
  const there = now.addresses.find(each => same({ ...each, countryCode: each.country.code }, wanted))
  const missing = Object.entries(flags).filter(([flag]) => there?.[flag] !== true)
  if (there && missing.length === 0) return
  const changed = Object.fromEntries(missing)
  const made = there
    ? (await session.client.ask(updating, { input: { id: there.id, ...changed } })).updateCustomerAddress
    : (await session.client.ask(creating, { customer: now.id, input: { ...wanted, ...flags } }))
        .createCustomerAddress
  // The same address is often named twice: for bills and for parcels.
  if (!there)
    now.addresses.push({
      ...wanted,
      ...flags,
      streetLine1: wanted.streetLine1,
      id: made.id,
      country: { code: wanted.countryCode },
    })
  else Object.assign(there, changed)
}

const fields = [
  'fullName',
  'company',
  'streetLine1',
  'streetLine2',
  'city',
  'province',
  'postalCode',
  'countryCode',
] as const

function same(left: Readonly<Record<string, unknown>>, right: AddressWrite): boolean {
  return fields.every(name => (left[name] ?? '') === (right[name] ?? ''))
}

async function joinGroups(session: Session, now: AccountRow, names: readonly string[]): Promise<void> {
  const missing = names.filter(name => !now.groups.some(group => group.name === name))
  for (const name of missing) {
    const { customerGroups } = await session.client.ask(groupsNamed, {
      options: { filter: { name: { eq: name } }, take: 1 },
    })
    const [group] = customerGroups.items
    if (!group)
      throw new Problem(
        'refused',
        `Vendure has no customer group '${name}'. Make it there; it decides on prices.`,
      )
    await session.client.ask(joining, { group: group.id, customers: [now.id] })
  }
}

const withId = z.object({ id: z.string() })

const createdData = z.object({ createCustomerAddress: withId })
const creating: Operation<z.infer<typeof createdData>> = {
  text: `mutation CreateAddress($customer: ID!, $input: CreateAddressInput!) {
    createCustomerAddress(customerId: $customer, input: $input) { id } }`,
  data: createdData,
}

const updatedData = z.object({ updateCustomerAddress: withId })
const updating: Operation<z.infer<typeof updatedData>> = {
  text: 'mutation UpdateAddress($input: UpdateAddressInput!) { updateCustomerAddress(input: $input) { id } }',
  data: updatedData,
}

const groupsData = z.object({ customerGroups: z.object({ items: z.array(withId) }) })
const groupsNamed: Operation<z.infer<typeof groupsData>> = {
  text: 'query CustomerGroups($options: CustomerGroupListOptions) { customerGroups(options: $options) { items { id } } }',
  data: groupsData,
}

const joinedData = z.object({ addCustomersToGroup: withId })
const joining: Operation<z.infer<typeof joinedData>> = {
  text: `mutation JoinGroup($group: ID!, $customers: [ID!]!) {
    addCustomersToGroup(customerGroupId: $group, customerIds: $customers) { id } }`,
  data: joinedData,
}
