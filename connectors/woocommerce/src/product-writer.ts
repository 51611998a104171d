import { inTurn, Problem, Unanswered, type Outcome, type Write, type Writer } from '@linchpin/connector'
import { z } from 'zod'
import { sendBatch, type Item } from './batch.ts'
import { record, Refusal, type Session } from './client.ts'
import { numberOf } from './ids.ts'
import { metaOf, metaWrite } from './meta.ts'
import { ensureParent } from './product-parent.ts'
import { readProducts, sellable } from './product-read.ts'
import type { RawProduct } from './product-row.ts'
import { findBySku, snapshotOf } from './products.ts'
import { shopOf } from './shop.ts'
import { taxClassOf } from './tax-class.ts'
import { fromKilograms } from './weight.ts'
import { metaValue } from './wire.ts'

const productWrite = z.object({
  sku: z.string().optional(),
  name: z.string().min(1).optional(),
  description: z.string().optional(),
  status: z.enum(['publish', 'draft']).optional(),
  virtual: z.boolean().optional(),
  global_unique_id: z.string().optional(),
  weight_kg: z.string().optional(),
  /** A percentage; the writer finds the tax class that has it. */
  tax_rate: z.string().optional(),
  group: z
    .object({
      id: z.string(),
      name: z.string(),
      options: z.array(z.object({ name: z.string(), value: z.string() })),
    })
    .optional(),
  meta_data: metaWrite,
})
export type ProductWrite = z.infer<typeof productWrite>

/** Where our key stands on what we created. */
const KEY = '_linchpin_key'

export const productWriter: Writer<Session, ProductWrite> = {
  schema: productWrite,
  mapping: {
    from: 'Product',
    to: 'woocommerce.Product',
    fields: {
      sku: 'sku',
      name: { first: ['group.name', 'name'] },
      description: 'description',
      status: {
        when: { is: ['active', { constant: true }] },
        then: { constant: 'publish' },
        else: { constant: 'draft' },
      },
      virtual: {
        when: { in: ['kind', ['service', 'giftCard']] },
        then: { constant: true },
        else: { constant: false },
      },
      global_unique_id: 'gtin',
      weight_kg: 'weightKg',
      tax_rate: 'taxRate',
      group: 'group',
    },
  },
  batch: 100,
  // An SKU exists once in a shop: a second create is refused with the id of the first, and that carries our key.
  repeat: 'safe',
  write: writeProducts,
}

interface Planned {
  readonly write: Write<ProductWrite>
  readonly path: string
  readonly item: Item
}

async function writeProducts(session: Session, writes: readonly Write<ProductWrite>[]): Promise<Outcome[]> {
  const unique = [...new Map(writes.map(write => [write.key, write])).values()]
  const skus = unique.flatMap(({ id, row }) => (id === null && row.sku ? [row.sku] : []))
  const taken = await findBySku(session, skus)
  const results = new Map<string, RawProduct | Problem>()
  const alive = await readProducts(
    session,
    unique.flatMap(({ id }) => numberOf((id ?? '').split('/')[0] ?? '') ?? []),
  )
  const planned: Planned[] = []
  for (const write of unique)
    try {
      planned.push(await plan(session, write, taken, alive))
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem
      results.set(write.key, problem)
    }
  for (const path of new Set(planned.map(each => each.path))) {
    const group = planned.filter(each => each.path === path)
    const answers = await sendBatch(
      session,
      path,
      group.map(({ item }) => item),
    )
    for (const [at, { write }] of group.entries()) results.set(write.key, answers[at] as RawProduct | Problem)
  }
  return inTurn(writes, write => outcomeOf(session, write, results.get(write.key), planned))
}

async function plan(
  session: Session,
  write: Write<ProductWrite>,
  taken: readonly { id: string; sku: string; raw: RawProduct }[],
  alive: ReadonlyMap<number, RawProduct>,
): Promise<Planned> {
  const { row, key } = write
  const id = write.id ?? idOfOurs(write, taken)
  const [first = 0, variation] = (id ?? '').split('/').map(part => numberOf(part) ?? 0)
  if (id !== null && (first === 0 || variation === 0))
    throw new Problem('refused', `Product ${id} is not an id of the shop.`)
  // Writing to what lies in the trash would bring it back.
  if (write.id !== null && !alive.has(first))
    throw new Problem('refused', `Product ${write.id} is no longer in the shop, or lies in its trash.`)
  const fields = await fieldsOf(session, row, id === null ? key : null)
  if (variation === undefined && (id !== null || !row.group))
    return { write, path: '/products', item: { id: first || null, fields } }
  const parent = row.group
    ? await ensureParent(session, { known: first || null, group: row.group, key, status: row.status })
    : first
  const { name: _, ...rest } = fields
  const attributes = row.group?.options.map(({ name, value }) => ({ name, option: value }))
  return {
    write,
    path: `/products/${parent}/variations`,
    item: {
      id: variation ?? null,
      fields: {
        ...rest,
        ...(attributes && { attributes }),
        // A variation is not shown or shown; `private` is what the box "Enabled" writes when it is cleared.
        ...(row.status && { status: row.status === 'draft' ? 'private' : row.status }),
      },
    },
  }
}

/** The product that an earlier try of this create made. One of another origin with the same SKU is nobody's to take. */
function idOfOurs(
  { row, key }: Write<ProductWrite>,
  taken: readonly { id: string; sku: string; raw: RawProduct }[],
): string | null {
  if (!row.sku)
    throw new Problem(
      'refused',
      `Product "${row.name ?? ''}" has no SKU. The shop needs one to know it again by.`,
    )
  if (!row.name) throw new Problem('refused', `Product ${row.sku} has no name. Give it one.`)
  // The shop's database compares SKUs without regard to case.
  const same = taken.find(each => each.sku.toLowerCase() === row.sku?.toLowerCase())
  if (!same) return null
  if (metaValue(same.raw, KEY) === key) return same.id
  throw new Problem(
    'refused',
    `SKU ${row.sku} is in the shop already, as product ${same.id}. Link the two, or change one.`,
  )
}

async function fieldsOf(
  session: Session,
  row: ProductWrite,
  createKey: string | null,
): Promise<Record<string, unknown>> {
  const { weight_kg: weight, tax_rate: rate, group: _, meta_data: custom, ...fields } = row
  const key = createKey === null ? [] : [{ key: KEY, value: createKey }]
  const meta = [...key, ...metaOf(custom)]
  return {
    ...fields,
    ...(weight !== undefined && { weight: fromKilograms(weight, (await shopOf(session)).weightUnit) }),
    ...(rate !== undefined && { tax_class: await taxClassOf(session, rate) }),
    ...(meta.length > 0 && { meta_data: meta }),
    // Without it a new product counts as in stock, and is sold before its stock is known.
    ...(createKey !== null && row.virtual !== true && { manage_stock: true, stock_quantity: 0 }),
  }
}

async function outcomeOf(
  session: Session,
  write: Write<ProductWrite>,
  result: RawProduct | Problem | undefined,
  planned: readonly Planned[],
): Promise<Outcome> {
  const { key } = write
  if (result === undefined)
    return { key, is: 'unknown', problem: new Problem('passing', 'The shop did not say what became of it.') }
  const path = planned.find(each => each.write.key === key)?.path ?? '/products'
  const raw = result instanceof Refusal ? ((await ours(session, write, result, path)) ?? result) : result
  if (raw instanceof Problem)
    return { key, is: raw instanceof Unanswered ? 'unknown' : 'refused', problem: raw }
  const parent = numberOf(path.split('/')[2] ?? '')
  return {
    key,
    is: 'applied',
    id: parent === null ? String(raw.id) : `${parent}/${raw.id}`,
    version: await versionOf(session, raw, parent),
    number: raw.sku,
  }
}

/** The SKU is taken: by the very create whose answer was lost, when it carries our key. */
async function ours(
  session: Session,
  write: Write<ProductWrite>,
  refusal: Refusal,
  path: string,
): Promise<RawProduct | null> {
  const id = Number(refusal.data['resource_id'])
  if (write.id !== null || refusal.code !== 'product_invalid_sku' || !Number.isInteger(id)) return null
  try {
    const raw = await record<RawProduct>(session, 'GET', `${path}/${id}`)
    return metaValue(raw, KEY) === write.key ? raw : null
  } catch (problem) {
    if (problem instanceof Problem) return null
    throw problem
  }
}

/** Null where the parent cannot be read: the write is done all the same. */
async function versionOf(session: Session, raw: RawProduct, parent: number | null): Promise<string | null> {
  try {
    const family = parent === null ? null : await record<RawProduct>(session, 'GET', `/products/${parent}`)
    return (await snapshotOf(session, sellable(raw, family))).version
  } catch (problem) {
    if (problem instanceof Problem) return null
    throw problem
  }
}
