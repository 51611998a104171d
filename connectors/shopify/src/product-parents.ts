import { Problem } from '@linchpin/connector'
import { contentHash, isPositive } from '@linchpin/model'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { accept, userErrors } from './errors.ts'
import { gid } from './ids.ts'
import type { Current, ProductWrite } from './product-writer.ts'
import type { Session } from './session.ts'
import { inventoryOf, optionValues } from './variant-writer.ts'

type Named = ProductWrite & { readonly sku: string; readonly name: string }

/**
 * A new product with one variant, in one request: both are there or none. It is a draft at first, since a variant
 * without a price costs nothing in Shopify; the first write that finds a price shows it. Answers the variant's id.
 * `productSet` is told no identifier: of a product that another node made meanwhile it would delete the variants.
 */
export async function createProduct(session: Session, row: Named): Promise<string> {
  const handle = handleOf(row)
  const { productSet } = await session.client.ask(creating, {
    input: {
      handle,
      title: row.group?.name ?? row.name,
      status: 'DRAFT',
      ...(row.description !== undefined && { descriptionHtml: htmlOf(row.description) }),
      ...(row.vendor !== undefined && { vendor: row.vendor }),
      ...(row.productType !== undefined && { productType: row.productType }),
      productOptions: (row.group?.options ?? [standalone]).map(({ name, value }, at) => ({
        name,
        position: at + 1,
        values: [{ name: value }],
      })),
      variants: [
        {
          optionValues: optionValues(row.group?.options ?? [standalone]),
          ...(row.barcode !== undefined && { barcode: row.barcode }),
          inventoryItem: inventoryOf(row),
        },
      ],
    },
  })
  if (productSet.userErrors.some(({ code }) => code === 'HANDLE_NOT_UNIQUE'))
    throw new Problem('conflict', `The product of ${row.sku} was made in Shopify at the same moment.`)
  accept(productSet.userErrors, `Product ${row.sku} cannot be made in Shopify`)
  const made = productSet.product?.variants.nodes[0]
  if (made) return made.id
  throw new Problem('surprise', `Shopify made product ${row.sku} and does not show it to us.`)
}

/** What the product itself says follows its variant as long as it is the only one. */
export async function updateProduct(
  session: Session,
  { price, product }: Current,
  row: ProductWrite,
): Promise<void> {
  const isSole = (product.variantsCount?.count ?? 1) <= 1
  const title = row.group?.name ?? (isSole ? row.name : undefined)
  const html = isSole && row.description !== undefined ? htmlOf(row.description) : undefined
  const status = statusOf(row.enabled, isPositive(price), isSole)
  const input = {
    ...(title !== undefined && title !== product.title && { title }),
    ...(html !== undefined && html !== product.descriptionHtml && { descriptionHtml: html }),
    ...(status !== undefined && status !== product.status && { status }),
    ...(row.vendor !== undefined && row.vendor !== product.vendor && { vendor: row.vendor }),
    ...(row.productType !== undefined &&
      row.productType !== product.productType && { productType: row.productType }),
  }
  if (Object.keys(input).length === 0) return
  const { productUpdate } = await session.client.ask(updating, {
    product: { id: gid('Product', product.id), ...input },
  })
  accept(productUpdate.userErrors, `Product ${title ?? product.title} cannot be changed in Shopify`)
}

/** One of several variants that is taken off sale leaves the others on sale. */
function statusOf(enabled: boolean | undefined, isPriced: boolean, isSole: boolean): string | undefined {
  if (enabled === true) return isPriced ? 'ACTIVE' : undefined
  return enabled === false && isSole ? 'DRAFT' : undefined
}

/** A product that an app makes is in no sales channel by itself. */
export async function publish(session: Session, product: string): Promise<void> {
  const wanted = session.settings.publications
  if (wanted.length === 0) return
  const { publications } = await session.client.ask(listingChannels)
  const channels = publications.nodes.filter(({ catalog }) => catalog && wanted.includes(catalog.title))
  const missing = wanted.filter(name => !channels.some(({ catalog }) => catalog?.title === name))
  if (missing.length > 0)
    throw new Problem(
      'settings',
      `The shop has no sales channel '${missing.join("', '")}'. Correct \`publications\` in the settings.`,
    )
  const input = channels.map(({ id }) => ({ publicationId: gid('Publication', id) }))
  const { publishablePublish } = await session.client.ask(publishing, { id: gid('Product', product), input })
  accept(publishablePublish.userErrors, 'A new product cannot be published in Shopify')
}

/** Unique in Shopify, and the same each time we come: it is how a product of ours is found again. */
export function handleOf({ group, sku }: ProductWrite): string {
  const code = group ? `group ${group.code}` : (sku ?? '')
  const plain = (group?.code ?? sku ?? '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
  return `${plain || 'product'}-${contentHash(code).slice(0, 8)}`
}

/** What Shopify calls the option of a product that has none. */
const standalone = { name: 'Title', value: 'Default Title' }

/** Plain text as HTML: Shopify shows descriptions as they are. */
function htmlOf(text: string): string {
  if (/<\w+[^>]*>/.test(text)) return text
  const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
  return escaped.replace(/\n/g, '<br>')
}

const createdData = z.object({
  productSet: z.object({
    product: z.object({ variants: z.object({ nodes: z.array(z.object({ id: z.string() })) }) }).nullable(),
    userErrors,
  }),
})
export const creating: Operation<z.infer<typeof createdData>> = {
  text: `mutation CreateProduct($input: ProductSetInput!) {
    productSet(input: $input, synchronous: true) {
      product { variants(first: 1) { nodes { id } } } userErrors { field message code } } }`,
  data: createdData,
}

const updatedData = z.object({ productUpdate: z.object({ userErrors }) })
export const updating: Operation<z.infer<typeof updatedData>> = {
  text: `mutation UpdateProduct($product: ProductUpdateInput!) {
    productUpdate(product: $product) { userErrors { field message } } }`,
  data: updatedData,
}

const channelsData = z.object({
  publications: z.object({
    nodes: z.array(z.object({ id: z.string(), catalog: z.object({ title: z.string() }).nullable() })),
  }),
})
export const listingChannels: Operation<z.infer<typeof channelsData>> = {
  text: 'query Channels { publications(first: 50) { nodes { id catalog { title } } } }',
  data: channelsData,
}

const publishedData = z.object({ publishablePublish: z.object({ userErrors }) })
export const publishing: Operation<z.infer<typeof publishedData>> = {
  text: `mutation Publish($id: ID!, $input: [PublicationInput!]!) {
    publishablePublish(id: $id, input: $input) { userErrors { field message } } }`,
  data: publishedData,
}
