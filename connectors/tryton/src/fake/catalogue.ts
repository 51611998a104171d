import { text, type Behaviour, type Books, type Context, type Row } from './books.ts'
import { within } from './domain.ts'
import { UserError } from './errors.ts'
import { saleOf } from './sales.ts'

/** Products, parties and stock: what Tryton computes, fills in and refuses. */
export const catalogueBehaviours: Readonly<Record<string, Behaviour>> = {
  'party.party': {
    before: (books, values, old) => {
      const code = values['code'] ?? old?.['code'] ?? nextCode(books)
      if (books.having('party.party', 'code', code).filter(party => party.id !== old?.id).length > 0)
        throw new UserError('The code on party must be unique.')
      return { ...values, code }
    },
    fields: {
      tax_identifier: (books, party) =>
        books.having('party.identifier', 'party', party.id).find(each => each['type'] === 'eu_vat')?.id,
      email: mechanism('email'),
      phone: mechanism('phone'),
      mobile: mechanism('mobile'),
    },
  },
  'party.identifier': {
    before: (books, values, old) => {
      const code = text(values['code'] ?? old?.['code'])
      const party = books.find('party.party', values['party'] ?? old?.['party'])
      // Only the form: the real one also computes the check digits of each country.
      if ((values['type'] ?? old?.['type']) === 'eu_vat' && !/^[A-Z]{2}[0-9A-Z]{8,12}$/.test(code))
        throw new UserError(
          `The European VAT Number "${code}" for party "${String(party?.['name'])}" is not valid.`,
        )
      return values
    },
  },
  'product.product': {
    fields: {
      code: (books, row) => {
        const prefix = books.find('product.template', row['template'])?.['code']
        return [prefix, row['suffix_code']].filter(Boolean).join('') || null
      },
      quantity: (books, row, context) => quantityOf(books, row, context, false),
      forecast_quantity: (books, row, context) => quantityOf(books, row, context, true),
    },
    beforeDelete: (books, row) => {
      const used = [...books.all('stock.move'), ...books.all('sale.line')].some(
        each => each['product'] === row.id,
      )
      if (used)
        throw new UserError(
          'The records could not be deleted because they are used by field "Product" of "Stock Move".',
        )
    },
  },
  'product.price_list': { before: (_books, values, old) => (old ? values : { company: 1, ...values }) },
  'product.price_list.line': {
    before: (books, values, old) => {
      const formula = text(values['formula'] ?? old?.['formula'] ?? 'unit_price')
      // A whole number is an int in Python, and a formula must come to a Decimal.
      if (/^\d+$/.test(formula.trim()))
        throw new UserError(
          `Invalid formula "${formula}" in price list line "${old?.id ?? -1}" with exception "".`,
        )
      return { ...values, formula }
    },
  },
  'stock.move': {
    fields: {
      internal_quantity: (_books, row) => row['quantity'],
      sale: (books, row) => saleOf(books, row['origin']),
    },
  },
  'stock.package': {
    before: (books, values, old) =>
      old ? values : { code: String(books.all('stock.package').length + 1), ...values },
  },
}

const nextCode = (books: Books) =>
  String(1 + Math.max(0, ...books.all('party.party').map(party => Number(party['code']) || 0)))

function mechanism(type: string) {
  return (books: Books, party: Row) =>
    books.having('party.contact_mechanism', 'party', party.id).find(each => each['type'] === type)?.[
      'value'
    ] ?? null
}

/** By the moves over the border of the locations in the context: those done, or all that are planned as well. */
function quantityOf(books: Books, product: Row, context: Context, forecast: boolean): number {
  const places = (context['locations'] ?? []) as number[]
  const counts = (move: Row) =>
    move['state'] === 'done' || (forecast && ['draft', 'assigned'].includes(String(move['state'])))
  return books
    .having('stock.move', 'product', product.id)
    .filter(counts)
    .reduce((sum, move) => {
      const into = within(books, move['to_location'], places) ? Number(move['quantity']) : 0
      const outOf = within(books, move['from_location'], places) ? Number(move['quantity']) : 0
      return sum + into - outOf
    }, 0)
}
