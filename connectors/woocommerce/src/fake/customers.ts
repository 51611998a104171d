import { WpError, invalidParam } from './answers.ts'
import { mergedMeta, stampOf, type Books, type CustomerDoc, type Postal } from './books.ts'
import { text, type Fields } from './products.ts'

const FIELDS = 'first_name last_name company address_1 address_2 city postcode country state phone'.split(' ')

export function postalOf(before: Postal, written: unknown, isBilling: boolean): Postal {
  const given = (typeof written === 'object' && written !== null ? written : {}) as Fields
  const names = isBilling ? [...FIELDS, 'email'] : FIELDS
  return Object.fromEntries(names.map(name => [name, text(given[name], before[name] ?? '')]))
}

export function customersIn(books: Books, url: URL): CustomerDoc[] {
  const email = url.searchParams.get('email')?.toLowerCase()
  const role = url.searchParams.get('role') ?? 'customer'
  return books.customers
    .filter(each => role === 'all' || each.role === role)
    .filter(each => email === undefined || each.email.toLowerCase() === email)
}

export function customerOrThrow(books: Books, id: number, status = 404): CustomerDoc {
  const customer = books.customers.get(id)
  if (!customer) throw new WpError('woocommerce_rest_invalid_id', 'Invalid resource ID.', status)
  return customer
}

export function createCustomer(books: Books, fields: Fields): CustomerDoc {
  const email = checkedEmail(books, fields['email'], null)
  const now = stampOf(books.now())
  const id = books.nextId('users')
  const blank: CustomerDoc = {
    id,
    email,
    first_name: '',
    last_name: '',
    username: email.split('@')[0] ?? email,
    role: 'customer',
    billing: postalOf({}, {}, true),
    shipping: postalOf({}, {}, false),
    meta_data: [],
    date_created_gmt: now,
    date_modified_gmt: now,
  }
  const customer = books.customers.put(id, written(books, blank, fields))
  books.tell('customer', 'created', id)
  return customer
}

export function updateCustomer(books: Books, id: number, fields: Fields): CustomerDoc {
  const before = customerOrThrow(books, id, 400)
  if (fields['email'] !== undefined) checkedEmail(books, fields['email'], id)
  const after = { ...written(books, before, fields), date_modified_gmt: stampOf(books.now()) }
  books.customers.put(id, after)
  books.tell('customer', 'updated', id)
  return after
}

/** Users have no trash. */
export function removeCustomer(books: Books, id: number, force: boolean): void {
  customerOrThrow(books, id)
  if (!force)
    throw new WpError('woocommerce_rest_trash_not_supported', 'Customers do not support trashing.', 501)
  books.customers.remove(id)
  books.tell('customer', 'deleted', id)
}

export function presentCustomer(customer: CustomerDoc): object {
  return {
    ...customer,
    date_created: customer.date_created_gmt,
    date_modified: customer.date_modified_gmt,
    is_paying_customer: false,
    avatar_url: `https://secure.gravatar.com/avatar/${customer.id}`,
    _links: { self: [{ href: `/wp-json/wc/v3/customers/${customer.id}` }] },
  }
}

function checkedEmail(books: Books, written: unknown, id: number | null): string {
  const email = text(written)
  if (email === '')
    throw new WpError('rest_missing_callback_param', 'Missing parameter(s): email', 400, {
      params: ['email'],
    })
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) throw invalidParam('email', 'Invalid email address.')
  const same = books.customers.find(
    each => each.id !== id && each.email.toLowerCase() === email.toLowerCase(),
  )
  if (!same) return email
  throw new WpError(
    'registration-error-email-exists',
    'An account is already registered with your email address. <a href="#" class="showlogin">Please log in.</a>',
    400,
  )
}

function written(books: Books, before: CustomerDoc, fields: Fields): CustomerDoc {
  return {
    ...before,
    email: text(fields['email'], before.email),
    first_name: text(fields['first_name'], before.first_name),
    last_name: text(fields['last_name'], before.last_name),
    billing: postalOf(before.billing, fields['billing'], true),
    shipping: postalOf(before.shipping, fields['shipping'], false),
    meta_data: mergedMeta(books, before.meta_data, fields['meta_data']),
  }
}
