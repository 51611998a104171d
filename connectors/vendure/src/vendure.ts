import type { Connector } from '@linchpin/connector'
import { account } from './accounts.ts'
import { health } from './health.ts'
import { creditNote, invoice } from './invoices.ts'
import { salesOrder } from './orders.ts'
import { price } from './prices.ts'
import { product } from './products.ts'
import { openSession, type Session } from './session.ts'
import { settings, type Settings } from './settings.ts'
import { shipment } from './shipments.ts'
import { stockLevel } from './stock.ts'
import { webhook } from './webhook.ts'

/** Vendure 3 over its Admin API (GraphQL). Measured against 3.7.3; its oddities are in README.md. */
export const vendure: Connector<Settings, Session> = {
  id: 'vendure',
  title: 'Vendure',
  role: 'shop',
  settings,
  // Vendure sets no limits; this is what a shop on a small machine answers while people buy.
  limits: { requests: 20, perMs: 1000, atOnce: 4 },
  entities: {
    Account: account,
    CreditNote: creditNote,
    Invoice: invoice,
    Price: price,
    Product: product,
    SalesOrder: salesOrder,
    Shipment: shipment,
    StockLevel: stockLevel,
  },
  webhook,
  open: async (given, io) => openSession(given, io),
  health,
}
