import type { Fields, Remote, Row } from '../world/remote.ts'
import type { World } from '../world/world.ts'
import { deliveriesOf, inErp, keyOf } from './looking.ts'
import { waitsForParked } from './work.ts'

/** Each order is in the ERP exactly once as it stands in the shop, or parked with words. */
export function orderWrongs(world: World, shop: Remote, order: Row): readonly string[] {
  const name = `order ${order.id} of ${shop.name}`
  const [first, ...others] = inErp(world, keyOf(shop, order))
  if (others.length > 0) return [`${name} is in the ERP ${others.length + 1} times`]
  const { status } = order.fields
  if (order.fields['poison'] !== undefined) {
    const poison = JSON.stringify(order.fields['poison'])
    if (first) return [`${name} should never have reached the ERP (${poison})`]
    const delivery = deliveriesOf(world).find(
      row => row.from === shop.name && row.entity === 'SalesOrder' && row.id === order.id,
    )
    const waits = delivery !== undefined && waitsForParked(world, delivery)
    const ended =
      waits || delivery?.state === 'parked' || (status === 'cancelled' && delivery?.state === 'skipped')
    return ended ? [] : [`${name} (${poison}) is not parked but ${delivery?.state ?? 'unknown to Linchpin'}`]
  }
  if (!first) return status === 'cancelled' ? [] : [`${name} is lost`]
  return differences(order.fields, first.fields).map(words => `${name}: ${words}`)
}

function differences(shop: Fields, erp: Fields): readonly string[] {
  const totals = shop['totals'] as { readonly payable: string }
  const buyer = shop['buyer'] as { readonly email: string }
  const cancelled = shop['status'] === 'cancelled'
  return [
    ...(erp['total'] === totals.payable
      ? []
      : [`${totals.payable} in the shop, ${String(erp['total'])} in the ERP`]),
    ...(erp['email'] === buyer.email
      ? []
      : [`of ${buyer.email} in the shop, of ${String(erp['email'])} in the ERP`]),
    ...(lineText(shop) === lineText(erp)
      ? []
      : [`lines ${lineText(shop)} in the shop, ${lineText(erp)} in the ERP`]),
    ...(erp['cancelled'] === cancelled
      ? []
      : [`${cancelled ? '' : 'not '}cancelled in the shop, otherwise in the ERP`]),
    ...(erp['status'] === 'closed' && shop['status'] === 'open'
      ? ['closed in the ERP, open in the shop']
      : []),
  ]
}

const lineText = ({ lines }: Fields) =>
  (lines as readonly Fields[])
    .map(line => `${String(line['quantity'])} for ${String(line['gross'])}`)
    .join(' + ')

/** Nothing stands in the ERP that no shop ordered, and nothing that another shop ordered. */
export function strangers(world: World): readonly string[] {
  const here = world.shops.flatMap(shop => shop.rows('orders').map(order => keyOf(shop, order)))
  const keys = new Map([...here, ...world.binned].map(key => [key, key.split('/')[0]]))
  return world.erp.rows('orders').flatMap(row => {
    // A clerk's copy is the clerk's own business.
    if (row.fields['copy'] === true) return []
    const shop = keys.get(row.key ?? '')
    if (shop === undefined) return [`order ${row.id} of the ERP belongs to no shop (${row.key ?? 'no key'})`]
    return String(row.fields['email']).endsWith(`@${shop}.test`)
      ? []
      : [`order ${row.id} of the ERP is mixed up: ${row.key ?? ''}`]
  })
}
