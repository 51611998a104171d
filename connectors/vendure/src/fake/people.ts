import { z } from 'zod'
import type { Books, Customer } from './books.ts'
import { errorResult, Failure, missing } from './failure.ts'
import { list } from './lists.ts'

const text = z.string()

const customerInput = z.object({
  id: text.optional(),
  emailAddress: text.optional(),
  firstName: text.optional(),
  lastName: text.optional(),
  phoneNumber: text.optional(),
  customFields: z.record(text, z.unknown()).optional(),
})
const addressInput = z.looseObject({ countryCode: text.optional() })

type Operation = (variables: Readonly<Record<string, unknown>>) => object

export function peopleOperations(books: Books): Readonly<Record<string, Operation>> {
  const { customers, groups } = books
  return {
    Customers: ({ options }) => ({
      customers: list(
        customers.all().map(row => customerView(books, row)),
        options,
      ),
    }),
    CreateCustomer: ({ input }) => {
      const given = customerInput.parse(input)
      const there = customers.find(row => row.emailAddress === emailOf(given.emailAddress))
      if (there?.user) return { createCustomer: conflict }
      return { createCustomer: there ? change(books, there, given) : register(books, given) }
    },
    UpdateCustomer: ({ input }) => {
      const { id, ...given } = customerInput.parse(input)
      const there = customers.get(id ?? '') ?? missing('Customer', id)
      const email = given.emailAddress
      const isTaken = customers.find(row => row.id !== there.id && row.emailAddress === emailOf(email))
      return { updateCustomer: email !== undefined && isTaken ? conflict : change(books, there, given) }
    },
    CreateAddress: ({ customer, input }) => {
      const there = customers.get(String(customer)) ?? missing('Customer', customer)
      const { countryCode, ...given } = addressInput.parse(input)
      if (!/^(DE|AT|FR|NL|CH|US)$/.test(countryCode ?? ''))
        throw new Failure('USER_INPUT_ERROR', `The countryCode "${countryCode}" was not recognized`)
      const address = { ...given, id: books.next('address'), country: { code: countryCode } }
      customers.put(there.id, { ...there, addresses: [...there.addresses, address] })
      return { createCustomerAddress: address }
    },
    UpdateAddress: ({ input }) => {
      const { id, ...given } = z.looseObject({ id: text }).parse(input)
      const there =
        customers.find(row => row.addresses.some(each => each.id === id)) ?? missing('Address', id)
      const addresses = there.addresses.map(each => (each.id === id ? { ...each, ...given } : each))
      customers.put(there.id, { ...there, addresses })
      return { updateCustomerAddress: { id } }
    },
    CustomerGroups: ({ options }) => ({
      customerGroups: list(
        groups.all().map(row => ({ ...row })),
        options,
      ),
    }),
    JoinGroup: ({ group, customers: ids }) => {
      for (const id of z.array(text).parse(ids)) {
        const there = customers.get(id) ?? missing('Customer', id)
        customers.put(id, { ...there, groups: [...there.groups, String(group)] })
      }
      return { addCustomersToGroup: { id: String(group) } }
    },
  }
}

/** A customer with a user, as one who registered and as one whom an administrator makes. */
export function register(
  books: Books,
  given: Omit<z.infer<typeof customerInput>, 'id'>,
  isGuest = false,
): Customer {
  const now = books.stamp()
  const id = books.next('customer')
  return books.customers.put(id, {
    id,
    createdAt: now,
    updatedAt: now,
    emailAddress: emailOf(given.emailAddress),
    firstName: given.firstName ?? '',
    lastName: given.lastName ?? '',
    phoneNumber: given.phoneNumber ?? null,
    user: isGuest ? null : { id: books.next('user') },
    groups: [],
    addresses: [],
    customFields: given.customFields ?? {},
  })
}

function change(books: Books, there: Customer, given: Omit<z.infer<typeof customerInput>, 'id'>): Customer {
  return books.customers.put(there.id, {
    ...there,
    emailAddress: given.emailAddress === undefined ? there.emailAddress : emailOf(given.emailAddress),
    firstName: given.firstName ?? there.firstName,
    lastName: given.lastName ?? there.lastName,
    phoneNumber: given.phoneNumber ?? there.phoneNumber,
    user: there.user ?? { id: books.next('user') },
    customFields: { ...there.customFields, ...given.customFields },
    updatedAt: books.stamp(),
  })
}

export function customerView({ groups }: Books, row: Customer) {
  return { ...row, groups: row.groups.flatMap(id => groups.get(id) ?? []) }
}

function emailOf(email = ''): string {
  return email.trim().toLowerCase()
}

const conflict = errorResult('EMAIL_ADDRESS_CONFLICT_ERROR', 'The email address is not available.')
