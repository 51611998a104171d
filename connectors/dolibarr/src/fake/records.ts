import { withoutTax, withTax } from './amounts.ts'
import { listOf, textOf, type Books, type Held, type TableName, type Values } from './books.ts'
import { RestError } from './errors.ts'
import { draftInvoice, numberOf, numbered, placeOrder } from './sales.ts'
import type { Traps } from './traps.ts'

/** How a record of each list is made over the API; each answers the id alone. */
export const MAKERS: Readonly<Partial<Record<TableName, (books: Books, body: Values) => number>>> = {
  thirdparties: makeParty,
  contacts: (books, body) => {
    if (textOf(body['lastname']) === '') throw new RestError(400, 'lastname field missing')
    return books.insert('contacts', { statut: '1', date_creation: books.seconds(), ...body }).rowid
  },
  products: makeProduct,
  orders: placeOrder,
  invoices: (books, body) =>
    draftInvoice(books, { ...body, lines: listOf(body['lines']).map(line => numbered(books, line)) }),
}

function makeParty(books: Books, body: Values): number {
  if (textOf(body['name']) === '') throw new RestError(400, 'name field missing')
  const asked = textOf(body['code_client'])
  const code_client = asked === '-1' ? numberOf(books, 'CU') : asked
  if (code_client !== '' && books.all('thirdparties').some(row => row['code_client'] === code_client))
    throw new RestError(500, 'Error creating thirdparty', ['', 'ErrorCustomerCodeAlreadyUsed'])
  const made = { status: '1', date_creation: books.seconds(), ...body, code_client }
  return books.insert('thirdparties', made).rowid
}

/** A product's ref is unique: the only key of ours that Dolibarr keeps so. */
function makeProduct(books: Books, body: Values): number {
  for (const field of ['ref', 'label'])
    if (textOf(body[field]) === '') throw new RestError(400, `${field} field missing`)
  const ref = textOf(body['ref']).toLowerCase()
  if (books.all('products').some(row => textOf(row['ref']).toLowerCase() === ref))
    throw new RestError(500, 'Error creating product', ['ErrorProductAlreadyExists'])
  const values = { type: '0', status: '0', price: '0', tva_tx: '0', price_base_type: 'HT', ...body }
  return books.insert('products', { ...values, ...pricesOf(values) }).rowid
}

/** Both prices, from the one that was typed in. */
function pricesOf(row: Values): Values {
  return row['price_base_type'] === 'TTC'
    ? {
        price: withoutTax(textOf(row['price_ttc']) || '0', row['tva_tx']),
        price_ttc: textOf(row['price_ttc']) || '0',
      }
    : { price: textOf(row['price']) || '0', price_ttc: withTax(textOf(row['price']) || '0', row['tva_tx']) }
}

/** A `PUT` writes what it is given over what is there. */
export function changeRecord(books: Books, table: TableName, row: Held, body: Values, traps: Traps): void {
  const { id: _, ...given } = body
  const options = given['array_options'] && {
    array_options: { ...(row['array_options'] as Values), ...(given['array_options'] as Values) },
  }
  const values = { ...given, ...(options as Values | undefined) }
  if (table !== 'products') return void books.update(table, row.rowid, values)
  if ('stock_reel' in values)
    throw new RestError(400, 'Stock reel cannot be updated here. Use the /stockmovements endpoint instead')
  const { price, price_ttc, ...rest } = values
  const prices = traps.ignoresPrices
    ? {}
    : { ...(price !== undefined && { price }), ...(price_ttc !== undefined && { price_ttc }) }
  const whole = { ...row, ...rest, ...prices }
  books.update(table, row.rowid, { ...rest, ...(traps.ignoresPrices ? {} : pricesOf(whole)) })
}
