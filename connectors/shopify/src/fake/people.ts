import { isEnumType } from 'graphql'
import type { Address, Books, Customer } from './books.ts'
import { answered, refuse } from './failure.ts'
import { byStamp, connection, countOf, gidOf, idIn, search } from './lists.ts'
import { metafieldsOf } from './metafields.ts'
import { adminSchema } from './schema.ts'

interface CustomerInput {
  readonly id?: string
  readonly email?: string
  readonly firstName?: string
  readonly lastName?: string
  readonly phone?: string
  readonly locale?: string
  readonly taxExempt?: boolean
  readonly tags?: readonly string[]
}
type AddressInput = Readonly<
  Partial<
    Record<
      | 'firstName'
      | 'lastName'
      | 'company'
      | 'address1'
      | 'address2'
      | 'city'
      | 'provinceCode'
      | 'zip'
      | 'countryCode'
      | 'phone',
      string
    >
  >
>
type Args = Readonly<Record<string, unknown>> & { readonly first?: number; readonly query?: string | null }

export function peopleFields(books: Books) {
  const { customers } = books
  return {
    customers: (args: Args) =>
      connection(
        byStamp(search(customers.all(), args.query, { updated_at: row => row.updatedAt })).map(customerView),
        args,
      ),
    customersCount: ({ limit }: { readonly limit: number }) => countOf(customers.count(), limit),
    customerByIdentifier: ({ identifier }: { readonly identifier: { readonly emailAddress: string } }) => {
      const found = customers.find(({ email }) => email === identifier.emailAddress.toLowerCase())
      return found ? customerView(found) : null
    },
    customerCreate: ({ input }: { readonly input: CustomerInput }) =>
      answered(() => ({ customer: customerView(register(books, input)) })),
    customerUpdate: ({ input }: { readonly input: CustomerInput }) =>
      answered(() => {
        const there = customers.get(idIn('Customer', input.id)) ?? refuse(['id'], 'Customer does not exist')
        return { customer: customerView(change(books, there, input)) }
      }),
    customerAddressCreate: (args: { customerId: string; address: AddressInput; setAsDefault?: boolean }) =>
      answered(() => {
        const there =
          customers.get(idIn('Customer', args.customerId)) ??
          refuse(['customerId'], 'Customer does not exist')
        addAddress(books, there, args.address, args.setAsDefault === true)
        return {}
      }),
  }
}

export function register(books: Books, input: CustomerInput): Customer {
  const now = books.stamp()
  const id = books.next('customer')
  const customer: Customer = {
    id,
    createdAt: now,
    updatedAt: now,
    metafields: [],
    firstName: null,
    lastName: null,
    email: null,
    phone: null,
    locale: 'en',
    note: null,
    tags: [],
    taxExempt: false,
    addresses: [],
    defaultAddress: null,
  }
  return change(books, customer, input)
}

/** Phone numbers are E.164, and languages those of Shopify's LanguageCode: 'de', 'pt-BR'. */
export function checkReach(
  { phone, locale }: { readonly phone?: string | undefined; readonly locale?: string | undefined },
  at: readonly string[] = [],
): void {
  if (phone !== undefined && !/^\+[1-9]\d{6,14}$/.test(phone))
    refuse([...at, 'phone'], 'Phone is invalid', 'INVALID')
  if (locale !== undefined && !languages().has(locale))
    refuse([...at, 'locale'], 'Locale is invalid', 'INVALID')
}

function languages(): ReadonlySet<string> {
  const type = adminSchema().getType('LanguageCode')
  const codes = isEnumType(type) ? type.getValues() : []
  return new Set(
    codes.map(({ name }) =>
      name.toLowerCase().replace(/_(\w+)$/, (_, land: string) => `-${land.toUpperCase()}`),
    ),
  )
}

function change(books: Books, there: Customer, given: CustomerInput): Customer {
  const { id: _, email, ...input } = given
  const tidy = email?.trim().toLowerCase()
  if (tidy !== undefined && !/^\S+@\S+\.\S+$/.test(tidy)) refuse(['email'], 'Email is invalid')
  const taken = (has: (row: Customer) => boolean) =>
    books.customers.find(row => row.id !== there.id && has(row))
  if (tidy !== undefined && taken(row => row.email === tidy))
    refuse(['email'], 'Email has already been taken')
  checkReach(input)
  if (input.phone !== undefined && taken(row => row.phone === input.phone))
    refuse(['phone'], 'Phone has already been taken')
  if ((input.firstName?.length ?? 0) > 255 || (input.lastName?.length ?? 0) > 255)
    refuse(['lastName'], 'Last name is too long (maximum is 255 characters)')
  return books.customers.put(there.id, {
    ...there,
    ...input,
    ...(tidy !== undefined && { email: tidy }),
    updatedAt: books.stamp(),
  })
}

function addAddress(books: Books, there: Customer, input: AddressInput, isDefault: boolean): void {
  const { firstName, lastName, countryCode, ...given } = input
  const address: Address = {
    company: null,
    address1: null,
    address2: null,
    city: null,
    provinceCode: null,
    zip: null,
    phone: null,
    ...given,
    id: books.next('address'),
    name: [firstName, lastName].filter(Boolean).join(' ') || null,
    countryCodeV2: countryCode ?? null,
  }
  books.customers.put(there.id, {
    ...there,
    addresses: [...there.addresses, address],
    defaultAddress: isDefault || there.defaultAddress === null ? address.id : there.defaultAddress,
    updatedAt: books.stamp(),
  })
}

export function customerView(row: Customer): object {
  const addresses = row.addresses.map(addressView)
  const name = [row.firstName, row.lastName].filter(Boolean).join(' ')
  return {
    ...row,
    ...metafieldsOf(row),
    __typename: 'Customer',
    id: gidOf('Customer', row.id),
    displayName: name || row.email || row.phone || '',
    state: 'DISABLED',
    defaultEmailAddress: row.email === null ? null : { emailAddress: row.email },
    defaultPhoneNumber: row.phone === null ? null : { phoneNumber: row.phone },
    defaultAddress: addresses[row.addresses.findIndex(({ id }) => id === row.defaultAddress)] ?? null,
    addressesV2: (args: object) => connection(addresses, args),
  }
}

/** Its id has a parameter, as at Shopify. */
function addressView(address: Address): object {
  return { ...address, id: `${gidOf('MailingAddress', address.id)}?model_name=CustomerAddress` }
}
