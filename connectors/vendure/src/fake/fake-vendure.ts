import { Faults, page, type Handler, type Shelf } from '@linchpin/lookalike'
import { z } from 'zod'
import { openBooks, stockLocation, type Books } from './books.ts'
import { catalogueOperations } from './catalogue.ts'
import { Failure } from './failure.ts'
import { orderOperations } from './orders.ts'
import { peopleOperations } from './people.ts'
import { addProduct, type Article } from './shelves.ts'
import { placeOrder, type Basket } from './till.ts'

export interface FakeVendure {
  readonly handler: Handler
  readonly faults: Faults
  readonly books: Books
  /** Someone makes a product with one variant in the dashboard; answers the variant's id. */
  readonly addProduct: (article: Article) => string
  /** A shopper goes to the till; answers the order's code and id. */
  readonly placeOrder: (basket: Basket) => { readonly id: string; readonly code: string }
  /** Signs everybody out, as a restart with other cookies or an expired session does. */
  readonly forgetSessions: () => void
}

export interface FakeOptions {
  readonly shelf: Shelf
  readonly now: () => number
  readonly username: string
  readonly password: string
  readonly pricesIncludeTax?: boolean
  /** Whether the shop's owner added the custom fields that the connector can use. */
  readonly customFields?: boolean
  /** Further ones, by entity. */
  readonly ownFields?: Readonly<Record<string, readonly string[]>>
}

type Operations = Readonly<Record<string, (variables: Readonly<Record<string, unknown>>) => object>>

const notice = 'This is a look-alike of Vendure for trying Linchpin. It is not Vendure.'

/**
 * A look-alike of Vendure 3.7.3's Admin API, in this process. It knows the operations that our connector sends, by
 * their names, and answers all fields of a record whichever were asked for. What it does was seen at a real one.
 */
export function fakeVendure(options: FakeOptions): FakeVendure {
  const {
    shelf,
    now,
    username,
    password,
    pricesIncludeTax = true,
    customFields = true,
    ownFields = {},
  } = options
  const fields: Record<string, readonly string[]> = customFields
    ? { Order: ['erpNumber', 'invoices'], Customer: ['vatId'], ProductVariant: ['erpId', 'gtin'] }
    : {}
  for (const [entity, names] of Object.entries(ownFields))
    fields[entity] = [...(fields[entity] ?? []), ...names]
  const books = openBooks(shelf, now, {
    pricesIncludeTax,
    currency: 'EUR',
    currencies: ['EUR', 'USD'],
    customFields: fields,
  })
  const tokens = new Set<string>()
  const operations: Operations = {
    Facts: () => factsOf(books),
    Rights: () => ({ me: { channels: [{ id: '1', permissions: ['Authenticated', 'SuperAdmin'] }] } }),
    ...catalogueOperations(books),
    ...peopleOperations(books),
    ...orderOperations(books),
  }
  const answer: Handler = async request => {
    if (new URL(request.url).pathname !== '/admin-api') return page('Look-alike of Vendure', notice, '')
    const asked = body.safeParse(await request.json().catch(() => null))
    if (!asked.success) return json(now, 400, { errors: [{ message: 'POST body missing or invalid JSON.' }] })
    const { operationName: name, variables } = asked.data
    if (name === 'SignIn') return signIn(variables)
    try {
      const token = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
      if (!token || !tokens.has(token))
        throw new Failure('FORBIDDEN', 'You are not currently authorized to perform this action')
      const operation = operations[name]
      if (!operation) throw new Failure('GRAPHQL_VALIDATION_FAILED', `The look-alike does not know ${name}.`)
      return json(now, 200, { data: operation(variables) })
    } catch (error) {
      return failed(now, error)
    }
  }
  const signIn = (given: Readonly<Record<string, unknown>>) => {
    const isRight = given['username'] === username && given['password'] === password
    if (!isRight) return json(now, 200, { data: { login: { errorCode: 'INVALID_CREDENTIALS_ERROR' } } })
    const token = `fake-token-${tokens.size + 1}-${now()}`
    tokens.add(token)
    return json(now, 200, { data: { login: { id: '1' } } }, { 'vendure-auth-token': token })
  }
  const faults = new Faults()
  return {
    handler: faults.wrap(answer),
    faults,
    books,
    addProduct: article => addProduct(books, article),
    placeOrder: basket => placeOrder(books, basket),
    forgetSessions: () => tokens.clear(),
  }
}

const body = z.object({
  operationName: z.string(),
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).default({}),
})

function factsOf({ channel }: Books): object {
  return {
    activeChannel: {
      id: '1',
      code: '__default_channel__',
      pricesIncludeTax: channel.pricesIncludeTax,
      defaultCurrencyCode: channel.currency,
      availableCurrencyCodes: channel.currencies,
      defaultLanguageCode: 'en',
      defaultTaxZone: { id: '1' },
    },
    globalSettings: {
      serverConfig: {
        moneyStrategyPrecision: 2,
        entityCustomFields: Object.entries(channel.customFields).map(([entityName, names]) => ({
          entityName,
          customFields: names.map(name => ({ name, type: 'string' })),
        })),
      },
    },
    stockLocations: { items: [stockLocation] },
  }
}

function failed(now: () => number, error: unknown): Response {
  if (error instanceof z.ZodError) return failed(now, new Failure('BAD_USER_INPUT', error.message))
  if (!(error instanceof Failure)) throw error
  const { message, code } = error
  const status = code === 'GRAPHQL_VALIDATION_FAILED' || code === 'BAD_USER_INPUT' ? 400 : 200
  return json(now, status, {
    errors: [{ message, extensions: { code } }],
    ...(status === 200 && { data: null }),
  })
}

function json(
  now: () => number,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): Response {
  return Response.json(value, {
    status,
    headers: { date: new Date(now()).toUTCString(), 'x-look-alike': 'Vendure', ...headers },
  })
}
