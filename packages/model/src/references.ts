import type { Canonical, EntityName } from './entities.ts'
import { guestAccount } from './guest.ts'
import { tidyEmail, tidyGtin, tidySku, tidyVatId } from './match.ts'
import type { Account } from './party.ts'

/** Something that people type to find a record, and what it is. */
export interface Reference {
  readonly kind: ReferenceKind
  readonly value: string
}

export type ReferenceKind =
  'number' | 'buyerReference' | 'tracking' | 'paymentReference' | 'sku' | 'gtin' | 'email' | 'vatId'

/** A record of the same connection. */
export interface RecordRef {
  readonly entity: EntityName
  readonly id: string
}

/** Every number that people may search a record by, tidied, each once. Its id is not among them. */
export function referencesOf<Name extends EntityName>(entity: Name, record: Canonical<Name>): Reference[] {
  const found = references[entity](record).flatMap(([kind, value]) => {
    const tidied = tidy(kind, value ?? '')
    return tidied === '' ? [] : [{ kind, value: tidied }]
  })
  return onlyOnce(found, ({ kind, value }) => `${kind} ${value}`)
}

/** The records that this one belongs to: a shipment to its order. A draft order belongs to nobody yet. */
export function parentsOf<Name extends EntityName>(entity: Name, record: Canonical<Name>): RecordRef[] {
  const found = parents[entity](record).flatMap(([parent, id]) => (id ? [{ entity: parent, id }] : []))
  return onlyOnce(found, ref => `${ref.entity} ${ref.id}`)
}

type Found = readonly (readonly [ReferenceKind, string | undefined])[]

const references: { readonly [Name in EntityName]: (record: Canonical<Name>) => Found } = {
  Account: ofAccount,
  Contact: contact => [['email', contact.email]],
  CreditNote: note => [
    ['number', note.number],
    ['buyerReference', note.buyerReference],
  ],
  Document: () => [],
  Invoice: invoice => [
    ['number', invoice.number],
    ['buyerReference', invoice.buyerReference],
  ],
  Payment: payment => [
    ['number', payment.number],
    ['paymentReference', payment.reference],
  ],
  Price: price => [['sku', price.sku]],
  PriceList: () => [],
  Product: product => [
    ['sku', product.sku],
    ['gtin', product.gtin],
  ],
  Refund: refund => [['number', refund.number]],
  ReturnAuthorization: authorization => [
    ['number', authorization.number],
    ...(authorization.tracking ?? []).map(({ number }) => ['tracking', number] as const),
  ],
  SalesOrder: order => [
    ['number', order.number],
    ['buyerReference', order.buyerReference],
    ...(order.payments ?? []).map(({ reference }) => ['paymentReference', reference] as const),
    // The customer's number leads to the customer; a search for it should not answer every order.
    ...ofAccount(order.buyer).filter(([kind]) => kind !== 'number'),
  ],
  Shipment: shipment => [
    ['number', shipment.number],
    ...shipment.tracking.map(({ number }) => ['tracking', number] as const),
  ],
  StockLevel: level => [['sku', level.sku]],
}

function ofAccount(account: Account): Found {
  return [
    ['number', account.number],
    ['email', account.email],
    ['vatId', account.vatId],
  ]
}

type Parents = readonly (readonly [EntityName, string | undefined])[]

const parents: { readonly [Name in EntityName]: (record: Canonical<Name>) => Parents } = {
  Account: account => [['Account', account.parent]],
  Contact: contact => [['Account', contact.account]],
  CreditNote: note => [...ofOrders(note.orders), ['Invoice', note.invoice], ['Account', note.account]],
  Document: document =>
    document.of && isEntity(document.of.entity) ? [[document.of.entity, document.of.id]] : [],
  Invoice: invoice => [...ofOrders(invoice.orders), ['Account', invoice.account]],
  Payment: payment => [
    ['SalesOrder', payment.order],
    ['Invoice', payment.invoice],
    ['Account', payment.account],
  ],
  Price: price => [
    ['Product', price.product],
    ['PriceList', price.priceList],
  ],
  PriceList: () => [],
  Product: () => [],
  Refund: refund => [
    ['SalesOrder', refund.order],
    ['Payment', refund.payment],
    ['CreditNote', refund.creditNote],
    ['ReturnAuthorization', refund.returnAuthorization],
  ],
  ReturnAuthorization: authorization => [
    ['SalesOrder', authorization.order],
    ['Account', authorization.account],
  ],
  SalesOrder: order =>
    order.status === 'draft' ? [] : [['Account', guestAccount(order)?.id ?? order.buyer.id]],
  Shipment: shipment => [['SalesOrder', shipment.order]],
  StockLevel: level => [['Product', level.product]],
}

function ofOrders(orders: readonly string[]): Parents {
  return orders.map(order => ['SalesOrder', order] as const)
}

function isEntity(name: string): name is EntityName {
  return Object.hasOwn(parents, name)
}

function tidy(kind: ReferenceKind, value: string): string {
  if (kind === 'email') return tidyEmail(value)
  if (kind === 'vatId') return tidyVatId(value)
  if (kind === 'gtin') return tidyGtin(value)
  return kind === 'sku' ? tidySku(value) : value.trim()
}

function onlyOnce<Item>(items: readonly Item[], nameOf: (item: Item) => string): Item[] {
  return [...new Map(items.map(item => [nameOf(item), item])).values()]
}
