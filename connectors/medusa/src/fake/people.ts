import { z } from 'zod'
import { fresh, merged, type Books, type Customer } from './books.ts'
import { list } from './lists.ts'
import { missing, wrong } from './refusal.ts'
import type { Routes } from './routes.ts'

const text = z.string()
const maybe = text.nullish()

const customerInput = z.strictObject({
  email: text.optional(),
  first_name: maybe,
  last_name: maybe,
  company_name: maybe,
  phone: maybe,
  metadata: z.record(text, z.unknown()).nullish(),
})
const addressInput = z.looseObject({
  is_default_billing: z.boolean().default(false),
  is_default_shipping: z.boolean().default(false),
})

export function peopleRoutes(books: Books): Routes {
  const { customers, groups } = books
  const customerOf = (id = '') => customers.get(id) ?? missing('Customer', id)
  return {
    'GET /customers': ({ query }) =>
      list(
        'customers',
        customers.all().map(row => customerView(books, row)),
        query,
        { fields: ['id', 'email', 'updated_at'], search: ['email', 'first_name', 'last_name'] },
      ),
    'POST /customers': ({ body }) => {
      const { email = '', ...input } = customerInput.parse(body)
      if (customers.find(row => row.email === email && !row.has_account))
        wrong(`Customer with email: ${email}, has_account: false, already exists.`)
      return { customer: customerView(books, makeCustomer(books, { email, ...input }, 'apk_1')) }
    },
    'POST /customers/:': ({ body, ids }) => {
      const there = customerOf(ids[0])
      const { metadata, ...given } = customerInput.parse(body)
      const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
      const row = { ...there, ...set, metadata: merged(there.metadata, metadata), updated_at: books.stamp() }
      return { customer: customerView(books, customers.put(there.id, row)) }
    },
    // Neither addresses nor groups move the customer's own stamp.
    'POST /customers/:/addresses': ({ body, ids }) => {
      const there = customerOf(ids[0])
      const address = { ...addressInput.parse(body), id: books.next('cuaddr') }
      customers.put(there.id, { ...there, addresses: [...there.addresses, address] })
      return { customer: { id: there.id } }
    },
    'POST /customers/:/addresses/:': ({ body, ids }) => {
      const there = customerOf(ids[0])
      const addresses = there.addresses.map(each => (each.id === ids[1] ? { ...each, ...body } : each))
      customers.put(there.id, { ...there, addresses })
      return { customer: { id: there.id } }
    },
    'GET /customer-groups': ({ query }) =>
      list(
        'customer_groups',
        groups.all().map(row => ({ ...row })),
        query,
        { fields: ['id', 'name'] },
      ),
    'POST /customer-groups': ({ body }) => {
      const { name, metadata } = z
        .object({ name: text, metadata: z.record(text, z.unknown()).optional() })
        .parse(body)
      if (groups.find(row => row.name === name)) wrong(`Customer group with name: ${name}, already exists.`)
      const id = books.next('cusgroup')
      return {
        customer_group: groups.put(id, { ...fresh(books), id, name, metadata: merged(null, metadata) }),
      }
    },
    'POST /customer-groups/:/customers': ({ body, ids }) => {
      const group = groups.get(ids[0] ?? '') ?? missing('Customer group', ids[0])
      for (const id of z.object({ add: z.array(text) }).parse(body).add) {
        const there = customerOf(id)
        customers.put(id, { ...there, groups: [...new Set([...there.groups, group.id])] })
      }
      return { customer_group: group }
    },
  }
}

/** Made by the admin (`by`), by registering, or by a cart: then with neither. */
export function makeCustomer(
  books: Books,
  { metadata, ...given }: z.infer<typeof customerInput>,
  by: string | null,
  has_account = false,
): Customer {
  const id = books.next('cus')
  return books.customers.put(id, {
    ...fresh(books),
    id,
    email: given.email ?? '',
    first_name: given.first_name ?? null,
    last_name: given.last_name ?? null,
    company_name: given.company_name ?? null,
    phone: given.phone ?? null,
    metadata: merged(null, metadata),
    has_account,
    created_by: by,
    groups: [],
    addresses: [],
  })
}

export function customerView({ groups }: Books, row: Customer) {
  return { ...row, groups: row.groups.flatMap(id => groups.get(id) ?? []) }
}
