import { Problem } from '@linchpin/connector'
import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import { at } from './client.ts'
import { channelOf } from './facts.ts'
import { defaultOption, defaultValue, type ProductRow } from './product-row.ts'
import type { ProductWrite } from './product-writer.ts'
import type { Session } from './session.ts'

type Group = NonNullable<ProductWrite['group']>
type Named = ProductWrite & { readonly sku: string; readonly name: string }

const text = z.string()
const parent = z.object({
  id: text,
  external_id: text.nullish(),
  options: z.array(z.object({ id: text, title: text, values: z.array(z.object({ id: text, value: text })) })),
})
type Parent = z.infer<typeof parent>

/** The product of a group: its `external_id` is the group's id in the ERP. */
export async function parentOf(session: Session, code: string): Promise<Parent | null> {
  const { products } = await session.client.get('/products', z.object({ products: z.array(parent) }), {
    external_id: code,
    fields: 'id,external_id,options.id,options.title,options.values.id,options.values.value',
    limit: 10,
  })
  return products.find(each => each.external_id === code) ?? null
}

/** A value that a product's option lacks is added to it; the options themselves stay as they were made. */
export async function optionsFor(session: Session, { id, options }: Parent, group: Group): Promise<void> {
  for (const { name, value } of group.options) {
    const option = options.find(({ title }) => title === name)
    if (!option)
      throw new Problem(
        'refused',
        `The product ${group.name} has no option ${name} in Medusa; it has ${options.map(each => each.title).join(', ')}. Add it there.`,
      )
    if (option.values.some(each => each.value === value)) continue
    await session.client.post(
      `/products/${at(id)}/options/batch`,
      { update: [{ product_option_id: option.id, add: [{ value }] }] },
      z.object({ product: z.object({ id: text }) }),
      { fields: 'id' },
    )
  }
}

export async function addVariant(
  session: Session,
  product: string,
  row: ProductWrite,
  variant: { readonly sku: string },
): Promise<string> {
  const { product: now } = await session.client.post(
    `/products/${at(product)}/variants`,
    { ...variant, options: optionsOf(row) },
    withVariants,
    { fields: 'id,variants.id,variants.sku' },
  )
  return madeOf(now, variant.sku)
}

/** Medusa takes the handle from the title, which two products may share: ours has the SKU in it. */
export async function makeProduct(
  session: Session,
  row: Named,
  variant: { readonly sku: string },
): Promise<{ readonly product: string; readonly variant: string }> {
  const { shippingProfile } = await session.facts()
  const channel = await channelOf(session)
  const options = Object.entries(optionsOf(row))
  const { product } = await session.client.post(
    '/products',
    {
      title: row.group?.name ?? row.name,
      handle: `${slug(row.group?.name ?? row.name)}-${slug(row.group?.code ?? row.sku)}`.slice(0, 100),
      status: row.active === false ? 'draft' : 'published',
      ...(row.description !== undefined && { description: row.description }),
      ...(row.group && { external_id: row.group.code }),
      ...(shippingProfile !== null && { shipping_profile_id: shippingProfile }),
      ...(channel !== null && { sales_channels: [{ id: channel }] }),
      options: options.map(([title, value]) => ({ title, values: [value] })),
      variants: [{ ...variant, options: Object.fromEntries(options) }],
    },
    withVariants,
    { fields: 'id,variants.id,variants.sku' },
  )
  return { product: product.id, variant: madeOf(product, variant.sku) }
}

/** What the product itself says follows its variant as long as it is the only one. */
export async function updateParent(session: Session, now: ProductRow, row: ProductWrite): Promise<void> {
  const { product } = now
  const isSole = now.siblings.length <= 1
  const title = row.group?.name ?? (isSole ? row.name : undefined)
  const description = isSole ? row.description : undefined
  const status = row.active === undefined || (!row.active && !isSole) ? undefined : statusOf(row.active)
  const body = {
    ...(title !== undefined && title !== product.title && { title }),
    ...(description !== undefined && description !== (product.description ?? '') && { description }),
    ...(status !== undefined && status !== product.status && { status }),
  }
  if (Object.keys(body).length > 0)
    await session.client.post(`/products/${at(product.id)}`, body, withVariants.pick({ product: true }), {
      fields: 'id,variants.id,variants.sku',
    })
}

const statusOf = (active: boolean) => (active ? 'published' : 'draft')

function optionsOf({ group }: ProductWrite): Readonly<Record<string, string>> {
  return group
    ? Object.fromEntries(group.options.map(({ name, value }) => [name, value]))
    : { [defaultOption]: defaultValue }
}

function madeOf(product: z.infer<typeof withVariants>['product'], sku: string): string {
  const made = product.variants.find(each => each.sku === sku)
  if (made) return made.id
  throw new Problem('surprise', `Medusa made product ${sku} and does not show it to us.`)
}

const withVariants = z.object({
  product: z.object({ id: text, variants: z.array(z.object({ id: text, sku: text.nullish() })) }),
})

function slug(words: string): string {
  const plain = words
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return plain === '' ? contentHash(words).slice(0, 12) : plain.slice(0, 60)
}
