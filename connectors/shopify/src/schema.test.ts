import { readdirSync, readFileSync } from 'node:fs'
import { NoDeprecatedCustomRule, parse, validate, type FieldNode } from 'graphql'
import { describe, expect, test } from 'vitest'
import * as accountAddresses from './account-addresses.ts'
import * as accountSearch from './account-search.ts'
import * as accountWriter from './account-writer.ts'
import * as billList from './bill-list.ts'
import * as bulk from './bulk.ts'
import * as contactsWriter from './company-contacts.ts'
import * as companyWriter from './company-writer.ts'
import * as bulkMutation from './bulk-mutation.ts'
import * as fulfilmentList from './fulfilment-list.ts'
import * as fulfilmentOrders from './fulfilment-orders.ts'
import * as fulfilmentWriter from './fulfilment-writer.ts'
import * as health from './health.ts'
import * as listing from './listing.ts'
import * as load from './load.ts'
import * as metafields from './metafields.ts'
import * as orderList from './order-list.ts'
import * as orderWriter from './order-writer.ts'
import * as priceListRead from './price-list-read.ts'
import * as priceListWriter from './price-list-writer.ts'
import * as productParents from './product-parents.ts'
import * as productWriter from './product-writer.ts'
import * as refundList from './refund-list.ts'
import * as refundWriter from './refund-writer.ts'
import * as refundable from './refundable.ts'
import * as session from './session.ts'
import * as stockMutations from './stock-mutations.ts'
import * as stockRow from './stock-row.ts'
import * as subscriptions from './subscriptions.ts'
import * as variantSearch from './variant-search.ts'
import * as variantWriter from './variant-writer.ts'
import { accountNodes, customerAddresses, customerMetafields, customersInBulk } from './account-row.ts'
import { nameOf, type Operation } from './client.ts'
import { companyContacts, companyLocationNodes, locationMetafields } from './company-row.ts'
import { troubleInBulk } from './fake/bulk.ts'
import { mostPoints, requestedCost } from './fake/cost.ts'
import { keyed } from './fake/idempotency.ts'
import { adminSchema } from './fake/schema.ts'
import { restOfList, type InnerList } from './inner-list.ts'
import { operationOf, type Nodes } from './nodes.ts'
import { orderNodes } from './order-list.ts'
import { orderCharges, orderLines, orderMetafields, ordersInBulk } from './order-selection.ts'
import { catalogueLocations, priceListNodes } from './price-list-read.ts'
import { priceNodes } from './prices.ts'
import { changedProducts, variantsOf } from './product-changes.ts'
import { productNodes, variantMetafields, variantsInBulk } from './product-row.ts'
import { currentVariants } from './product-writer.ts'
import { refundCharges, refundLines, refundTransactions } from './refund-row.ts'
import { refundableLines } from './refundable.ts'
import { refundedOrders } from './refunds.ts'
import { exchangeLines, returnLines, returnNodes } from './return-row.ts'
import { orderReturns, returnedOrders } from './returns.ts'
import { settings } from './settings.ts'
import { skusOfProduct } from './variant-writer.ts'

const given = settings.parse({
  url: 'https://x.myshopify.com',
  clientId: 'a',
  clientSecret: 'sixteen-letters-',
})
const nodes: readonly Nodes<unknown>[] = [
  orderNodes,
  accountNodes(given),
  companyLocationNodes,
  productNodes,
  changedProducts,
  priceNodes,
  priceListNodes,
  currentVariants,
  returnNodes,
  returnedOrders,
  refundedOrders,
]

const lists: readonly InnerList<unknown>[] = [
  orderLines,
  orderMetafields,
  customerAddresses,
  customerMetafields,
  companyContacts,
  contactsWriter.locationRoles,
  locationMetafields,
  variantMetafields,
  skusOfProduct,
  catalogueLocations,
  orderCharges,
  orderReturns,
  variantsOf,
  refundLines,
  refundableLines,
  refundCharges,
  refundTransactions,
  returnLines,
  exchangeLines,
  fulfilmentOrders.ordersToSend,
  fulfilmentOrders.openLines,
  fulfilmentList.sentLines,
]

/** The most that each asks for at once. */
const most: Readonly<Record<string, object>> = {
  ChangedOrders: { first: 250 },
  ChangedProducts: { first: 250 },
  ChangedCustomers: { first: 250 },
  ChangedCompanies: { first: 250 },
  StockLevels: { ids: Array.from({ length: 100 }, (_, at) => `gid://shopify/ProductVariant/${at}`) },
}

const files = readdirSync(import.meta.dirname).filter(
  name => /^[\w-]+\.ts$/.test(name) && !name.startsWith('rig'),
)
/** All files that hold a question; a test below sees to it that none is missing. */
const modules: readonly object[] = [
  accountAddresses,
  accountSearch,
  accountWriter,
  billList,
  bulk,
  bulkMutation,
  contactsWriter,
  companyWriter,
  fulfilmentList,
  fulfilmentOrders,
  fulfilmentWriter,
  health,
  listing,
  load,
  metafields,
  orderList,
  orderWriter,
  priceListRead,
  priceListWriter,
  productParents,
  productWriter,
  refundList,
  refundWriter,
  refundable,
  session,
  stockMutations,
  stockRow,
  subscriptions,
  variantSearch,
  variantWriter,
]
const operations = modules.flatMap(each => Object.values(each) as readonly unknown[]).flatMap(operationsIn)
const documents = [
  ...operations.map(({ text }) => ({ text, variables: { ...most[nameOf({ text })] } })),
  ...nodes.map(each => ({
    text: operationOf(each).text,
    variables: { ids: Array.from({ length: each.atOnce }, (_, at) => `gid://shopify/${each.type}/${at}`) },
  })),
  ...lists.map(each => ({ text: restOfList(each).text, variables: {} })),
]

describe("every question that we ask, on Shopify's own schema of 2026-10", () => {
  const schema = adminSchema()

  test('none is left out of this test', () => {
    const written = files.flatMap(name => {
      const source = readFileSync(`${import.meta.dirname}/${name}`, 'utf8')
      return [...source.matchAll(/text: [`'](?:query|mutation) (\w+)/g)].map(([, word]) => word)
    })
    expect(written.length).toBeGreaterThan(20)
    expect(operations).toHaveLength(written.length)
    expect(new Set(operations.map(nameOf))).toEqual(new Set(written))
  })

  test.each([
    ['orders', ordersInBulk],
    ['customers', customersInBulk(given)],
    ['variants', variantsInBulk],
  ])('what is asked of all %s in bulk is valid and within the limits of bulk questions', (_, text) => {
    const document = parse(text)
    expect(validate(schema, document).map(({ message }) => message)).toEqual([])
    expect(validate(schema, document, [NoDeprecatedCustomRule]).map(({ message }) => message)).toEqual([])
    expect(troubleInBulk(schema, document)).toBeNull()
    expect(
      troubleInBulk(
        schema,
        parse('{ orders { edges { node { shippingLines { edges { node { id } } } } } } }'),
      ),
    ).toMatch(/Node interface/)
  })

  test('each mutation that Shopify wants a key for has one', () => {
    const withKeys = operations.flatMap(({ text }) =>
      fieldsOf(text)
        .filter(isKeyed)
        .map(({ name }) => name.value),
    )
    const wanted = operations.flatMap(({ text }) =>
      fieldsOf(text).filter(({ name }) => keyed.includes(name.value)),
    )
    expect(withKeys).toEqual(wanted.map(({ name }) => name.value))
    expect(withKeys).toContain('inventorySetQuantities')
    expect(withKeys).toContain('refundCreate')
  })

  test.each(documents.map(each => [nameOf(each), each] as const))(
    '%s is valid, uses nothing that is on its way out, and is worth less than Shopify allows',
    (_, { text, variables }) => {
      const document = parse(text)
      expect(validate(schema, document).map(({ message }) => message)).toEqual([])
      expect(validate(schema, document, [NoDeprecatedCustomRule]).map(({ message }) => message)).toEqual([])
      const [operation] = document.definitions
      if (operation?.kind !== 'OperationDefinition') throw new Error('This is no operation.')
      expect(requestedCost(schema, operation, variables)).toBeLessThanOrEqual(mostPoints)
    },
  )
})

function fieldsOf(text: string): readonly FieldNode[] {
  return parse(text)
    .definitions.flatMap(each => (each.kind === 'OperationDefinition' ? each.selectionSet.selections : []))
    .filter(each => each.kind === 'Field')
}

/** Whether it says `@idempotent(key: $…)`. */
function isKeyed({ directives = [] }: FieldNode): boolean {
  return directives.some(
    ({ name, arguments: given = [] }) => name.value === 'idempotent' && given[0]?.value.kind === 'Variable',
  )
}

function operationsIn(value: unknown): readonly Operation<unknown>[] {
  if (value === null || typeof value !== 'object') return []
  if ('text' in value && 'data' in value && typeof value.text === 'string')
    return [value as Operation<unknown>]
  return Object.values(value).flatMap(each =>
    each !== null && typeof each === 'object' && 'text' in each ? operationsIn(each) : [],
  )
}
