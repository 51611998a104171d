import type { Remote } from '../world/remote.ts'
import type { World } from '../world/world.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  shipments: 'Shipment',
  invoices: 'Invoice',
  credits: 'CreditNote',
}

export const documents = Object.keys(ENTITIES)

/** Each shipment, invoice and credit note is in the shop of its order, exactly once, and in no other. */
export function documentWrongs(world: World, table: string): readonly string[] {
  const entity = ENTITIES[table] ?? ''
  return world.erp.rows(table).flatMap(row => {
    const orderId =
      entity === 'Shipment' ? row.fields['order'] : (row.fields['orders'] as readonly string[])[0]
    const [home = '', , order] = (world.erp.row('orders', String(orderId))?.key ?? '').split('/')
    return world.shops.flatMap(shop => {
      const copies = shop.rows(table).filter(each => each.key === keyOf(world, shop, entity, row.id))
      const wanted = shop.name === home ? 1 : 0
      if (copies.length !== wanted)
        return [`${entity} ${row.id} is in ${shop.name} ${copies.length} times instead of ${wanted}`]
      const wrong = copies.filter(each => each.fields['order'] !== order)
      return wrong.map(() => `${entity} ${row.id} stands at the wrong order in ${shop.name}`)
    })
  })
}

/** An id that was given again after a restore is another document, and has another key. */
function keyOf({ twin }: World, shop: Remote, entity: string, id: string): string {
  const delivery = [...twin.tables.deliveries.values()].find(
    row => row.from === 'erp' && row.to === shop.name && row.entity === entity && row.id === id,
  )
  return delivery && delivery.era > 0 ? `erp/${entity}/${id}~${delivery.era}` : `erp/${entity}/${id}`
}
