import type { Canonical, EntityName } from './entities.ts'

/** What a record can be recognised by in another system. The same shape as in a mapping's links. */
export interface RecognisedBy {
  readonly sku?: string
  readonly gtin?: string
  readonly email?: string
  readonly vatId?: string
  readonly number?: string
}

/**
 * The keys of a record, tidied so that equal ones are equal texts. Keys that it does not have are left out.
 *
 * An account is not known by its number: each system counts its customers from one, so 1001 here and 1001 there are
 * two people.
 */
export function matchKeysOf<Name extends EntityName>(entity: Name, record: Canonical<Name>): RecognisedBy {
  return withoutEmpty(keys[entity](record))
}

/** 'Ada@Example.com ' → 'ada@example.com'. The part before the @ could differ by case; no mail provider lets it. */
export function tidyEmail(email: string): string {
  return email.trim().toLowerCase()
}

/** 'de 123.456.789' → 'DE123456789'. */
export function tidyVatId(vatId: string): string {
  return vatId.replace(/[\s.\-/]/g, '').toUpperCase()
}

/** SKUs are compared as they are written, but for blanks around them: 'mug-1' and 'MUG-1' may be two articles. */
export function tidySku(sku: string): string {
  return sku.trim()
}

/** '4 006381 333931' → '4006381333931'. Leading zeros stay: systems search for the text as it was entered. */
export function tidyGtin(gtin: string): string {
  return gtin.replace(/[\s-]/g, '')
}

export function sameEmail(left: string | undefined, right: string | undefined): boolean {
  return same(left, right, tidyEmail)
}

export function sameVatId(left: string | undefined, right: string | undefined): boolean {
  return same(left, right, tidyVatId)
}

export function sameSku(left: string | undefined, right: string | undefined): boolean {
  return same(left, right, tidySku)
}

/** GTIN-8, -12, -13 and -14 are one numbering: UPC 036000291452 is EAN 0036000291452. */
export function sameGtin(left: string | undefined, right: string | undefined): boolean {
  return same(left, right, gtin => tidyGtin(gtin) && tidyGtin(gtin).padStart(14, '0'))
}

/** What is not there is not the same as anything, nor is an empty text. */
function same(left: string | undefined, right: string | undefined, tidy: (text: string) => string): boolean {
  const key = tidy(left ?? '')
  return key !== '' && key === tidy(right ?? '')
}

type Keys = { [key in keyof RecognisedBy]: RecognisedBy[key] | undefined }

const keys: { readonly [Name in EntityName]: (record: Canonical<Name>) => Keys } = {
  Account: account => ({
    email: account.email && tidyEmail(account.email),
    vatId: account.vatId && tidyVatId(account.vatId),
  }),
  Contact: contact => ({ email: contact.email && tidyEmail(contact.email) }),
  CreditNote: byNumber,
  Document: () => ({}),
  Invoice: byNumber,
  Payment: byNumber,
  Price: bySku,
  PriceList: () => ({}),
  Product: product => ({ ...bySku(product), gtin: product.gtin && tidyGtin(product.gtin) }),
  Refund: byNumber,
  ReturnAuthorization: byNumber,
  SalesOrder: byNumber,
  Shipment: byNumber,
  StockLevel: bySku,
}

function bySku(record: { sku?: string | undefined }): Keys {
  return { sku: record.sku && tidySku(record.sku) }
}

function byNumber(record: { number?: string | undefined }): Keys {
  return { number: record.number?.trim() }
}

function withoutEmpty(found: Keys): RecognisedBy {
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value))
}
