import { expect, test } from 'vitest'
import { masked, withoutSecrets } from './mask.ts'

const order = {
  number: '1042',
  buyer: { id: '7', name: 'Noor de Vries', email: 'noor@example.com', country: 'NL' },
  billing: { first_name: 'Noor', address_1: 'Lindwurmstraße 80', country: 'DE' },
  lines: [{ sku: 'MUG', name: 'Mug', gross: '12.50' }],
  note: 'Write to noor.devries@example.com please',
  meta: { access_token: 'hunter2' },
}

test('who somebody is, is masked; what they bought is not', () => {
  expect(masked(order)).toEqual({
    number: '1042',
    buyer: { id: '7', name: 'N•••', email: 'n•••@•••.com', country: 'NL' },
    billing: { first_name: 'N•••', address_1: 'L•••', country: 'DE' },
    lines: [{ sku: 'MUG', name: 'Mug', gross: '12.50' }],
    note: 'Write to n•••@•••.com please',
    meta: { access_token: '(hidden)' },
  })
})

test('a secret is shown to nobody', () => {
  expect(withoutSecrets(order)).toEqual({ ...order, meta: { access_token: '(hidden)' } })
})
