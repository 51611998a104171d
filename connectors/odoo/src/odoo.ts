import type { Connector } from '@linchpin/connector'
import { openSession, type Session } from './client.ts'
import { health } from './health.ts'
import { accounts } from './accounts.ts'
import { creditNotes, invoices } from './invoices.ts'
import { orders } from './orders.ts'
import { payments } from './payments.ts'
import { pricelists } from './pricelists.ts'
import { prices } from './prices.ts'
import { products } from './products.ts'
import { shipments } from './shipments.ts'
import { stock } from './stock.ts'
import { settings, type Settings } from './settings.ts'
import { webhook } from './webhook.ts'

/** Odoo 17 to 19, Community or Enterprise. */
export const odoo: Connector<Settings, Session> = {
  id: 'odoo',
  title: 'Odoo',
  role: 'erp',
  settings,
  // Twenty orders at once on one product cost Odoo 29 serialisation failures and 24 s: two at a time do not.
  limits: { requests: 20, perMs: 1000, atOnce: 2 },
  entities: {
    Account: accounts,
    CreditNote: creditNotes,
    Invoice: invoices,
    Payment: payments,
    Price: prices,
    PriceList: pricelists,
    Product: products,
    SalesOrder: orders,
    Shipment: shipments,
    StockLevel: stock,
  },
  webhook,
  open: async (wanted, io) => openSession(wanted, io),
  health,
}
