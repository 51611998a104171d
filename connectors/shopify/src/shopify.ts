import type { Connector, Entities } from '@linchpin/connector'
import { account } from './accounts.ts'
import { creditNote, invoice } from './bills.ts'
import { creditNoteToPayBack } from './credit-notes.ts'
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

const entities = {
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
} satisfies Entities<Session>

/** Shopify over its Admin API (GraphQL), in the version that version.ts names. Its oddities are in README.md. */
export const shopify: Connector<Settings, Session> = {
  id: 'shopify',
  title: 'Shopify',
  role: 'shop',
  settings,
  // Points, not requests: what the smallest plan's bucket fills with in a second. Larger plans: `limits` in the config.
  limits: { requests: 100, perMs: 1000, atOnce: 4 },
  entities,
  // Price lists are for companies only, and money is given back only where somebody said so.
  entitiesFor: ({ companies, refunds }) => {
    const { PriceList: lists, ...others } = entities
    return {
      ...others,
      ...(companies && { PriceList: lists }),
      ...(refunds === 'write' && { CreditNote: creditNoteToPayBack }),
    }
  },
  webhook,
  open: async (given, io) => openSession(given, io),
  health,
}
