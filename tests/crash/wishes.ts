import { goods } from '../stories/house/goods.ts'
import type { Dice } from './dice.ts'

/** What somebody orders, and where. */
export interface Wish {
  readonly shop: string
  readonly lines: Readonly<Record<string, number>>
  readonly coupon: boolean
  /** Who buys without an account; left out, a registered customer. */
  readonly guest?: string
}

/** So many come back and order again: each must be one customer in the ERP, whoever of their orders is first. */
const GUESTS = 400

export function wish(shop: string, { roll, between, one }: Dice): Wish {
  const skus = new Set(Array.from({ length: between(1, 3) }, () => one(goods).sku))
  return {
    shop,
    lines: Object.fromEntries([...skus].map(sku => [sku, between(1, 3)])),
    coupon: roll() < 0.2,
    ...(roll() < 0.9 ? { guest: `guest${between(1, GUESTS)}@example.com` } : {}),
  }
}
