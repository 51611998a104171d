import type { Books, Company, CompanyAddress, CompanyLocation } from './books.ts'
import { answered, refuse } from './failure.ts'
import { byStamp, connection, gidOf, idIn, search } from './lists.ts'
import { metafieldsOf } from './metafields.ts'
import { checkReach, customerView, register } from './people.ts'

type Args = { readonly first?: number; readonly query?: string | null }
interface LocationInput {
  readonly name?: string
  readonly externalId?: string
  readonly locale?: string
  readonly phone?: string
  readonly taxExempt?: boolean
  readonly taxRegistrationId?: string
  readonly billingAddress?: CompanyAddress
  readonly shippingAddress?: CompanyAddress
  readonly billingSameAsShipping?: boolean
}
interface CompanyCreate {
  readonly company: { readonly name?: string; readonly externalId?: string }
  readonly companyLocation?: LocationInput
}

/** Companies, their locations and their people. */
export function companyFields(books: Books) {
  const { companies, companyLocations, customers } = books
  const company = (gid: string) =>
    companies.get(idIn('Company', gid)) ??
    refuse(['companyId'], 'Resource requested does not exist.', 'RESOURCE_NOT_FOUND')
  const location = (gid: string) =>
    companyLocations.get(idIn('CompanyLocation', gid)) ??
    refuse(['companyLocationId'], 'Resource requested does not exist.', 'RESOURCE_NOT_FOUND')
  const change = (there: CompanyLocation, fields: Partial<CompanyLocation>) => {
    companyLocations.put(there.id, { ...there, ...fields, updatedAt: books.stamp() })
    return {}
  }
  return {
    companies: (args: Args) =>
      connection(
        search(companies.all(), args.query, { external_id: ({ externalId }) => externalId ?? '' }).map(row =>
          companyView(books, row),
        ),
        args,
      ),
    company: ({ id }: { readonly id: string }) => {
      const there = companies.get(idIn('Company', id))
      return there ? companyView(books, there) : null
    },
    companyLocations: (args: Args) =>
      connection(
        byStamp(search(companyLocations.all(), args.query, { updated_at: row => row.updatedAt })).map(row =>
          locationView(books, row),
        ),
        args,
      ),
    companyCreate: ({ input }: { readonly input: CompanyCreate }) =>
      answered(() => ({ company: companyView(books, openCompany(books, input).company) })),
    companyUpdate: ({ companyId, input }: { companyId: string; input: { readonly name?: string } }) =>
      answered(() => {
        const there = company(companyId)
        checkName(input.name)
        companies.put(there.id, { ...there, ...input })
        return {}
      }),
    companyLocationUpdate: (args: { companyLocationId: string; input: LocationInput }) =>
      answered(() => {
        checkReach(args.input, ['input'])
        return change(location(args.companyLocationId), args.input as Partial<CompanyLocation>)
      }),
    companyLocationTaxSettingsUpdate: (args: {
      companyLocationId: string
      taxRegistrationId?: string | null
      taxExempt?: boolean | null
    }) =>
      answered(() => {
        const there = location(args.companyLocationId)
        return change(there, {
          taxRegistrationId: args.taxRegistrationId ?? there.taxRegistrationId,
          taxExempt: args.taxExempt ?? there.taxExempt,
        })
      }),
    companyLocationAssignAddress: (args: {
      locationId: string
      address: CompanyAddress
      addressTypes: readonly string[]
    }) =>
      answered(() => {
        const address = placed(books, args.address)
        return change(location(args.locationId), {
          ...(args.addressTypes.includes('BILLING') && { billingAddress: address }),
          ...(args.addressTypes.includes('SHIPPING') && { shippingAddress: address }),
        })
      }),
    companyContactCreate: (args: {
      companyId: string
      input: Readonly<Record<'email' | 'firstName' | 'lastName' | 'phone' | 'title', string>>
    }) =>
      answered(() => {
        const { title = null, ...person } = args.input as Partial<typeof args.input>
        const there = company(args.companyId)
        return join(books, there, register(books, person).id, title)
      }),
    companyAssignCustomerAsContact: (args: { companyId: string; customerId: string }) =>
      answered(() => {
        const there = company(args.companyId)
        const customer = customers.get(idIn('Customer', args.customerId))
        if (!customer) refuse(['customerId'], 'Customer does not exist.', 'RESOURCE_NOT_FOUND')
        return join(books, there, customer!.id, null)
      }),
    companyContactAssignRole: (args: { companyContactId: string; companyLocationId: string }) =>
      answered(() => {
        const there = location(args.companyLocationId)
        const contact = idIn('CompanyContact', args.companyContactId)
        if (there.people.includes(contact))
          refuse(['companyContactId'], 'The contact has a role at this location already.', 'TAKEN')
        return change(there, { people: [...there.people, contact] })
      }),
  }
}

export function openCompany(
  books: Books,
  { company, companyLocation = {} }: CompanyCreate,
): { readonly company: Company; readonly location: string } {
  checkName(company.name)
  checkReach(companyLocation, ['input', 'companyLocation'])
  const externalId = company.externalId ?? null
  if (externalId !== null && books.companies.find(each => each.externalId === externalId))
    refuse(['input', 'company', 'externalId'], 'External ID has already been taken.', 'TAKEN')
  const now = books.stamp()
  const { shippingAddress, billingSameAsShipping, ...input } = companyLocation
  const billing = billingSameAsShipping ? shippingAddress : input.billingAddress
  const companyId = books.next('company')
  const made = books.companies.put(companyId, {
    id: companyId,
    name: company.name ?? '',
    externalId,
    contacts: [],
  })
  const id = books.next('companyLocation')
  books.companyLocations.put(id, {
    createdAt: now,
    updatedAt: now,
    metafields: [],
    externalId: null,
    locale: null,
    phone: null,
    taxExempt: false,
    taxRegistrationId: null,
    people: [],
    ...input,
    id,
    company: made.id,
    name: input.name ?? made.name,
    billingAddress: billing ? placed(books, billing) : null,
    shippingAddress: shippingAddress ? placed(books, shippingAddress) : null,
  })
  return { company: made, location: id }
}

function join(books: Books, there: Company, customer: string, title: string | null) {
  if (there.contacts.some(each => each.customer === customer))
    refuse(['customerId'], 'Customer is already a contact of this company.', 'TAKEN')
  const id = books.next('companyContact')
  const contacts = [...there.contacts, { id, customer, title }]
  books.companies.put(there.id, { ...there, contacts })
  return { companyContact: contactView(books, { id, customer, title }, contacts.length === 1) }
}

function checkName(name: string | undefined): void {
  if (name === '') refuse(['company', 'name'], "Name can't be blank.", 'BLANK')
  if ((name?.length ?? 0) > 255) refuse(['company', 'name'], 'Name is too long.', 'TOO_LONG')
}

const placed = (books: Books, address: CompanyAddress): CompanyAddress => ({
  ...address,
  id: books.next('companyAddress'),
})

export function companyView(books: Books, row: Company): object {
  const own = () => books.companyLocations.having('company', row.id)
  return {
    ...row,
    __typename: 'Company',
    id: gidOf('Company', row.id),
    defaultRole: { id: gidOf('CompanyContactRole', '1') },
    contacts: (args: object) =>
      connection(
        row.contacts.map((each, at) => contactView(books, each, at === 0)),
        args,
      ),
    locations: (args: object) =>
      connection(
        own().map(each => locationView(books, each)),
        args,
      ),
  }
}

function contactView(
  books: Books,
  { id, customer, title }: Company['contacts'][number],
  isMainContact: boolean,
) {
  const person = books.customers.get(customer)
  return {
    id: gidOf('CompanyContact', id),
    title,
    isMainContact,
    customer: person ? customerView(person) : null,
  }
}

export function locationView(books: Books, row: CompanyLocation): object {
  const company = books.companies.get(row.company)
  const address = (given: CompanyAddress | null) =>
    given && {
      address1: '',
      city: '',
      ...given,
      id: gidOf('CompanyAddress', given.id ?? '0'),
      companyName: company?.name ?? '',
    }
  return {
    ...row,
    ...metafieldsOf(row),
    __typename: 'CompanyLocation',
    id: gidOf('CompanyLocation', row.id),
    currency: books.shop.currency,
    note: null,
    taxSettings: { taxRegistrationId: row.taxRegistrationId, taxExempt: row.taxExempt },
    billingAddress: address(row.billingAddress),
    shippingAddress: address(row.shippingAddress),
    company: () => (company ? companyView(books, company) : null),
    roleAssignments: (args: object) =>
      connection(
        (company?.contacts ?? [])
          .filter(({ id }) => row.people.includes(id))
          .map(each => ({ companyContact: contactView(books, each, false) })),
        args,
      ),
  }
}

/** Who an order is for. */
export function purchaserOf(books: Books, location: string): object | null {
  const there = books.companyLocations.get(location)
  const company = books.companies.get(there?.company ?? '')
  if (!there || !company) return null
  return {
    __typename: 'PurchasingCompany',
    company: companyView(books, company),
    location: locationView(books, there),
    contact: company.contacts[0] ? contactView(books, company.contacts[0], true) : null,
  }
}
