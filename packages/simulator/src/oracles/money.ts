import { sumMoney } from '@linchpin/model'
import type { Remote } from '../world/remote.ts'
import type { World } from '../world/world.ts'
import { inErp, keyOf } from './looking.ts'

/** The sum of what a shop took is the sum of what the ERP has of it. */
export function moneyWrongs(world: World, shop: Remote): readonly string[] {
  const carried = shop.rows('orders').filter(order => inErp(world, keyOf(shop, order)).length > 0)
  const taken = sumMoney(
    carried.map(order => (order.fields['totals'] as { payable: string }).payable),
    'EUR',
  )
  const mine = world.erp
    .rows('orders')
    .filter(row => row.key?.startsWith(`${shop.name}/`) && !world.binned.has(row.key))
  const booked = sumMoney(
    mine.map(row => String(row.fields['total'])),
    'EUR',
  )
  return taken === booked ? [] : [`${shop.name} took ${taken} EUR, the ERP booked ${booked} EUR`]
}
