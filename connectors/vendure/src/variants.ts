import { Problem } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { withAmounts } from './money.ts'
import type { Facts, Session } from './session.ts'

/** Reads product variants with the fields that an entity wants; their Money becomes decimal text. */
export interface Variants<Row> {
  /** Names the query in Vendure's log. */
  readonly name: string
  readonly selection: (facts: Facts) => string
  readonly schema: z.ZodType<Row>
  /** What of our settings and of the shop belongs into the row. */
  readonly beside: (item: Item, session: Session, facts: Facts) => object
}

export interface ListOptions {
  readonly filter: object
  readonly sort?: object
  readonly take: number
}

export async function listVariants<Row>(
  session: Session,
  variants: Variants<Row>,
  options: ListOptions,
): Promise<readonly Row[]> {
  const facts = await session.facts()
  const operation: Operation<z.infer<typeof variantList>> = {
    text: `query ${variants.name}($options: ProductVariantListOptions) {
      productVariants(options: $options) { items { ${variants.selection(facts)} } } }`,
    data: variantList,
  }
  const { productVariants } = await session.client.ask(operation, { options })
  return productVariants.items.map(item => decode(session, facts, variants, item))
}

/** Those of these variants that exist. */
export async function readVariants<Row>(
  session: Session,
  variants: Variants<Row>,
  ids: readonly string[],
): Promise<readonly Row[]> {
  if (ids.length === 0) return []
  return listVariants(session, variants, { filter: { id: { in: ids } }, take: ids.length })
}

function decode<Row>(session: Session, facts: Facts, variants: Variants<Row>, item: Item): Row {
  const whole = { ...item, ...variants.beside(item, session, facts) }
  const row = variants.schema.safeParse(withAmounts(whole, facts.precision))
  if (row.success) return row.data
  const where = row.error.issues[0]?.path.join('.') ?? ''
  throw new Problem('surprise', `Vendure told a variant in a way that we do not understand (${where}).`)
}

const item = z.looseObject({ customFields: z.record(z.string(), z.unknown()).nullish() })
export type Item = z.infer<typeof item>
const variantList = z.object({ productVariants: z.object({ items: z.array(item) }) })
