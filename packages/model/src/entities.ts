import { z } from 'zod'
import { creditNote, document, invoice } from './invoice.ts'
import { salesOrder } from './order.ts'
import { account, contact } from './party.ts'
import { payment } from './payment.ts'
import { price, priceList, product, stockLevel } from './product.ts'
import { refund, returnAuthorization } from './returns.ts'
import { shipment } from './shipment.ts'

/**
 * Every kind of business record that Linchpin carries, with its schema. The names are UBL's, or the shops'. Every record
 * that is read is checked against it: compiled, that takes a third of the time.
 */
export const entities = {
  Account: z.compile(account),
  Contact: z.compile(contact),
  CreditNote: z.compile(creditNote),
  Document: z.compile(document),
  Invoice: z.compile(invoice),
  Payment: z.compile(payment),
  Price: z.compile(price),
  PriceList: z.compile(priceList),
  Product: z.compile(product),
  Refund: z.compile(refund),
  ReturnAuthorization: z.compile(returnAuthorization),
  SalesOrder: z.compile(salesOrder),
  Shipment: z.compile(shipment),
  StockLevel: z.compile(stockLevel),
} as const

export type EntityName = keyof typeof entities
export type Canonical<Name extends EntityName = EntityName> = z.infer<(typeof entities)[Name]>

export const entityNames = Object.keys(entities) as readonly EntityName[]

export function isEntityName(name: string): name is EntityName {
  return Object.hasOwn(entities, name)
}
