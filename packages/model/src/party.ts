import { z } from 'zod'
import { amount, country, currency, extra, id, instant } from './values.ts'

/** UBL PostalAddress, with the person and the company that the parcel label needs. */
export const address = z.object({
  id: id.optional(),
  name: z.string().optional(),
  company: z.string().optional(),
  streetName: z.string().optional(),
  additionalStreetName: z.string().optional(),
  cityName: z.string().optional(),
  postalZone: z.string().optional(),
  countrySubentity: z.string().optional(),
  country: country.optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
})
export type Address = z.infer<typeof address>

/** A person at an account. */
export const contact = z.object({
  id,
  account: id.optional(),
  name: z.string(),
  givenName: z.string().optional(),
  familyName: z.string().optional(),
  role: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  modifiedAt: instant.optional(),
  extra: extra.optional(),
})
export type Contact = z.infer<typeof contact>

/** Whom we sell to: a person or a company, with its addresses and people (UBL Party). */
export const account = z.object({
  id,
  number: z.string().optional(),
  kind: z.enum(['person', 'company']),
  /** Bought without registering; such an account exists only inside its orders at the shop. */
  guest: z.boolean().optional(),
  name: z.string(),
  givenName: z.string().optional(),
  familyName: z.string().optional(),
  company: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  vatId: z.string().optional(),
  /** In the company register. */
  registrationNumber: z.string().optional(),
  taxExempt: z.boolean().optional(),
  /** The company that this one is a branch of. */
  parent: id.optional(),
  language: z.string().optional(),
  currency: currency.optional(),
  billingAddress: address.optional(),
  deliveryAddresses: z.array(address).optional(),
  contacts: z.array(contact).optional(),
  priceList: id.optional(),
  paymentTerms: z.string().optional(),
  /** How much may be open at once, in the account's currency. */
  creditLimit: amount.optional(),
  groups: z.array(z.string()).optional(),
  active: z.boolean().optional(),
  modifiedAt: instant.optional(),
  extra: extra.optional(),
})
export type Account = z.infer<typeof account>
