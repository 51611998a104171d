import { z } from 'zod'
import { location, type Books, type Variant } from './books.ts'
import { Refusal, wrong } from './refusal.ts'
import type { Routes } from './routes.ts'

const text = z.string()
const level = z.object({
  inventory_item_id: text,
  location_id: text,
  stocked_quantity: z.number(),
})
const batch = z.strictObject({ create: z.array(level).default([]), update: z.array(level).default([]) })

/** A variant's inventory item has its id behind 'iitem-'. */
export function stockRoutes(books: Books): Routes {
  return {
    'POST /inventory-items/location-levels/batch': ({ body }) => {
      const { create, update } = batch.parse(body)
      for (const { stocked_quantity: stocked } of [...create, ...update])
        if (stocked < 0)
          wrong('Invalid request: Value for field stocked_quantity too small, expected at least: 0')
      for (const { inventory_item_id: item } of update)
        if (!books.levels.get(item))
          throw new Refusal(404, 'not_found', `Item ${item} is not stocked at location ${location.id}`)
      for (const { inventory_item_id: item } of create)
        if (books.levels.get(item)) wrong(`Inventory level with inventory_item_id: ${item}, already exists.`)
      for (const { inventory_item_id: id, stocked_quantity: stocked } of [...create, ...update])
        books.levels.put(id, { id, stocked, reserved: books.levels.get(id)?.reserved ?? 0 })
      return { created: create, updated: update, deleted: [] }
    },
  }
}

const itemOf = (variant: string) => `iitem-${variant}`

export function inventoryView(books: Books, { id }: Variant) {
  const there = books.levels.get(itemOf(id))
  const levels = there
    ? [{ location_id: location.id, stocked_quantity: there.stocked, reserved_quantity: there.reserved }]
    : []
  return { inventory_item_id: itemOf(id), required_quantity: 1, inventory: { location_levels: levels } }
}

/** Goods come, go, are reserved or released. */
export function moveStock(
  books: Books,
  variant: string,
  change: { stocked?: number; reserved?: number },
): void {
  const id = itemOf(variant)
  const there = books.levels.get(id) ?? { id, stocked: 0, reserved: 0 }
  const stocked = there.stocked + (change.stocked ?? 0)
  books.levels.put(id, { id, stocked, reserved: there.reserved + (change.reserved ?? 0) })
}
