import { expect, test } from 'vitest'
import { parkedAnswer } from './status.ts'

const parked = {
  flow: 'account-shop-to-erp',
  entity: 'Account',
  id: '7',
  from: 'shop',
  to: 'erp',
  state: 'parked',
  tries: 1,
  attempt: 1,
  trouble: { kind: 'refused', words: 'The ERP knows noor@example.com already.' },
  owedAt: 0,
  runAt: 0,
  settledAt: null,
  label: 'DE123456789',
  parkedAt: 0,
  worth: null,
  unknown: false,
} as const

test('what is parked does not tell who it is about', () => {
  expect(parkedAnswer(parked)).toMatchObject({
    label: '7',
    trouble: { kind: 'refused', words: 'The ERP knows n•••@•••.com already.' },
  })
  expect(parkedAnswer({ ...parked, entity: 'SalesOrder', label: 'noor@example.com' }).label).toBe(
    'n•••@•••.com',
  )
  expect(parkedAnswer({ ...parked, entity: 'SalesOrder', label: '1042', trouble: null }).label).toBe('1042')
})
