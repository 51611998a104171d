import { inTurn, Problem, restOf, type Outcome, type Write } from '@linchpin/connector'
import { priceListItem, priceListWrite } from '@linchpin/connector/shop'
import { z } from 'zod'
import { markOf } from './catalogue-name.ts'
import { chunksOf } from './chunks.ts'
import type { Operation } from './client.ts'
import { locationOfAccount } from './company-row.ts'
import { accept, userErrors } from './errors.ts'
import { gid } from './ids.ts'
import { changesOf, isOn, wantedPrices } from './price-list-plan.ts'
import { listMarked, pricesOf, readLists, type ListPrice, type PriceList } from './price-list-read.ts'
import type { Session } from './session.ts'

const text = z.string()

export const shopifyListWrite = priceListWrite.extend({
  name: text.min(1).max(200),
  /** Left out by an ERP that does not say who gets it: then whom the shop gave it to keeps it. */
  accounts: z.array(text).optional(),
  items: z.array(priceListItem.extend({ from: text.optional(), to: text.optional() })),
})
export type PriceListWrite = z.infer<typeof shopifyListWrite>

/** Shopify's lists have no dates: we write what is in force, and answer when that changes. */
export async function writeList(session: Session, { key, id, row }: Write<PriceListWrite>): Promise<Outcome> {
  const { prices, again } = wantedPrices(session, await session.facts(), row)
  const mark = markOf(key)
  const there = id === null ? await listMarked(session, mark) : await known(session, id, row)
  if (there && there.currency !== row.currency)
    throw new Problem(
      'refused',
      `Price list ${row.name} is in ${row.currency}, and in ${there.currency} in Shopify. Delete it there, or correct it in the ERP.`,
    )
  const name = `${row.name}${mark}`
  const list = there?.id ?? (await create(session, name, row))
  if (there && there.name !== name) await rename(session, list, name)
  const companies = (row.accounts ?? []).map(locationOfAccount)
  const work = async () => {
    await haveCatalogue(session, list, there?.catalog ?? null, {
      title: name,
      status: row.active !== false && isOn(row, session.io.now()) ? 'ACTIVE' : 'DRAFT',
      locations: row.accounts && companies.filter(each => each !== null),
    })
    const now = there ? await pricesOf(session, list) : new Map<string, ListPrice>()
    await setPrices(session, list, row, changesOf(now, prices))
    const others = companies.filter(each => each === null).length
    if (others > 0) throw noCompanies(row, others)
  }
  // What comes after the list is there must not look as if it were not.
  const rest = await restOf(work)
  return {
    key,
    is: 'applied',
    id: list,
    version: null,
    number: row.name,
    ...(again !== null && { again }),
    ...rest,
  }
}

function noCompanies({ name }: PriceListWrite, count: number): Problem {
  return new Problem(
    'refused',
    `Price list ${name} is for ${count} who are customers in Shopify and no companies; only companies can have one there.`,
  )
}

async function known(session: Session, id: string, { name }: PriceListWrite): Promise<PriceList> {
  const [list] = await readLists(session, [id])
  if (list) return list
  throw new Problem('refused', `Price list ${name} is no longer in Shopify. Someone deleted it there.`)
}

/** Nothing is added to the shop's own prices, and nothing taken off: what the list does not say costs as it does there. */
async function create({ client }: Session, name: string, { currency }: PriceListWrite): Promise<string> {
  const parent = { adjustment: { type: 'PERCENTAGE_DECREASE', value: 0 } }
  const { priceListCreate } = await client.ask(creating, { input: { name, currency, parent } })
  accept(priceListCreate.userErrors, `Price list ${name} cannot be made in Shopify`)
  if (priceListCreate.priceList) return priceListCreate.priceList.id
  throw new Problem('surprise', `Shopify made price list ${name} and does not show it to us.`)
}

async function rename({ client }: Session, list: string, name: string): Promise<void> {
  const { priceListUpdate } = await client.ask(renaming, { list: gid('PriceList', list), input: { name } })
  accept(priceListUpdate.userErrors, `Price list ${name} cannot be renamed in Shopify`)
}

interface Catalogue {
  readonly title: string
  readonly status: 'ACTIVE' | 'DRAFT'
  /** Undefined: whoever has it. */
  readonly locations: readonly string[] | undefined
}

async function haveCatalogue(
  { client }: Session,
  list: string,
  there: PriceList['catalog'],
  { title, status, locations }: Catalogue,
): Promise<void> {
  const what = `The catalogue of price list ${title} cannot be`
  const context = (ids: readonly string[]) => ({
    companyLocationIds: ids.map(id => gid('CompanyLocation', id)),
  })
  if (!there) {
    const input = { title, status, context: context(locations ?? []), priceListId: gid('PriceList', list) }
    accept((await client.ask(cataloguing, { input })).catalogCreate.userErrors, `${what} made in Shopify`)
    return
  }
  // Shopify knows a catalogue by its kind alone: gid://shopify/Catalog/… leads to nothing.
  const catalogue = gid('CompanyLocationCatalog', there.id)
  if (there.title !== title || there.status !== status) {
    const { catalogUpdate } = await client.ask(updating, { catalogue, input: { title, status } })
    accept(catalogUpdate.userErrors, `${what} changed in Shopify`)
  }
  const now = there.locations
  const more = (locations ?? now).filter(each => !now.includes(each))
  const fewer = now.filter(each => !(locations ?? now).includes(each))
  if (more.length + fewer.length === 0) return
  const { catalogContextUpdate } = await client.ask(giving, {
    catalogue,
    add: more.length > 0 ? context(more) : null,
    remove: fewer.length > 0 ? context(fewer) : null,
  })
  accept(catalogContextUpdate.userErrors, `${what} given to other companies in Shopify`)
}

/** Shopify takes 250 of a kind at once, and a variant has ten breaks at most. */
const variantsAtOnce = 25

async function setPrices(
  { client }: Session,
  list: string,
  { name, currency }: PriceListWrite,
  { set, gone }: ReturnType<typeof changesOf>,
): Promise<void> {
  const money = (amount: string) => ({ amount, currencyCode: currency })
  const send = async (some: readonly (readonly [string, ListPrice])[], removed: readonly string[]) => {
    const gids = (ids: readonly string[]) => ids.map(id => gid('ProductVariant', id))
    const variants = some.map(([variant]) => variant)
    const { quantityPricingByVariantUpdate: done } = await client.ask(pricing, {
      list: gid('PriceList', list),
      input: {
        pricesToAdd: some.map(([variant, { amount }]) => ({
          variantId: gid('ProductVariant', variant),
          price: money(amount),
        })),
        pricesToDeleteByVariantId: gids(removed),
        quantityPriceBreaksToAdd: some.flatMap(([variant, { breaks }]) =>
          breaks.map(({ minimumQuantity, amount }) => ({
            variantId: gid('ProductVariant', variant),
            minimumQuantity,
            price: money(amount),
          })),
        ),
        quantityPriceBreaksToDelete: [],
        quantityPriceBreaksToDeleteByVariantId: gids([...variants, ...removed]),
        quantityRulesToAdd: [],
        quantityRulesToDeleteByVariantId: [],
      },
    })
    accept(done.userErrors, `Prices of price list ${name} are refused by Shopify`)
  }
  await inTurn(chunksOf(set, variantsAtOnce), some => send(some, []))
  await inTurn(chunksOf(gone, variantsAtOnce), some => send([], some))
}

const done = z.object({ userErrors })

const createdData = z.object({
  priceListCreate: done.extend({ priceList: z.object({ id: text }).nullable() }),
})
export const creating: Operation<z.infer<typeof createdData>> = {
  text: `mutation CreatePriceList($input: PriceListCreateInput!) {
    priceListCreate(input: $input) { priceList { id } userErrors { field message code } } }`,
  data: createdData,
}

const renamedData = z.object({ priceListUpdate: done })
export const renaming: Operation<z.infer<typeof renamedData>> = {
  text: `mutation RenamePriceList($list: ID!, $input: PriceListUpdateInput!) {
    priceListUpdate(id: $list, input: $input) { userErrors { field message code } } }`,
  data: renamedData,
}

const cataloguedData = z.object({ catalogCreate: done })
export const cataloguing: Operation<z.infer<typeof cataloguedData>> = {
  text: `mutation CreateCatalogue($input: CatalogCreateInput!) {
    catalogCreate(input: $input) { userErrors { field message code } } }`,
  data: cataloguedData,
}

const updatedData = z.object({ catalogUpdate: done })
export const updating: Operation<z.infer<typeof updatedData>> = {
  text: `mutation ChangeCatalogue($catalogue: ID!, $input: CatalogUpdateInput!) {
    catalogUpdate(id: $catalogue, input: $input) { userErrors { field message code } } }`,
  data: updatedData,
}

const givenData = z.object({ catalogContextUpdate: done })
export const giving: Operation<z.infer<typeof givenData>> = {
  text: `mutation GiveCatalogue($catalogue: ID!, $add: CatalogContextInput, $remove: CatalogContextInput) {
    catalogContextUpdate(catalogId: $catalogue, contextsToAdd: $add, contextsToRemove: $remove) {
      userErrors { field message code } } }`,
  data: givenData,
}

const pricedData = z.object({ quantityPricingByVariantUpdate: done })
export const pricing: Operation<z.infer<typeof pricedData>> = {
  text: `mutation SetListPrices($list: ID!, $input: QuantityPricingByVariantUpdateInput!) {
    quantityPricingByVariantUpdate(priceListId: $list, input: $input) { userErrors { field message code } } }`,
  data: pricedData,
}
