import { inTurn, Problem } from '@linchpin/connector'
import { z } from 'zod'
import { chunksOf } from './chunks.ts'
import type { Operation } from './client.ts'
import { gid, isId } from './ids.ts'
import { locationOf, type Session } from './session.ts'

const text = z.string()

export const stockRow = z.looseObject({
  id: text,
  sku: text.nullish(),
  location: text,
  /** Which is also the id of its stock: an InventoryItem. */
  inventoryItem: text,
  tracked: z.boolean(),
  /** False while the variant was never stocked at the location. */
  isStocked: z.boolean(),
  quantities: z.looseObject({
    available: z.int(),
    on_hand: z.int(),
    committed: z.int(),
    incoming: z.int(),
  }),
})
export type StockRow = z.infer<typeof stockRow>

/** As many as are worth fewer points than Shopify lets one question have. */
const atOnce = 100

/** Those of these variants that exist. */
export async function readLevels(session: Session, ids: readonly string[]): Promise<readonly StockRow[]> {
  const asked = [...new Set(ids)].filter(isId)
  if (asked.length === 0) return []
  const location = locationOf(await session.facts(), session.settings.location)
  const answers = await inTurn(chunksOf(asked, atOnce), chunk =>
    session.client.ask(levels, {
      ids: chunk.map(id => gid('ProductVariant', id)),
      location: gid('Location', location),
    }),
  )
  return answers.flatMap(({ nodes }) => nodes.flatMap(node => (node ? [decode(node, location)] : [])))
}

function decode({ id, sku, inventoryItem }: z.infer<typeof answered>, location: string): StockRow {
  const { inventoryLevel: level } = inventoryItem
  const quantities = Object.fromEntries(level?.quantities.map(({ name, quantity }) => [name, quantity]) ?? [])
  const row = stockRow.safeParse({
    id,
    sku,
    location,
    inventoryItem: inventoryItem.id,
    tracked: inventoryItem.tracked,
    isStocked: level !== null,
    quantities: { available: 0, on_hand: 0, committed: 0, incoming: 0, ...quantities },
  })
  if (row.success) return row.data
  throw new Problem('surprise', `Shopify told the stock of variant ${id} in a way that we do not understand.`)
}

const answered = z.object({
  id: text,
  sku: text.nullish(),
  inventoryItem: z.object({
    id: text,
    tracked: z.boolean(),
    inventoryLevel: z.object({ quantities: z.array(z.object({ name: text, quantity: z.int() })) }).nullable(),
  }),
})
const levelsData = z.object({ nodes: z.array(answered.nullable()) })
export const levels: Operation<z.infer<typeof levelsData>> = {
  text: `query StockLevels($ids: [ID!]!, $location: ID!) { nodes(ids: $ids) { ... on ProductVariant { id sku
    inventoryItem { id tracked inventoryLevel(locationId: $location) {
      quantities(names: ["available", "on_hand", "committed", "incoming"]) { name quantity } } } } } }`,
  data: levelsData,
}
