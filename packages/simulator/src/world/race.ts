import type { World } from './world.ts'

/** So many pieces are left; each shop shows them less the buffer. */
export const LEFT = 2
export const RACED = 'SKU-5'
const EVERY_MS = 10_000
const TURNS = 60

/**
 * The last pieces: once all faults are over, a clerk counts them, and when the shops have been told, somebody in each
 * buys all that it shows, at one moment. What the buffer is for.
 */
export function startRace(world: World, buy: (shop: World['shops'][number], pieces: number) => void): void {
  const { kernel, plan, erp, shops, healAt } = world
  if (!plan.people.lastPiece) return
  const product = erp.rows('products').find(row => row.fields['sku'] === RACED)
  if (!product) return
  kernel.at(healAt + 60_000, 'a clerk counts the last pieces', () =>
    erp.edit('stock', product.id, before => ({ ...before, available: String(LEFT) })),
  )
  const look = (turn: number) => {
    if (turn > TURNS) return
    if (!toldTo(world, product.id)) {
      kernel.at(kernel.now() + EVERY_MS, 'the last pieces?', () => look(turn + 1))
      return
    }
    for (const shop of shops) {
      const copy = shop.rows('products').find(row => row.fields['sku'] === RACED)
      const shown = Number(copy?.fields['stock'] ?? 0)
      if (shown > 0) buy(shop, shown)
    }
  }
  kernel.at(healAt + 3 * 60_000, 'the last pieces?', () => look(1))
}

/** Both shops have what the ERP says now: nothing about this article, and no order, is under way. */
function toldTo({ twin }: World, product: string): boolean {
  const { deliveries, notices } = twin.tables
  const about = [...deliveries.values()].filter(
    row => row.entity === 'SalesOrder' || (row.entity === 'StockLevel' && row.id === product),
  )
  return notices.size === 0 && about.every(row => ['done', 'skipped', 'parked'].includes(row.state))
}
