import { expect, test } from 'vitest'
import { entities } from './entities.ts'
import { guestAccount, guestId } from './guest.ts'
import { parentsOf } from './references.ts'
import { orderWith } from './testing.ts'

const guest = {
  id: 'guest:ada@example.com',
  kind: 'person' as const,
  guest: true,
  name: 'Ada',
  email: 'Ada@Example.com',
}

test('a registered buyer has an account already', () => {
  expect(guestAccount(orderWith())).toBeNull()
})

test('a guest’s account takes its addresses from the order', () => {
  const order = orderWith({
    buyer: guest,
    billingAddress: { cityName: 'London' },
    deliveries: [{ id: 'd1', address: { cityName: 'Ockham' } }, { id: 'd2' }],
    modifiedAt: '2026-11-23T10:16:00Z',
  })
  const account = guestAccount(order)
  expect(account).toMatchObject({
    id: 'guest:ada@example.com',
    guest: true,
    email: 'ada@example.com',
    billingAddress: { cityName: 'London' },
    deliveryAddresses: [{ cityName: 'Ockham' }],
    modifiedAt: '2026-11-23T10:16:00Z',
  })
  expect(entities.Account.safeParse(account).success).toBe(true)
})

test('two orders of one e-mail address share one account', () => {
  const first = guestAccount(orderWith({ buyer: { ...guest, id: 'none' } }))
  const second = guestAccount(
    orderWith({ id: '2', buyer: { ...guest, id: 'none', email: ' ADA@example.com' } }),
  )
  expect(first?.id).toBe(second?.id)
  expect(guestId(' ADA@example.com')).toBe(first?.id)
})

test('an e-mail address is found on the billing address too', () => {
  const { email: _, ...silent } = guest
  const order = orderWith({ buyer: { ...silent, id: 'x' }, billingAddress: { email: 'ada@example.com' } })
  expect(guestAccount(order)?.id).toBe('guest:ada@example.com')
})

test('guests who left no e-mail do not become one customer', () => {
  const buyer = { id: 'guest:', kind: 'person' as const, guest: true, name: 'Walk-in' }
  const [one, two] = ['1', '2'].map(id => guestAccount(orderWith({ id, buyer }))?.id)
  expect(one).not.toBe(two)
})

test('an order belongs to the account that was made of it', () => {
  const order = orderWith({ buyer: { ...guest, id: 'x' } })
  expect(parentsOf('SalesOrder', order)).toEqual([{ entity: 'Account', id: guestAccount(order)?.id }])
})
