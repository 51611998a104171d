import { Problem, type Entity, type Outcome, type Write } from '@linchpin/connector'
import { stockFields, stockWrite } from '@linchpin/connector/shop'
import type { Mapping } from '@linchpin/mapping'
import { isNegative, wholeUnits } from '@linchpin/model'
import { z } from 'zod'
import { snapshotOf } from './listing.ts'
import { locationOf, type Session } from './session.ts'
import { readVariants, type Variants } from './variants.ts'
import { updateTogether } from './variant-updates.ts'

const text = z.string()

const level = z.looseObject({ stockLocationId: text, stockOnHand: z.int(), stockAllocated: z.int() })

/** The stock of a variant; `level` is the one at the location that the settings name. */
export const stockRow = z.looseObject({ id: text, sku: text, level, stockLevels: z.array(level) })
export type StockRow = z.infer<typeof stockRow>

export type StockWrite = z.infer<typeof stockWrite>

const stockVariants: Variants<StockRow> = {
  name: 'StockLevels',
  selection: () => 'id sku stockLevels { stockLocationId stockOnHand stockAllocated }',
  schema: stockRow,
  beside: (item, { settings }, facts) => {
    const stockLocationId = locationOf(facts, settings.stockLocation)
    const levels = z.array(level).safeParse(item['stockLevels']).data ?? []
    const none = { stockLocationId, stockOnHand: 0, stockAllocated: 0 }
    return { level: levels.find(each => each.stockLocationId === stockLocationId) ?? none }
  },
}

const stockMapping: Mapping = {
  from: 'vendure.StockLevel',
  to: 'StockLevel',
  fields: {
    id: 'id',
    product: 'id',
    sku: 'sku',
    location: 'level.stockLocationId',
    onHand: { format: 'decimal', of: 'level.stockOnHand' },
    reserved: { format: 'decimal', of: 'level.stockAllocated' },
    available: { calculate: 'subtract', of: ['level.stockOnHand', 'level.stockAllocated'] },
  },
}

const stockWriteMapping: Mapping = {
  from: 'StockLevel',
  to: 'vendure.StockLevel',
  fields: stockFields,
}

export const stockLevel: Entity<Session, 'StockLevel', StockRow, StockWrite> = {
  schema: stockRow,
  mapping: stockMapping,
  get: async (session, ids) => (await readVariants(session, stockVariants, ids)).map(snapshotOf),
  writer: {
    schema: stockWrite,
    mapping: stockWriteMapping,
    batch: 50,
    repeat: 'safe',
    write: writeStock,
  },
}

/**
 * Vendure sells stockOnHand less what its own open orders have allocated. To have it sell N it must hold N plus what is
 * allocated, which is read right before. An order placed between the two is allocated on top and lessens N, as it
 * should. A fulfilment between the two lessens what is allocated, so its units are offered too many until the next
 * write: Vendure has no call that does both at once.
 */
async function writeStock(
  session: Session,
  writes: readonly Write<StockWrite>[],
): Promise<readonly Outcome[]> {
  if (writes.length === 0) return []
  const ids = writes.map(({ id, row }) => id ?? row.product ?? '')
  const rows = await readVariants(
    session,
    stockVariants,
    [...new Set(ids)].filter(id => id !== ''),
  )
  const now = new Map(rows.map(row => [row.id, row]))
  return updateTogether(session, writes, ({ row }, at) => {
    const there = now.get(ids[at] ?? '')
    if (!there) throw new Problem('refused', `Variant ${row.sku ?? ids[at]} is not in Vendure (any more).`)
    const { stockLocationId, stockAllocated } = there.level
    const stockOnHand = sellable(row.available) + stockAllocated
    if (!Number.isSafeInteger(stockOnHand) || stockOnHand > mostUnits)
      throw new Problem('refused', `${row.available} of ${there.sku} are more than Vendure can count.`)
    const isSame = there.stockLevels.some(
      each => each.stockLocationId === stockLocationId && each.stockOnHand === stockOnHand,
    )
    return { id: there.id, ...(!isSame && { stockLevels: [{ stockLocationId, stockOnHand }] }) }
  })
}

/** Vendure counts whole units; what is oversold is none. */
function sellable(available: string): number {
  return isNegative(available) ? 0 : Number(wholeUnits(available))
}

/** Its column is a 32-bit integer. */
const mostUnits = 2_147_483_647
