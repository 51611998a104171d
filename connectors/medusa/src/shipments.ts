import type { Entity, Snapshot } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { snapshotOf } from './listing.ts'
import { readOrders } from './order-list.ts'
import { adminUrl } from './pages.ts'
import type { Session } from './session.ts'
import { shipmentRow, shipmentsOf, type ShipmentRow } from './shipment-row.ts'
import { shipmentWriter, type ShipmentWrite } from './shipment-writer.ts'

const shipmentMapping: Mapping = {
  from: 'medusa.Shipment',
  to: 'Shipment',
  fields: {
    id: 'id',
    number: 'number',
    order: 'order',
    status: 'state',
    shippedAt: { format: 'instant', of: 'shipped_at' },
    deliveredAt: { format: 'instant', of: 'delivered_at' },
    carrier: 'carrier',
    tracking: { each: 'tracking', as: { number: 'number', url: 'url' } },
    lines: {
      each: 'lines',
      as: {
        id: 'id',
        orderLine: 'id',
        product: 'variant',
        sku: 'sku',
        name: 'name',
        quantity: { format: 'decimal', of: 'quantity' },
      },
    },
    modifiedAt: { format: 'instant', of: 'updated_at' },
  },
}

/** Written by the ERP; read back one by one. */
export const shipment: Entity<Session, 'Shipment', ShipmentRow, ShipmentWrite> = {
  schema: shipmentRow,
  mapping: shipmentMapping,
  get: getShipments,
  url: (session, id) => adminUrl(session, `orders/${encodeURIComponent(id.split('/')[0] ?? '')}`),
  writer: shipmentWriter,
}

async function getShipments(
  session: Session,
  ids: readonly string[],
): Promise<readonly Snapshot<ShipmentRow>[]> {
  const orders = await readOrders(session, [...new Set(ids.map(id => id.split('/')[0] ?? ''))])
  return orders
    .flatMap(shipmentsOf)
    .filter(({ id }) => ids.includes(id))
    .map(snapshotOf)
}
