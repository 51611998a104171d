import { execute, parse, validate, type DocumentNode, type GraphQLResolveInfo } from 'graphql'
import type { Books } from './books.ts'
import { Bucket } from './bucket.ts'
import { bulkFields, troubleInBulk, withoutEnds } from './bulk.ts'
import { bulkMutationFields, settleMutations } from './bulk-mutations.ts'
import { catalogueFields } from './catalogue.ts'
import { companyFields } from './companies.ts'
import { actualCost, mostPoints, requestedCost } from './cost.ts'
import { fulfilmentFields } from './fulfilment.ts'
import { keyed, once } from './idempotency.ts'
import { Refusal } from './failure.ts'
import { metafieldFields } from './metafields.ts'
import { nodeFields } from './nodes.ts'
import { orderFields } from './orders.ts'
import { peopleFields } from './people.ts'
import { priceListFields } from './price-lists.ts'
import { refundFields } from './refunds.ts'
import { adminSchema } from './schema.ts'
import { shopFields } from './shop.ts'
import { stockFields } from './stock.ts'
import { webhookFields } from './webhooks.ts'

export interface Executed {
  readonly name: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly requested: number
  readonly answer: object
}

interface Surroundings {
  readonly now: () => number
  readonly restoreRate: number
  readonly scopes: readonly string[]
  /** How long a bulk operation takes. */
  readonly bulkMs: number
  readonly searchLagMs: number
}
type Field = (args: never, context: unknown, info: GraphQLResolveInfo) => unknown

/** Answers GraphQL requests as Shopify does: by its schema, within a budget, and with what each was worth. */
export function executor(books: Books, { now, restoreRate, scopes, bulkMs, searchLagMs }: Surroundings) {
  const schema = adminSchema()
  const bucket = new Bucket(now, restoreRate)
  const documents = new Map<string, DocumentNode>()
  const fields: Readonly<Record<string, Field>> = {
    ...shopFields(books, scopes),
    ...nodeFields(books),
    ...catalogueFields(books, searchLagMs),
    ...stockFields(books),
    ...peopleFields(books),
    ...companyFields(books),
    ...priceListFields(books),
    ...orderFields(books),
    ...refundFields(books),
    ...fulfilmentFields(books),
    ...webhookFields(books),
    ...metafieldFields(books),
    ...bulkFields(books, now, bulkMs, inBulk),
    ...bulkMutationFields(books, now, bulkMs, { trouble: troubleInMutation, settle }),
  }
  const rootValue = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      keyed.includes(name) ? withKey(books, field) : field,
    ]),
  )
  async function inBulk(query: string) {
    const document = parse(query)
    const [error] = validate(schema, document)
    const trouble = error?.message ?? troubleInBulk(schema, document)
    if (trouble !== null) throw new Refusal([{ field: ['query'], message: trouble, code: 'INVALID' }])
    const { data } = await execute({ schema, document: withoutEnds(document), rootValue })
    return { ...data }
  }
  function troubleInMutation(text: string): string | null {
    const document = parse(text)
    const [error] = validate(schema, document)
    const [operation] = document.definitions
    if (error) return error.message
    return operation?.kind === 'OperationDefinition' && operation.operation === 'mutation'
      ? null
      : 'Only a mutation can be run.'
  }
  function settle(): Promise<void> {
    return settleMutations(books, now(), async (mutation, variableValues) => {
      const { data } = await execute({ schema, document: parse(mutation), rootValue, variableValues })
      return { ...data }
    })
  }
  return async (body: unknown): Promise<Executed> => {
    await settle()
    const { query, variables, name } = asked(body)
    const document = documents.get(query) ?? parse(query)
    const errors = documents.has(query) ? [] : validate(schema, document)
    if (errors.length > 0)
      return { name, variables, requested: 0, answer: { errors: errors.map(each => each.toJSON()) } }
    documents.set(query, document)
    const [operation] = document.definitions
    if (operation?.kind !== 'OperationDefinition')
      throw new Error('The look-alike takes one operation at a time.')
    const requested = requestedCost(schema, operation, variables)
    if (requested > mostPoints) return { name, variables, requested, answer: tooMuch(requested) }
    const cost = (actual: number | null) => ({
      cost: { requestedQueryCost: requested, actualQueryCost: actual, throttleStatus: bucket.status() },
    })
    if (!bucket.take(requested))
      return { name, variables, requested, answer: { errors: [throttled], extensions: cost(null) } }
    const result = await execute({ schema, document, rootValue, variableValues: variables })
    const actual = actualCost(result.data) + (operation.operation === 'mutation' ? 10 : 0)
    bucket.giveBack(Math.max(0, requested - actual))
    const { data, errors: failed } = result
    const answer = {
      ...(data !== undefined && { data }),
      ...(failed && { errors: failed.map(each => each.toJSON()) }),
    }
    return { name, variables, requested, answer: { ...answer, extensions: cost(actual) } }
  }
}

function withKey(books: Books, field: Field): Field {
  return (args, context, info) => once(books, args, info, () => field(args, context, info) as object)
}

function asked(body: unknown) {
  const { query, variables, operationName } = (body ?? {}) as Readonly<Record<string, unknown>>
  if (typeof query !== 'string') throw new Error('The look-alike was asked nothing.')
  return {
    query,
    variables: (variables ?? {}) as Readonly<Record<string, unknown>>,
    name: typeof operationName === 'string' ? operationName : '',
  }
}

const throttled = { message: 'Throttled', extensions: { code: 'THROTTLED' } }
const tooMuch = (cost: number) => ({
  errors: [
    {
      message: `Query cost is ${cost}, which exceeds the single query max cost limit (${mostPoints}).`,
      extensions: { code: 'MAX_COST_EXCEEDED', cost, maxCost: mostPoints },
    },
  ],
})
