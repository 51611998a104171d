import { expect } from 'vitest'
import type { Erp } from './erp.ts'
import type { House } from './house.ts'
import type { Shop } from './shop.ts'

/** Read both sides anew: what they hold is the same in every flow, and something was compared. */
export async function expectAgreement({ reconcile, linchpin }: House<Shop, Erp>): Promise<void> {
  const same = new Map<string, number>()
  for (const { name } of linchpin.setup.flows) {
    const found = await reconcile(name)
    expect(found.discrepancies, name).toEqual([])
    same.set(name, found.same)
  }
  for (const flow of ['stock-level-erp-to-shop', 'price-erp-to-shop', 'sales-order-shop-to-erp'])
    expect(same.get(flow), flow).toBeGreaterThan(2)
}
