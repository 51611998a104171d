import type { Connector } from '@linchpin/connector'
import { accounts } from './accounts.ts'
import { creditNotes, invoices } from './bills.ts'
import { openSession, type Session } from './client.ts'
import { health } from './health.ts'
import { orders } from './orders.ts'
import { prices } from './prices.ts'
import { products } from './products.ts'
import { refunds } from './refunds.ts'
import { settings, type Settings } from './settings.ts'
import { shipments } from './shipments.ts'
import { stock } from './stock.ts'
import { webhook } from './webhook.ts'

/**
 * WooCommerce by its REST API v3. What it has no place for is left out: price lists and quantity breaks (plugins do
 * them, each in its own way), contacts, returns. See the README for its oddities.
 */
export const woocommerce: Connector<Settings, Session> = {
  id: 'woocommerce',
  title: 'WooCommerce',
  role: 'shop',
  settings,
  // WooCommerce has no limit of its own; the hosts have. Two at once kept a shop on two cores answering its customers.
  limits: { requests: 10, perMs: 1000, atOnce: 2 },
  entities: {
    SalesOrder: orders,
    Account: accounts,
    Product: products,
    Price: prices,
    StockLevel: stock,
    Shipment: shipments,
    Invoice: invoices,
    CreditNote: creditNotes,
    Refund: refunds,
  },
  webhook,
  open: async (options, io) => openSession(options, io),
  health,
}
