import {
  findEach,
  Problem,
  restOf,
  writeEach,
  type Outcome,
  type Write,
  type Writer,
} from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { at } from './client.ts'
import { versionOf } from './listing.ts'
import { metadataInput, metadataWrite } from './metadata.ts'
import { addVariant, makeProduct, optionsFor, parentOf, updateParent } from './product-parents.ts'
import { readProducts, variantsHaving, type ProductRow } from './product-row.ts'
import type { Session } from './session.ts'
import { taxAtRate } from './taxes.ts'

/** A variant as we write it. A field left out stays as it is. */
export const productWrite = z.object({
  sku: z.string().min(1).optional(),
  name: z.string().min(1).optional(),
  description: z.string().optional(),
  active: z.boolean().optional(),
  gtin: z.string().optional(),
  /** A percentage, of the tax region that the settings name. */
  taxRate: z.string().optional(),
  group: z
    .object({
      code: z.string(),
      name: z.string(),
      options: z.array(z.object({ name: z.string(), value: z.string() })),
    })
    .optional(),
  /** Of the variant. */
  metadata: metadataWrite,
})
export type ProductWrite = z.infer<typeof productWrite>

const productWriteMapping: Mapping = {
  from: 'Product',
  to: 'medusa.Product',
  fields: {
    sku: 'sku',
    name: 'name',
    description: 'description',
    active: 'active',
    gtin: 'gtin',
    taxRate: 'taxRate',
    group: {
      when: { has: 'group.options' },
      then: {
        object: {
          code: 'group.id',
          name: 'group.name',
          options: { each: 'group.options', as: { name: 'name', value: 'value' } },
        },
      },
    },
  },
}

export const productWriter: Writer<Session, ProductWrite> = {
  schema: productWrite,
  mapping: productWriteMapping,
  batch: 1,
  repeat: 'find',
  write: (session, writes) => writeEach(writes, session.io.signal, write => writeProduct(session, write)),
  find: (session, writes) =>
    findEach(writes, async ({ sku }) => (sku === undefined ? null : (await variantOfSku(session, sku))?.id)),
  // As long as a workflow can take until Medusa's database gives up on it.
  settleMs: 60_000,
}

async function writeProduct(session: Session, { key, id, row }: Write<ProductWrite>): Promise<Outcome> {
  const there = id === null ? await variantOfSku(session, skuOf(row)) : await variantOfId(session, id)
  const made = there ? null : await create(session, row)
  if (there) await update(session, there, row)
  const variant = there?.id ?? made?.variant ?? ''
  const product = there?.product.id ?? made?.product ?? ''
  const tax = () => taxAtRate(session, product, row.taxRate, row.sku ?? variant)
  const rest = there ? (await tax(), {}) : await restOf(tax)
  const [now] = await readProducts(session, [variant]).catch(() => [])
  return {
    key,
    is: 'applied',
    id: variant,
    version: now ? versionOf(now) : null,
    ...rest,
    ...(row.sku !== undefined && { number: row.sku }),
  }
}

interface Made {
  readonly product: string
  readonly variant: string
}

/** Product and variant in one workflow, or a further variant of a product that is there. */
async function create(session: Session, row: ProductWrite): Promise<Made> {
  const sku = skuOf(row)
  const { name } = row
  if (name === undefined) throw new Problem('refused', `Product ${sku} has no name; Medusa needs one.`)
  const parent = row.group ? await parentOf(session, row.group.code) : null
  if (parent && row.group) await optionsFor(session, parent, row.group)
  const variant = {
    title: name,
    sku,
    ...codesOf(row.gtin),
    manage_inventory: true,
    prices: [],
    ...metadataInput(null, row.metadata),
  }
  return parent
    ? { product: parent.id, variant: await addVariant(session, parent.id, row, variant) }
    : makeProduct(session, { ...row, sku, name }, variant)
}

async function update(session: Session, now: ProductRow, row: ProductWrite): Promise<void> {
  const codes = codesOf(row.gtin)
  const body = {
    ...(row.sku !== undefined && row.sku !== now.sku && { sku: row.sku }),
    ...(row.name !== undefined && row.name !== now.title && { title: row.name }),
    ...Object.fromEntries(Object.entries(codes).filter(([name, code]) => now[name] !== code)),
    ...metadataInput(now.metadata, row.metadata),
  }
  if (Object.keys(body).length > 0)
    await session.client.post(
      `/products/${at(now.product.id)}/variants/${at(now.id)}`,
      body,
      z.object({ product: z.object({ id: z.string() }) }),
      { fields: 'id' },
    )
  await updateParent(session, now, row)
}

/** 13 or 8 digits are an EAN, 12 a UPC; what is longer goes where Medusa checks nothing. */
function codesOf(gtin: string | undefined): Readonly<Record<string, string>> {
  if (gtin === undefined || gtin === '') return {}
  if (gtin.length === 12) return { upc: gtin }
  return gtin.length > 13 ? { barcode: gtin } : { ean: gtin }
}

function skuOf(row: ProductWrite): string {
  if (row.sku !== undefined) return row.sku
  throw new Problem('refused', 'A product without an SKU cannot be made in Medusa. Give it one in the ERP.')
}

async function variantOfId(session: Session, id: string): Promise<ProductRow> {
  const [variant] = await readProducts(session, [id])
  if (variant) return variant
  throw new Problem('refused', `Variant ${id} is no longer in Medusa. Someone deleted it there.`)
}

async function variantOfSku(session: Session, sku: string): Promise<ProductRow | null> {
  return (await variantsHaving(session, 'sku', sku))[0] ?? null
}
