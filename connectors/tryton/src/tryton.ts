import type { Connector } from '@linchpin/connector'
import { accounts } from './accounts.ts'
import { makeClient } from './client.ts'
import { health } from './health.ts'
import { creditNotes, invoices } from './invoices.ts'
import { orders } from './orders.ts'
import { priceLists } from './price-lists.ts'
import { prices } from './prices.ts'
import { products } from './products.ts'
import type { Session } from './session.ts'
import { settings, type Settings } from './settings.ts'
import { shipments } from './shipments.ts'
import { stock } from './stock.ts'

/** Tryton 6.0 over its JSON-RPC. No webhooks: everything is swept by the rows' own stamps. */
export const tryton: Connector<Settings, Session> = {
  id: 'tryton',
  title: 'Tryton',
  role: 'erp',
  settings,
  // trytond counts nothing but failed sign-ins; each request holds one of its threads and a database connection.
  limits: { requests: 50, perMs: 1000, atOnce: 8 },
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
  open: async (raw, io) => {
    const checked = settings.parse(raw)
    return { settings: checked, io, client: makeClient(checked, io), known: new Map() }
  },
  health,
}
