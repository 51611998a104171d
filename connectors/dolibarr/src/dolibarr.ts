import type { Connector } from '@linchpin/connector'
import { accounts } from './accounts.ts'
import { openSession, type Session } from './session.ts'
import { health } from './health.ts'
import { creditNotes, invoices } from './invoices.ts'
import { orders } from './orders.ts'
import { priceLists } from './price-lists.ts'
import { prices } from './prices.ts'
import { products } from './products.ts'
import { settings, type Settings } from './settings.ts'
import { shipments } from './shipments.ts'
import { stock } from './stock.ts'

/** Dolibarr from 16 on, over its REST API. Nothing tells of changes by itself, so everything is polled. */
export const dolibarr: Connector<Settings, Session> = {
  id: 'dolibarr',
  title: 'Dolibarr',
  role: 'erp',
  settings,
  // It counts no requests; each one is a PHP process that builds the whole application anew (some 100 ms).
  limits: { requests: 20, perMs: 1000, atOnce: 4 },
  entities: {
    Account: accounts,
    CreditNote: creditNotes,
    Invoice: invoices,
    Price: prices,
    PriceList: priceLists,
    Product: products,
    SalesOrder: orders,
    Shipment: shipments,
    StockLevel: stock,
  },
  open: async (raw, io) => openSession(settings.parse(raw), io),
  health,
}
