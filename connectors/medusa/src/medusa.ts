import type { Connector } from '@linchpin/connector'
import { account } from './accounts.ts'
import { creditNote, invoice } from './bills.ts'
import { health } from './health.ts'
import { salesOrder } from './orders.ts'
import { priceList } from './price-lists.ts'
import { price } from './prices.ts'
import { product } from './products.ts'
import { refund } from './refunds.ts'
import { returnAuthorization } from './returns.ts'
import { openSession, type Session } from './session.ts'
import { settings, type Settings } from './settings.ts'
import { shipment } from './shipments.ts'
import { stockLevel } from './stock.ts'
import { webhook } from './webhook.ts'

/** Medusa 2 over its Admin API. Measured against 2.21.2; its oddities are in README.md. */
export const medusa: Connector<Settings, Session> = {
  id: 'medusa',
  title: 'Medusa',
  role: 'shop',
  settings,
  // Medusa sets no limits; this is what a shop on a small machine answers while people buy.
  limits: { requests: 20, perMs: 1000, atOnce: 4 },
  entities: {
    Account: account,
    CreditNote: creditNote,
    Invoice: invoice,
    Price: price,
    PriceList: priceList,
    Product: product,
    Refund: refund,
    ReturnAuthorization: returnAuthorization,
    SalesOrder: salesOrder,
    Shipment: shipment,
    StockLevel: stockLevel,
  },
  webhook,
  open: async (given, io) => openSession(given, io),
  health,
}
