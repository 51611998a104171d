import type { Settings } from './settings.ts'

/**
 * metasfresh names a record in six ways (ExternalIdentifier.java): '123' its own id, 'ext-<system>-<reference>',
 * 'val-<search key>', 'gln-<GLN>', 'glnl-<GLN>_<label>' and 'gtin-<GTIN>'.
 */
export type Identifier = string

/** A record by the reference that we gave it. */
export const external = ({ system }: Settings, reference: string): Identifier => `ext-${system}-${reference}`

/** A record by its search key: a product's SKU. */
export const searchKey = (value: string): Identifier => `val-${value}`

/** Whether this text is one of metasfresh's own ids; a text that is none must not be taken for another identifier. */
export const isOwnId = (text: string): boolean => /^\d{1,10}$/.test(text) && Number(text) < 2 ** 31

/** 'shop/SalesOrder/1042' as people can read it in metasfresh: 'shop/1042'. Our external header id and references. */
export function shortKey(key: string): string {
  const [connection, , ...rest] = key.split('/')
  return rest.length === 0 ? key : `${connection}/${rest.join('/')}`
}

/**
 * The customer's reference on an order, '1042 [shop/1042]': the shop's number for people, and our external header id
 * again, since shipments, invoices and the export queue tell of an order nothing but this (POReference).
 */
export const poReference = (number: string, header: string): string => `${number} [${header}]`

export const headerIn = (reference: string | null | undefined): string | null =>
  /\[([^[\]]+)\]$/.exec(reference ?? '')?.[1] ?? null
