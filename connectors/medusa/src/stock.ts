import { outcomeOf, Problem, type Entity, type Outcome, type Write } from '@linchpin/connector'
import { stockFields, stockWrite } from '@linchpin/connector/shop'
import type { Mapping } from '@linchpin/mapping'
import { add, isNegative, subtract, wholeUnits } from '@linchpin/model'
import { z } from 'zod'
import { locationOf } from './facts.ts'
import { byIds, snapshotOf } from './listing.ts'
import { decimal } from './money.ts'
import type { Session } from './session.ts'

const text = z.string()

const level = z.looseObject({
  location_id: text,
  stocked_quantity: z.number(),
  reserved_quantity: z.number(),
})

const variant = z.looseObject({
  id: text,
  sku: text.nullish(),
  manage_inventory: z.boolean(),
  inventory_items: z.array(
    z.looseObject({
      inventory_item_id: text,
      required_quantity: z.number(),
      inventory: z.looseObject({ location_levels: z.array(level).nullish() }).nullish(),
    }),
  ),
})
type Variant = z.infer<typeof variant>

/** The stock of a variant at the location that the settings name, as decimal text. */
export const stockRow = variant.extend({
  level: z.object({ location: text, stocked: text, reserved: text, available: text, exists: z.boolean() }),
})
export type StockRow = z.infer<typeof stockRow>

export type StockWrite = z.infer<typeof stockWrite>

const stockMapping: Mapping = {
  from: 'medusa.StockLevel',
  to: 'StockLevel',
  fields: {
    id: 'id',
    product: 'id',
    sku: 'sku',
    location: 'level.location',
    onHand: 'level.stocked',
    reserved: 'level.reserved',
    available: 'level.available',
  },
}

const stockWriteMapping: Mapping = {
  from: 'StockLevel',
  to: 'medusa.StockLevel',
  fields: stockFields,
}

export const stockLevel: Entity<Session, 'StockLevel', StockRow, StockWrite> = {
  schema: stockRow,
  mapping: stockMapping,
  get: async (session, ids) => (await readStock(session, ids)).map(snapshotOf),
  writer: { schema: stockWrite, mapping: stockWriteMapping, batch: 50, repeat: 'safe', write: writeStock },
}

const fields =
  'id,sku,manage_inventory,inventory_items.inventory_item_id,inventory_items.required_quantity,' +
  'inventory_items.inventory.location_levels.location_id,inventory_items.inventory.location_levels.stocked_quantity,' +
  'inventory_items.inventory.location_levels.reserved_quantity'

async function readStock(session: Session, ids: readonly string[]): Promise<readonly StockRow[]> {
  if (ids.length === 0) return []
  const location = await locationOf(session)
  const variants = await byIds(session, { path: '/product-variants', name: 'variants', fields }, variant, ids)
  return variants.map(each => ({ ...each, level: levelAt(each, location) }))
}

function levelAt({ inventory_items }: Variant, location: string): StockRow['level'] {
  const found = inventory_items[0]?.inventory?.location_levels?.find(each => each.location_id === location)
  const [stocked, reserved] = [decimal(found?.stocked_quantity ?? 0), decimal(found?.reserved_quantity ?? 0)]
  return { location, stocked, reserved, available: subtract(stocked, reserved), exists: found !== undefined }
}

interface Level {
  readonly inventory_item_id: string
  readonly location_id: string
  readonly stocked_quantity: number
}
type Planned = {
  readonly key: string
  readonly id: string
  readonly level: Level | null
  readonly exists: boolean
}

/**
 * Medusa sells what is stocked less what its own orders have reserved. To have it sell N it must hold N plus what is
 * reserved, which is read right before. An order placed between the two lessens N, as it should; a fulfilment between
 * the two leaves its units offered too many until the next write.
 */
async function writeStock(
  session: Session,
  writes: readonly Write<StockWrite>[],
): Promise<readonly Outcome[]> {
  if (writes.length === 0) return []
  const ids = writes.map(({ id, row }) => id ?? row.product ?? '')
  const rows = await readStock(
    session,
    [...new Set(ids)].filter(id => id !== ''),
  )
  const now = new Map(rows.map(row => [row.id, row]))
  const plans = writes.map((write, turn) => planned(write, now.get(ids[turn] ?? '')))
  const sent = await send(
    session,
    plans.flatMap(each => ('level' in each ? [each] : [])),
  )
  return plans.map(each => ('level' in each ? (sent.get(each.key) ?? applied(each)) : each))
}

function planned({ key, id, row }: Write<StockWrite>, there: StockRow | undefined): Planned | Outcome {
  const words = faultOf(there, row, id)
  const item = there?.inventory_items[0]
  if (words !== null || !there || !item)
    return { key, is: 'refused', problem: new Problem('refused', words ?? 'It is not in Medusa.') }
  const available = isNegative(row.available) ? '0' : wholeUnits(row.available)
  const stocked = add(available, there.level.reserved)
  const isSame = there.level.exists && stocked === there.level.stocked
  const level = {
    inventory_item_id: item.inventory_item_id,
    location_id: there.level.location,
    stocked_quantity: Number(stocked),
  }
  return { key, id: there.id, level: isSame ? null : level, exists: there.level.exists }
}

function faultOf(there: StockRow | undefined, row: StockWrite, id: string | null): string | null {
  const name = row.sku ?? there?.sku ?? id ?? ''
  if (!there) return `Variant ${name} is not in Medusa (any more).`
  if (!there.manage_inventory)
    return `Medusa keeps no stock of ${name}. Switch "Manage inventory" on there, or filter it out of the flow.`
  const [item, second] = there.inventory_items
  if (!item || second || item.required_quantity !== 1)
    return `${name} is a kit of several inventory items in Medusa, which reckons its stock from those.`
  if (Number(row.available) > most) return `${row.available} of ${name} are more than Medusa can count.`
  return null
}

/** What a JSON number holds exactly. */
const most = Number.MAX_SAFE_INTEGER

/** Many levels in one workflow: all or none. When Medusa refuses it, each is tried alone. */
async function send(session: Session, plans: readonly Planned[]): Promise<ReadonlyMap<string, Outcome>> {
  const changing = plans.filter(({ level }) => level !== null)
  const outcomes = new Map<string, Outcome>()
  if (changing.length === 0) return outcomes
  const levels = new Map(changing.map(each => [each.level?.inventory_item_id, each]))
  const body = {
    create: [...levels.values()].filter(each => !each.exists).map(({ level }) => level),
    update: [...levels.values()].filter(each => each.exists).map(({ level }) => level),
  }
  try {
    await session.client.post(
      '/inventory-items/location-levels/batch',
      body,
      z.looseObject({ updated: z.array(z.unknown()) }),
    )
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (error.kind === 'refused' && changing.length > 1) {
      for (const each of changing)
        for (const [key, outcome] of await send(session, [each])) outcomes.set(key, outcome)
      return outcomes
    }
    for (const { key } of changing) outcomes.set(key, outcomeOf(key, error))
  }
  return outcomes
}

const applied = ({ key, id }: Planned): Outcome => ({ key, is: 'applied', id, version: null })
