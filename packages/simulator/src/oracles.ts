import { sumMoney } from '@linchpin/model'
import type { DeliveryRow } from './twin/tables.ts'
import type { Fields, Remote, Row } from './world/remote.ts'
import { BUFFER } from './world/setup.ts'
import type { World } from './world/world.ts'

/** What must hold once everything has healed: one line for each thing that does not. */
export function wrongs(world: World): readonly string[] {
  return [
    ...unfinished(world),
    ...world.shops.flatMap(shop => shop.rows('orders').flatMap(order => orderWrongs(world, shop, order))),
    ...strangers(world),
    ...world.shops.flatMap(shop => moneyWrongs(world, shop)),
    ...['shipments', 'invoices'].flatMap(table => documentWrongs(world, table)),
    ...world.shops.flatMap(shop => catalogueWrongs(world, shop)),
    ...parkedWrongs(world),
    ...requestWrongs(world),
  ]
}

const deliveries = ({ twin }: World): readonly DeliveryRow[] => [...twin.tables.deliveries.values()]
const keyOf = (shop: Remote, order: Row) => `${shop.name}/SalesOrder/${order.id}`
const inErp = ({ erp }: World, key: string) => erp.rows('orders').filter(row => row.key === key)

/** Nothing is left to do, and no write is left of which nobody knows the outcome. */
function unfinished(world: World): readonly string[] {
  const open = deliveries(world).filter(row => ['ready', 'later', 'running', 'waiting'].includes(row.state))
  const unknown = deliveries(world).filter(row => row.intent !== null)
  return [
    ...open.map(row => `${row.flow} ${row.id} is still ${row.state}: ${row.problem ?? 'no words'}`),
    ...unknown.map(row => `${row.flow} ${row.id} has an open intent and is ${row.state}`),
    ...[...world.twin.tables.notices.values()].map(
      row => `${row.entity} ${row.id} of ${row.connection} is still to be read`,
    ),
  ]
}

/** Each order is in the ERP exactly once as it stands in the shop, or parked with words. */
function orderWrongs(world: World, shop: Remote, order: Row): readonly string[] {
  const name = `order ${order.id} of ${shop.name}`
  const [first, ...others] = inErp(world, keyOf(shop, order))
  if (others.length > 0) return [`${name} is in the ERP ${others.length + 1} times`]
  const { status } = order.fields
  if (order.fields['poison'] !== undefined) {
    const poison = JSON.stringify(order.fields['poison'])
    if (first) return [`${name} should never have reached the ERP (${poison})`]
    const delivery = deliveries(world).find(
      row => row.from === shop.name && row.entity === 'SalesOrder' && row.id === order.id,
    )
    const ended = delivery?.state === 'parked' || (status === 'cancelled' && delivery?.state === 'skipped')
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
function strangers(world: World): readonly string[] {
  const keys = new Map(
    world.shops.flatMap(shop => shop.rows('orders').map(order => [keyOf(shop, order), shop.name])),
  )
  return world.erp.rows('orders').flatMap(row => {
    const shop = keys.get(row.key ?? '')
    if (shop === undefined) return [`order ${row.id} of the ERP belongs to no shop (${row.key ?? 'no key'})`]
    return String(row.fields['email']).endsWith(`@${shop}.test`)
      ? []
      : [`order ${row.id} of the ERP is mixed up: ${row.key ?? ''}`]
  })
}

/** The sum of what a shop took is the sum of what the ERP has of it. */
function moneyWrongs(world: World, shop: Remote): readonly string[] {
  const carried = shop.rows('orders').filter(order => inErp(world, keyOf(shop, order)).length > 0)
  const taken = sumMoney(
    carried.map(order => (order.fields['totals'] as { payable: string }).payable),
    'EUR',
  )
  const mine = world.erp.rows('orders').filter(row => row.key?.startsWith(`${shop.name}/`))
  const booked = sumMoney(
    mine.map(row => String(row.fields['total'])),
    'EUR',
  )
  return taken === booked ? [] : [`${shop.name} took ${taken} EUR, the ERP booked ${booked} EUR`]
}

/** Each shipment and invoice is in the shop of its order, exactly once, and in no other. */
function documentWrongs(world: World, table: string): readonly string[] {
  const entity = table === 'shipments' ? 'Shipment' : 'Invoice'
  return world.erp.rows(table).flatMap(row => {
    const orderId =
      entity === 'Shipment' ? row.fields['order'] : (row.fields['orders'] as readonly string[])[0]
    const [home = '', , order] = (world.erp.row('orders', String(orderId))?.key ?? '').split('/')
    return world.shops.flatMap(shop => {
      const copies = shop.rows(table).filter(each => each.key === `erp/${entity}/${row.id}`)
      const wanted = shop.name === home ? 1 : 0
      if (copies.length !== wanted)
        return [`${entity} ${row.id} is in ${shop.name} ${copies.length} times instead of ${wanted}`]
      const wrong = copies.filter(each => each.fields['order'] !== order)
      return wrong.map(() => `${entity} ${row.id} stands at the wrong order in ${shop.name}`)
    })
  })
}

/** Every article is in every shop once, with the stock that may be promised. */
function catalogueWrongs(world: World, shop: Remote): readonly string[] {
  return world.erp.rows('products').flatMap(product => {
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

/** Whoever finds something parked must be told why, in words that are not about our own bugs. */
function parkedWrongs(world: World): readonly string[] {
  return deliveries(world).flatMap(row => {
    if (row.state !== 'parked') return []
    if (row.problem === null || row.problem.length < 15)
      return [`${row.flow} ${row.id} is parked without words`]
    return /did not foresee/.test(row.problem)
      ? [`${row.flow} ${row.id} is parked for our own surprise: ${row.problem}`]
      : []
  })
}

/** Within any second no more than the bucket holds, what it fills in, and what all lanes hold ready. */
function requestWrongs({ network, nodes }: World): readonly string[] {
  return [...network.sent].flatMap(([remote, times]) => {
    let most = 0
    for (let first = 0, last = 0; last < times.length; last += 1) {
      while ((times[last] ?? 0) - (times[first] ?? 0) >= 1_000) first += 1
      most = Math.max(most, last - first + 1)
    }
    const bound = 40 + 6 * nodes.length
    return most > bound ? [`${remote} got ${most} requests within a second, more than ${bound}`] : []
  })
}
