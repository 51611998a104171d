import { LEFT, RACED } from '../world/race.ts'
import type { Fields, Remote } from '../world/remote.ts'
import { BUFFER } from '../world/setup.ts'
import type { World } from '../world/world.ts'
import { inErp, keyOf } from './looking.ts'

/** Every article is in every shop once, with the stock that may be promised. */
export function catalogueWrongs(world: World, shop: Remote): readonly string[] {
  const sold = world.erp.rows('products').filter(product => product.fields['poison'] === undefined)
  return sold.flatMap(product => {
    const sku = String(product.fields['sku'])
    const [copy, ...others] = shop.rows('products').filter(row => row.fields['sku'] === sku)
    if (!copy || others.length > 0)
      return [`${sku} is in ${shop.name} ${others.length + (copy ? 1 : 0)} times`]
    const available = Number(world.erp.row('stock', product.id)?.fields['available'] ?? 0)
    const wanted = Math.max(0, available - openDemand(world, sku) - Number(BUFFER))
    const shown = copy.fields['stock']
    return shown === String(wanted)
      ? []
      : [`${shop.name} shows ${String(shown)} of ${sku} instead of ${wanted}`]
  })
}

function openDemand(world: World, sku: string): number {
  const lines = world.shops.flatMap(shop =>
    shop
      .rows('orders')
      .filter(order => ['open', 'closed'].includes(String(order.fields['status'])))
      .filter(order => inErp(world, keyOf(shop, order)).length === 0)
      .flatMap(order => order.fields['lines'] as readonly Fields[]),
  )
  return lines.filter(line => line['sku'] === sku).reduce((sum, line) => sum + Number(line['quantity']), 0)
}

/** What both shops sold of the last pieces at one moment is no more than there was: that is what the buffer is for. */
export function raceWrongs(world: World): readonly string[] {
  const sold = world.shops
    .flatMap(shop => shop.rows('orders'))
    .filter(order => order.fields['number'] === 'W-LAST')
    .flatMap(order => order.fields['lines'] as readonly Fields[])
    .reduce((sum, line) => sum + Number(line['quantity']), 0)
  return sold > LEFT ? [`${sold} pieces of ${RACED} were sold, and there were ${LEFT}`] : []
}
