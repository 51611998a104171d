import { applyMapping, compileMapping, type Mapping } from '@linchpin/mapping'
import { expect, test } from 'vitest'
import { ownOf } from './mask.ts'
import { shownWords } from './words.ts'

/** What a mapping says of a row that it cannot map. */
function saidOf(fields: Mapping['fields'], row: object): string {
  const mapping = { from: 'shop.SalesOrder', to: 'SalesOrder', fields, tables: { friends: { Ada: 'yes' } } }
  try {
    applyMapping(compileMapping(mapping), row, { link: () => null })
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('It was mapped.')
}

const row = {
  marketplace: 'otto',
  billing: { last_name: 'de "the red" Vries', country: 'ZZ', phone: 491234 },
  contacts: [{ name: 'Noor' }],
  name: 'Noor de Vries',
}

test('what a table lacks is told, but not where it is of somebody', () => {
  const otto = saidOf({ channel: { lookup: 'friends', of: 'marketplace' } }, row)
  expect(otto).toContain('"otto" is not in table friends')
  expect(shownWords(otto, 'SalesOrder')).toBe(otto)
  const country = saidOf({ channel: { lookup: 'friends', of: 'billing.country' } }, row)
  expect(shownWords(country, 'SalesOrder')).toBe(country)
  const name = saidOf({ channel: { lookup: 'friends', of: 'billing.last_name' } }, row)
  expect(name).toContain('Vries')
  expect(shownWords(name, 'SalesOrder')).toContain(
    'field channel: "d•••" is not in table friends. Add it there, or say what else to take. (billing.last_name by table friends)',
  )
  const phone = saidOf({ channel: { lookup: 'friends', of: 'billing.phone' } }, row)
  expect(phone).toContain('491234 is not')
  expect(shownWords(phone, 'SalesOrder')).not.toContain('491234')
})

test('it is judged by the field, too, and by whose record it is', () => {
  const inList = saidOf(
    { contacts: { each: 'contacts', as: { name: { lookup: 'friends', of: 'name' } } } },
    row,
  )
  expect(inList).toContain('"Noor"')
  expect(shownWords(inList, 'SalesOrder')).not.toContain('Noor')
  const plain = saidOf({ channel: { lookup: 'friends', of: 'name' } }, row)
  expect(shownWords(plain, 'Product')).toBe(plain)
  expect(shownWords(plain, 'Account')).toContain('"N•••" is not in table friends')
})

test("what another system says of a person's record names nobody, nor does any sentence give an address", () => {
  expect(shownWords('Odoo takes no "Noor de Vries" twice.', 'Account')).toBe('Odoo takes no "N•••" twice.')
  expect(shownWords('Odoo knows no "MUG-1".', 'SalesOrder')).toBe('Odoo knows no "MUG-1".')
  expect(shownWords('noor@example.com is refused.', 'SalesOrder')).toBe('n•••@•••.com is refused.')
})

test('what its record says of people is hidden wherever another system says it, and nothing else is', () => {
  const order = {
    number: '1042',
    buyer: { id: '7', kind: 'person', name: 'Noor de Vries', phone: '+49 89 1234', country: 'DE' },
    billing: {
      name: 'Kaffee & Kontor (Süd)',
      street: 'Lindwurmstraße 80',
      city: 'Au',
      postalCode: '80337',
      country: 'DE',
    },
    lines: [{ sku: 'MUG-1', name: 'Enamel mug', quantity: '12' }],
    remark: 'Ring twice.',
  }
  const own = ownOf(order, 'SalesOrder')
  const said = (words: string) => shownWords(words, 'SalesOrder', own)
  expect(said("Order 1042: customer 'Noor de Vries' is blocked.")).toBe(
    "Order 1042: customer 'N•••' is blocked.",
  )
  expect(said('NOOR  DE VRIES and Kaffee & Kontor (Süd) owe 80 EUR.')).toBe('N••• and K••• owe 80 EUR.')
  expect(said('VRIES, Noor: +49 89 1234, Lindwurmstraße 80, 80337 Au, DE.')).toBe(
    'V•••, N•••: +•••, L•••, 8••• A•••, DE.',
  )
  const harmless =
    'MUG-1, the Enamel mug: 12 of it are not in stock. August is over; auto, Noorwegen, 803370.'
  expect(said(harmless)).toBe(harmless)
})

test("single quotes name somebody, too, in what is said of a person's record; an apostrophe does not", () => {
  expect(shownWords("It isn't 'Noor de Vries', it's ‘Jan’.", 'Account')).toBe("It isn't 'N•••', it's ‘J•••’.")
})
