import type { Entity, Snapshot } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { snapshotOf } from './listing.ts'
import { readOrders } from './order-list.ts'
import { dashboardUrl } from './pages.ts'
import type { Session } from './session.ts'
import { shipmentRow, shipmentsOf, type ShipmentRow } from './shipment-row.ts'
import { shipmentWriter, type ShipmentWrite } from './shipment-writer.ts'

const shipmentMapping: Mapping = {
  from: 'vendure.Shipment',
  to: 'Shipment',
  fields: {
    id: 'id',
    number: 'number',
    order: 'order',
    status: { lookup: 'status', of: 'state', else: { constant: 'ready' } },
    carrier: 'method',
    tracking: { each: 'trackingCodes', as: { number: 'code' } },
    lines: {
      each: 'lines',
      as: {
        id: 'orderLineId',
        orderLine: 'orderLineId',
        product: 'productVariant.id',
        sku: 'productVariant.sku',
        name: 'productVariant.name',
        quantity: { format: 'decimal', of: 'quantity' },
      },
    },
    modifiedAt: { format: 'instant', of: 'updatedAt' },
  },
  tables: {
    status: {
      Created: 'planned',
      Pending: 'ready',
      Shipped: 'shipped',
      Delivered: 'delivered',
      Cancelled: 'cancelled',
    },
  },
}

/** Written by the ERP; read back one by one. */
export const shipment: Entity<Session, 'Shipment', ShipmentRow, ShipmentWrite> = {
  schema: shipmentRow,
  mapping: shipmentMapping,
  get: getShipments,
  url: ({ settings }, id) =>
    dashboardUrl(settings.url, `orders/${encodeURIComponent(id.split('/')[0] ?? '')}`),
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
