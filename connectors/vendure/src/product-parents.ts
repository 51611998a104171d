import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { customFieldsInput } from './custom-fields.ts'
import type { ProductWrite } from './product-writer.ts'
import type { Session } from './session.ts'

type Group = NonNullable<ProductWrite['group']>

/** The product that a new variant belongs to: found by what we gave it when its first variant was made, or made now. */
export async function ensureProduct(
  session: Session,
  row: ProductWrite & { readonly sku: string; readonly name: string },
): Promise<string> {
  const found = row.group ? await productOfGroup(session, row.group) : await orphanOf(session, row)
  if (found !== null) return found
  const { channel } = await session.facts()
  const name = row.group?.name ?? row.name
  const translation = {
    languageCode: channel.defaultLanguageCode,
    name,
    slug: slugOf(row),
    description: row.description ?? '',
  }
  const { createProduct } = await session.client.ask(creating, {
    input: { enabled: true, translations: [translation] },
  })
  return createProduct.id
}

/** The ids of these options of a product; the groups and values that it lacks are made. */
export async function ensureOptions(
  session: Session,
  product: string,
  group: Group,
): Promise<readonly string[]> {
  const { channel } = await session.facts()
  const named = (name: string) => [{ languageCode: channel.defaultLanguageCode, name }]
  const { product: there } = await session.client.ask(optionsOfProduct, { id: product })
  const ids: string[] = []
  for (const { name, value } of group.options) {
    const attached = there?.optionGroups.find(each => each.name === name)
    const found = attached ?? (await optionGroup(session, codeOf(group, name)))
    const inUse =
      found ??
      (
        await session.client.ask(creatingGroup, {
          input: { code: codeOf(group, name), translations: named(name), options: [] },
        })
      ).createProductOptionGroup
    if (!attached) await session.client.ask(attaching, { product, group: inUse.id })
    const option =
      inUse.options.find(each => each.name === value) ??
      (
        await session.client.ask(creatingOption, {
          input: { productOptionGroupId: inUse.id, code: slug(value), translations: named(value) },
        })
      ).createProductOption
    ids.push(option.id)
  }
  return ids
}

/** What the product itself says follows its variant as long as it is the only one. */
export async function updateProduct(
  session: Session,
  now: {
    readonly id: string
    readonly name: string
    readonly description: string
    readonly enabled: boolean
    readonly variantList: { readonly totalItems: number }
  },
  row: ProductWrite,
): Promise<void> {
  const isSole = now.variantList.totalItems <= 1
  const name = row.group?.name ?? (isSole ? row.name : undefined)
  const description = isSole ? row.description : undefined
  const translation = {
    ...(name !== undefined && name !== now.name && { name }),
    ...(description !== undefined && description !== now.description && { description }),
  }
  const { channel } = await session.facts()
  const input = {
    ...(row.enabled === true && !now.enabled && { enabled: true }),
    ...(Object.keys(translation).length > 0 && {
      translations: [{ languageCode: channel.defaultLanguageCode, ...translation }],
    }),
  }
  if (Object.keys(input).length > 0) await session.client.ask(updating, { input: { id: now.id, ...input } })
}

/** Custom fields that only products have, not variants: the last variant's word counts. */
export async function setProductFields(
  session: Session,
  now: { readonly id: string; readonly customFields?: Readonly<Record<string, unknown>> | null | undefined },
  wanted: Readonly<Record<string, unknown>>,
): Promise<void> {
  const input = customFieldsInput(now.customFields, wanted)
  if (input.customFields) await session.client.ask(updating, { input: { id: now.id, ...input } })
}

/** A product that an earlier try made, and whose variant it did not come to. */
async function orphanOf(
  session: Session,
  row: ProductWrite & { readonly sku: string; readonly name: string },
): Promise<string | null> {
  const { product } = await session.client.ask(productBySlug, { slug: slugOf(row) })
  return product && product.variants.length === 0 ? product.id : null
}

/** By the code of an option group: names and slugs are edited by people, codes are not. */
async function productOfGroup(session: Session, group: Group): Promise<string | null> {
  for (const { name } of group.options) {
    const found = await optionGroup(session, codeOf(group, name))
    if (!found) continue
    const { products } = await session.client.ask(productsOfOptionGroup, {
      options: { filter: { optionGroupId: { eq: found.id } }, take: 1 },
    })
    if (products.items[0]) return products.items[0].id
  }
  const { product } = await session.client.ask(productBySlug, { slug: slugOfGroup(group) })
  return product && product.variants.length === 0 ? product.id : null
}

async function optionGroup(session: Session, code: string) {
  const { productOptionGroups } = await session.client.ask(optionGroups, {
    options: { filter: { code: { eq: code } }, take: 1 },
  })
  return productOptionGroups.items[0]
}

function slugOf(row: ProductWrite & { readonly sku: string; readonly name: string }): string {
  return row.group ? slugOfGroup(row.group) : `${slug(row.name)}-${slug(row.sku)}`.slice(0, 100)
}

function slugOfGroup({ code, name }: Group): string {
  return `${slug(name)}-${slug(code)}`.slice(0, 100)
}

/** Readable, and different for codes that look alike once they are slugs. */
function codeOf({ code }: Group, option: string): string {
  return `${slug(code).slice(0, 40)}-${slug(option).slice(0, 40)}-${contentHash([code, option]).slice(0, 8)}`
}

function slug(text: string): string {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return plain === '' ? contentHash(text).slice(0, 12) : plain
}

const withId = z.object({ id: z.string() })
const options = z.array(z.object({ id: z.string(), name: z.string() }))
const groupData = z.object({ id: z.string(), name: z.string(), options })
const groupFields = 'id name options { id name }'

const createdData = z.object({ createProduct: withId })
const creating: Operation<z.infer<typeof createdData>> = {
  text: 'mutation CreateProduct($input: CreateProductInput!) { createProduct(input: $input) { id } }',
  data: createdData,
}

const updatedData = z.object({ updateProduct: withId })
const updating: Operation<z.infer<typeof updatedData>> = {
  text: 'mutation UpdateProduct($input: UpdateProductInput!) { updateProduct(input: $input) { id } }',
  data: updatedData,
}

const bySlugData = z.object({ product: withId.extend({ variants: z.array(withId) }).nullable() })
const productBySlug: Operation<z.infer<typeof bySlugData>> = {
  text: 'query ProductBySlug($slug: String!) { product(slug: $slug) { id variants { id } } }',
  data: bySlugData,
}

const productsData = z.object({ products: z.object({ items: z.array(withId) }) })
const productsOfOptionGroup: Operation<z.infer<typeof productsData>> = {
  text: 'query ProductsOfGroup($options: ProductListOptions) { products(options: $options) { items { id } } }',
  data: productsData,
}

const optionGroupsData = z.object({ productOptionGroups: z.object({ items: z.array(groupData) }) })
const optionGroups: Operation<z.infer<typeof optionGroupsData>> = {
  text: `query OptionGroups($options: ProductOptionGroupListOptions) {
    productOptionGroups(options: $options) { items { ${groupFields} } } }`,
  data: optionGroupsData,
}

const optionsOfProductData = z.object({ product: z.object({ optionGroups: z.array(groupData) }).nullable() })
const optionsOfProduct: Operation<z.infer<typeof optionsOfProductData>> = {
  text: `query OptionsOfProduct($id: ID!) { product(id: $id) { optionGroups { ${groupFields} } } }`,
  data: optionsOfProductData,
}

const createdGroupData = z.object({ createProductOptionGroup: groupData })
const creatingGroup: Operation<z.infer<typeof createdGroupData>> = {
  text: `mutation CreateOptionGroup($input: CreateProductOptionGroupInput!) {
    createProductOptionGroup(input: $input) { ${groupFields} } }`,
  data: createdGroupData,
}

const attachedData = z.object({ addOptionGroupToProduct: withId })
const attaching: Operation<z.infer<typeof attachedData>> = {
  text: `mutation AttachOptionGroup($product: ID!, $group: ID!) {
    addOptionGroupToProduct(productId: $product, optionGroupId: $group) { id } }`,
  data: attachedData,
}

const createdOptionData = z.object({ createProductOption: z.object({ id: z.string(), name: z.string() }) })
const creatingOption: Operation<z.infer<typeof createdOptionData>> = {
  text: `mutation CreateOption($input: CreateProductOptionInput!) {
    createProductOption(input: $input) { id name } }`,
  data: createdOptionData,
}
