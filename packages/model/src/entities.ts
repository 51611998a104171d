import type { z } from 'zod'
import { creditNote, document, invoice } from './invoice.ts'
import { salesOrder } from './order.ts'
import { account, contact } from './party.ts'
import { payment } from './payment.ts'
import { price, priceList, product, stockLevel } from './product.ts'
import { refund, returnAuthorization } from './returns.ts'
import { shipment } from './shipment.ts'

/** Every kind of business record that Linchpin carries, with its schema. The names are UBL's, or the shops'. */
export const entities = {
  Account: account,
  Contact: contact,
  CreditNote: creditNote,
  Document: document,
  Invoice: invoice,
  Payment: payment,
  Price: price,
  PriceList: priceList,
  Product: product,
  Refund: refund,
  ReturnAuthorization: returnAuthorization,
  SalesOrder: salesOrder,
  Shipment: shipment,
  StockLevel: stockLevel,
} as const

export type EntityName = keyof typeof entities
export type Canonical<Name extends EntityName = EntityName> = z.infer<(typeof entities)[Name]>

export const entityNames = Object.keys(entities) as readonly EntityName[]

export function isEntityName(name: string): name is EntityName {
  return Object.hasOwn(entities, name)
}
