import type { Connector, Entities } from '@linchpin/connector'
import { accounts } from './accounts.ts'
import type { Session } from './client.ts'
import { health } from './health.ts'
import { creditNotes, invoices } from './invoices.ts'
import { orders, ordersUnread } from './orders.ts'
import { payments } from './payments.ts'
import { prices, products } from './products.ts'
import { shipmentQueue } from './queue.ts'
import { returns } from './returns.ts'
import { settings, type Settings } from './settings.ts'
import { shipments } from './shipments.ts'
import { stock } from './stock.ts'
import { webhook } from './webhook.ts'

/**
 * metasfresh over its REST API v2. That API is mostly for writing; orders, stock, shipments and invoices are read from
 * views of its database, through the processes that metasfresh offers for it. What an installation has of them differs.
 */
export const metasfresh: Connector<Settings, Session> = {
  id: 'metasfresh',
  title: 'metasfresh',
  role: 'erp',
  settings,
  // Nothing in its source counts requests; each holds one of its threads and a database connection.
  limits: { requests: 20, perMs: 1000, atOnce: 4 },
  entities: {
    Account: accounts,
    CreditNote: creditNotes,
    Invoice: invoices,
    Payment: payments,
    Price: prices,
    Product: products,
    ReturnAuthorization: returns,
    SalesOrder: orders,
    Shipment: shipments,
    StockLevel: stock,
  },
  entitiesFor,
  webhook,
  open: async (raw, io) => ({ settings: settings.parse(raw), io, kept: { stock: null } }),
  health,
}

function entitiesFor({ processes, shipments: from }: Settings): Entities<Session> {
  return {
    Account: accounts,
    Payment: payments,
    ReturnAuthorization: returns,
    SalesOrder: processes.orders === null ? ordersUnread : orders,
    ...(processes.invoices === null ? {} : { CreditNote: creditNotes, Invoice: invoices }),
    ...(processes.products === null ? {} : { Price: prices, Product: products }),
    ...(processes.stock === null ? {} : { StockLevel: stock }),
    ...(from === 'queue'
      ? { Shipment: shipmentQueue }
      : processes.shipments === null
        ? {}
        : { Shipment: shipments }),
  }
}
