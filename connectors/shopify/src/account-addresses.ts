import { quoted } from '@linchpin/connector'
import { z } from 'zod'
import type { AccountRow } from './account-row.ts'
import type { AccountWrite, AddressWrite } from './account-writer.ts'
import type { Operation } from './client.ts'
import { accept, userErrors } from './errors.ts'
import { gid } from './ids.ts'
import type { Session } from './session.ts'

/** Adds the addresses that the customer lacks, the billing address as the default one. What people entered stays. */
export async function haveAddresses(session: Session, now: AccountRow, row: AccountWrite): Promise<void> {
  const known = now.addressesV2.nodes.map(each => textOf({ ...each, countryCode: each.countryCodeV2 }))
  const isBilling = (address: AddressWrite) => address === row.billingAddress
  for (const address of [row.billingAddress, ...(row.deliveryAddresses ?? [])]) {
    // Less than a street and a country is no address to deliver or bill to.
    if (!address?.address1 || !address.countryCode || known.includes(textOf(address))) continue
    known.push(textOf(address))
    const { customerAddressCreate } = await session.client.ask(adding, {
      customer: gid('Customer', now.id),
      address,
      isDefault: isBilling(address),
    })
    accept(
      customerAddressCreate.userErrors,
      `An address of customer ${quoted(now.displayName)} cannot be added in Shopify`,
    )
  }
}

const fields = ['company', 'address1', 'address2', 'city', 'zip', 'countryCode'] as const

function textOf(address: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(fields.map(name => address[name] ?? ''))
}

const addedData = z.object({ customerAddressCreate: z.object({ userErrors }) })
export const adding: Operation<z.infer<typeof addedData>> = {
  text: `mutation AddAddress($customer: ID!, $address: MailingAddressInput!, $isDefault: Boolean!) {
    customerAddressCreate(customerId: $customer, address: $address, setAsDefault: $isDefault) {
      userErrors { field message } } }`,
  data: addedData,
}
