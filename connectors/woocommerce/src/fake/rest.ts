import { WpError, json, listed } from './answers.ts'
import type { Books, NoteDoc } from './books.ts'
import {
  createCustomer,
  customerOrThrow,
  customersIn,
  presentCustomer,
  removeCustomer,
  updateCustomer,
} from './customers.ts'
import {
  addNote,
  createOrder,
  orderOrThrow,
  ordersIn,
  presentOrder,
  presentRefund,
  refundsOf,
  removeOrder,
  updateOrder,
} from './orders.ts'
import {
  childrenOf,
  createProduct,
  presentProduct,
  productOrThrow,
  productsIn,
  removeProduct,
  text,
  updateProduct,
  type Fields,
} from './products.ts'
import { createRefund } from './refunds.ts'
import { createHook, hookOrThrow, presentHook, updateHook } from './webhooks.ts'

export interface Asked {
  readonly method: string
  readonly url: URL
  /** Below /wp-json/wc/v3. */
  readonly path: string
  readonly body: Fields
}

/** A kind of record with the five things that can be done to it; a batch does them many times. */
interface Resource {
  readonly list: (asked: Asked) => Response
  readonly read: (id: number) => object
  readonly create: (fields: Fields) => object
  readonly update: (id: number, fields: Fields) => object
  readonly remove: (id: number, force: boolean) => void
}

/** Answers one call of the REST API. Throws WpError. */
export function answer(books: Books, asked: Asked): Response {
  const now = books.now()
  for (const [pattern, respond] of routes) {
    const match = pattern.exec(asked.path)
    if (!match) continue
    const found = respond(
      books,
      asked,
      match.slice(1).map(part => (/^\d+$/.test(part) ? Number(part) : part)),
    )
    if (found)
      return found instanceof Response ? found : json(found, now, asked.method === 'POST' ? 201 : 200)
  }
  throw new WpError('rest_no_route', 'No route was found matching the URL and request method.', 404)
}

type Respond = (books: Books, asked: Asked, parts: (string | number)[]) => Response | object | null

const routes: readonly (readonly [RegExp, Respond])[] = [
  [
    /^\/(products|orders|customers)(?:\/(batch|\d+))?$/,
    (books, asked, [name, rest]) => resource(resources[String(name)]?.(books), asked, rest, books.now()),
  ],
  [
    /^\/products\/(\d+)\/variations(?:\/(batch|\d+))?$/,
    (books, asked, [parent, rest]) => resource(variations(books, Number(parent)), asked, rest, books.now()),
  ],
  [/^\/orders\/(\d+)\/notes$/, notes],
  [/^\/orders\/(\d+)\/refunds$/, refundsOfOrder],
  [
    /^\/refunds$/,
    (books, { method, url }) =>
      method === 'GET'
        ? listed(url, books.now(), {
            rows: books.refunds.all(),
            idOf: refund => refund.id,
            modified: refund => refund.date_modified_gmt,
            present: presentRefund,
          })
        : null,
  ],
  [/^\/webhooks(?:\/(\d+))?$/, webhooks],
  [
    /^\/taxes$/,
    (books, { url }) =>
      listed(url, books.now(), { rows: books.taxes.all(), idOf: tax => tax.id, present: tax => tax }),
  ],
  [/^\/settings\/\w+\/(\w+)$/, setting],
  [
    /^\/system_status$/,
    books => ({
      environment: { version: '11.0.1', wp_version: '7.0', home_url: 'http://shop.example' },
      settings: { currency: books.options.get('woocommerce_currency')?.value ?? 'EUR' },
    }),
  ],
]

function resource(
  found: Resource | undefined,
  { method, url, body }: Asked,
  rest: string | number | undefined,
  now: number,
): Response | object | null {
  if (!found) return null
  if (rest === 'batch') return method === 'POST' ? json(batch(found, body), now) : null
  if (rest === undefined && method === 'GET') return found.list({ method, url, body, path: '' })
  if (rest === undefined) return method === 'POST' ? found.create(body) : null
  const id = Number(rest)
  if (method === 'GET') return found.read(id)
  // WordPress takes POST for PUT and answers 200.
  if (method === 'PUT' || method === 'POST') return json(found.update(id, body), now)
  if (method !== 'DELETE') return null
  const before = found.read(id)
  found.remove(id, url.searchParams.get('force') === 'true')
  return before
}

/** All of it is answered with 200; what went wrong with one item stands in its place. */
function batch(found: Resource, body: Fields): object {
  const lists = ['create', 'update', 'delete'].map(name => [name, body[name]] as const)
  const count = lists.reduce((sum, [, items]) => sum + (Array.isArray(items) ? items.length : 0), 0)
  if (count > 100)
    throw new WpError(
      'woocommerce_rest_request_entity_too_large',
      'Unable to accept more than 100 items for this request.',
      413,
    )
  const done = lists.flatMap(([name, items]) =>
    Array.isArray(items) ? [[name, (items as unknown[]).map(item => one(found, name, item))] as const] : [],
  )
  return Object.fromEntries(done)
}

function one(found: Resource, name: string, item: unknown): object {
  const fields = (typeof item === 'object' && item !== null ? item : {}) as Fields
  const id = name === 'create' ? 0 : Number(name === 'delete' ? item : (fields['id'] ?? 0))
  try {
    if (name === 'create') return found.create(fields)
    if (name === 'update') return found.update(id, fields)
    const before = found.read(id)
    found.remove(id, true)
    return before
  } catch (error) {
    if (!(error instanceof WpError)) throw error
    return { id, error: error.body() }
  }
}

const resources: Readonly<Record<string, (books: Books) => Resource>> = {
  products: books => ({
    list: ({ url }) =>
      listed(url, books.now(), {
        rows: productsIn(books, url),
        idOf: product => product.id,
        modified: product => product.date_modified_gmt,
        present: product => presentProduct(books, product),
      }),
    read: id => presentProduct(books, productOrThrow(books, id, null)),
    create: fields => presentProduct(books, createProduct(books, fields, null)),
    update: (id, fields) => presentProduct(books, updateProduct(books, id, fields, null)),
    remove: (id, force) => removeProduct(books, id, force),
  }),
  orders: books => ({
    list: ({ url }) =>
      listed(url, books.now(), {
        rows: ordersIn(books, url),
        idOf: order => order.id,
        modified: order => order.date_modified_gmt,
        present: order => presentOrder(books, order),
      }),
    read: id => presentOrder(books, orderOrThrow(books, id)),
    create: fields => presentOrder(books, createOrder(books, fields)),
    update: (id, fields) => presentOrder(books, updateOrder(books, id, fields)),
    remove: (id, force) => removeOrder(books, id, force),
  }),
  // `modified_after` is one of the parameters that customers do not know.
  customers: books => ({
    list: ({ url }) =>
      listed(url, books.now(), {
        rows: customersIn(books, url),
        idOf: customer => customer.id,
        present: presentCustomer,
      }),
    read: id => presentCustomer(customerOrThrow(books, id)),
    create: fields => presentCustomer(createCustomer(books, fields)),
    update: (id, fields) => presentCustomer(updateCustomer(books, id, fields)),
    remove: (id, force) => removeCustomer(books, id, force),
  }),
}

function variations(books: Books, parent: number): Resource {
  productOrThrow(books, parent, null)
  return {
    list: ({ url }) =>
      listed(url, books.now(), {
        rows: childrenOf(books, parent),
        idOf: product => product.id,
        modified: product => product.date_modified_gmt,
        present: product => presentProduct(books, product),
      }),
    read: id => presentProduct(books, productOrThrow(books, id, parent)),
    create: fields => presentProduct(books, createProduct(books, fields, parent)),
    update: (id, fields) => presentProduct(books, updateProduct(books, id, fields, parent)),
    remove: (id, force) => removeProduct(books, productOrThrow(books, id, parent).id, force),
  }
}

function notes(books: Books, { method, body }: Asked, [order]: (string | number)[]): object | null {
  const { id } = orderOrThrow(books, Number(order))
  if (method === 'GET')
    return books.notes
      .filter(note => note.order === id)
      .toReversed()
      .map(presentNote)
  if (method !== 'POST') return null
  return presentNote(addNote(books, id, text(body['note']), body['customer_note'] === true))
}

function presentNote(doc: NoteDoc): object {
  const { order: _, ...note } = doc
  return { ...note, author: 'system', date_created: note.date_created_gmt, added_by_user: false }
}

function refundsOfOrder(books: Books, { method, url, body }: Asked, [order]: (string | number)[]) {
  const { id } = orderOrThrow(books, Number(order))
  if (method === 'POST') return presentRefund(createRefund(books, id, body))
  if (method !== 'GET') return null
  return listed(url, books.now(), {
    rows: refundsOf(books, id),
    idOf: refund => refund.id,
    present: presentRefund,
  })
}

function webhooks(
  books: Books,
  { method, url, body }: Asked,
  [id]: (string | number)[],
): Response | object | null {
  if (id === undefined && method === 'POST') return presentHook(createHook(books, body))
  if (id === undefined) {
    const status = url.searchParams.get('status') ?? 'all'
    const rows = books.hooks.filter(hook => status === 'all' || hook.status === status)
    return listed(url, books.now(), { rows, idOf: hook => hook.id, present: presentHook })
  }
  const hook = hookOrThrow(books, Number(id))
  if (method === 'GET') return presentHook(hook)
  if (method === 'PUT') return presentHook(updateHook(books, hook.id, body))
  if (method !== 'DELETE') return null
  books.hooks.remove(hook.id)
  return presentHook(hook)
}

function setting(books: Books, { method }: Asked, [name]: (string | number)[]): object | null {
  const option = books.options.get(String(name))
  if (!option) throw new WpError('rest_setting_setting_invalid', 'Invalid setting.', 404)
  return method === 'GET' ? { id: name, value: option.value, type: 'select' } : null
}
