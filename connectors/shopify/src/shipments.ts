import type { Entity, Snapshot } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { readFulfilments } from './fulfilment-list.ts'
import { snapshotOf } from './listing.ts'
import { adminPage } from './pages.ts'
import type { Session } from './session.ts'
import { shipmentRow, shipmentsOf, type ShipmentRow } from './shipment-row.ts'
import { shipmentWriter, type ShipmentWrite } from './shipment-writer.ts'

const shipmentMapping: Mapping = {
  from: 'shopify.Shipment',
  to: 'Shipment',
  fields: {
    id: 'id',
    number: 'number',
    order: 'order',
    status: {
      when: { is: ['displayStatus', { constant: 'DELIVERED' }] },
      then: { constant: 'delivered' },
      else: {
        lookup: { SUCCESS: 'shipped', CANCELLED: 'cancelled', ERROR: 'cancelled', FAILURE: 'cancelled' },
        of: 'status',
        else: { constant: 'ready' },
      },
    },
    shippedAt: { format: 'instant', of: 'createdAt' },
    carrier: 'company',
    tracking: { each: 'tracking', as: { number: 'number', url: 'url', carrier: '$.company' } },
    lines: {
      each: 'lines',
      as: {
        id: 'id',
        orderLine: 'orderLine',
        product: 'variant.id',
        sku: 'sku',
        name: 'name',
        quantity: { format: 'decimal', of: 'quantity' },
      },
    },
    modifiedAt: { format: 'instant', of: 'updatedAt' },
  },
}

/** Written by the ERP; read back one by one. */
export const shipment: Entity<Session, 'Shipment', ShipmentRow, ShipmentWrite> = {
  schema: shipmentRow,
  mapping: shipmentMapping,
  get: getShipments,
  url: ({ settings }, id) => adminPage(settings.url, `orders/${encodeURIComponent(id.split('/')[0] ?? '')}`),
  writer: shipmentWriter,
}

async function getShipments(
  session: Session,
  ids: readonly string[],
): Promise<readonly Snapshot<ShipmentRow>[]> {
  const orders = await readFulfilments(
    session,
    ids.map(id => id.split('/')[0] ?? ''),
  )
  return orders
    .flatMap(shipmentsOf)
    .filter(({ id }) => ids.includes(id))
    .map(snapshotOf)
}
