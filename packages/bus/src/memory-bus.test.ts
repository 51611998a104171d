import { expect, test } from 'vitest'
import { memoryBus } from './memory-bus.ts'
import { matches, subjectOf } from './subject.ts'

test('a subject part never changes what a subject means', () => {
  expect(subjectOf('linchpin', 'SalesOrder', 'shop', '1042')).toBe('linchpin.SalesOrder.shop.1042')
  const odd = subjectOf('linchpin', 'Account', 'shop', 'guest:ada@example.com > *')
  expect(odd.split('.')).toHaveLength(4)
  expect(odd).toMatch(/^linchpin\.Account\.shop\.=[\w-]+$/)
  expect(subjectOf('a.b')).not.toBe(subjectOf('a', 'b'))
})

test('a filter is about what its words and wildcards say', () => {
  expect(matches('linchpin.SalesOrder.shop.>', 'linchpin.SalesOrder.shop.7')).toBe(true)
  expect(matches('linchpin.SalesOrder.shop.>', 'linchpin.SalesOrder.shop')).toBe(false)
  expect(matches('linchpin.Link.*.erp.>', 'linchpin.Link.crm.erp.Account.1.2')).toBe(true)
  expect(matches('linchpin.Link.*.erp.>', 'linchpin.Link.erp.shop.Account.1.2')).toBe(false)
})

test('each subscription hears everything once, in order, and what it could not take in again', async () => {
  const bus = memoryBus()
  const side = bus.open()
  const heard: string[] = []
  let fails = true
  await side.subscribe({ name: 'erp', filter: 'a.>' }, async messages => {
    if (fails) throw new Error('The database does not answer.')
    heard.push(...messages.map(({ body }) => body))
  })
  await side.publish([1, 2, 2, 3].map(n => ({ subject: `a.${n}`, id: `${n}`, body: `${n}` })))
  await expect(bus.turn()).rejects.toThrow('database')
  fails = false
  while (await bus.turn());
  expect(heard).toEqual(['1', '2', '3'])
})

test('of one subject, only the newest message is kept for whoever comes later', async () => {
  const bus = memoryBus()
  await bus.open().publish(['old', 'new'].map(body => ({ subject: 'a.1', id: body, body })))
  expect(bus.messages().map(({ body }) => body)).toEqual(['new'])
})

test('what was published since an instant is told as it stands, in its order, to nobody else and in nobody’s place', async () => {
  let now = 1
  const bus = memoryBus(() => now)
  const side = bus.open()
  const publish = (subject: string, body: string) => side.publish([{ subject, id: body, body }])
  await publish('a.1', 'first')
  await publish('a.2', 'second')
  now = 2
  await publish('b.1', 'another')
  await publish('a.3', 'third')
  await publish('a.1', 'first, changed')
  const told: string[] = []
  for await (const batch of side.published(2, 'a.>')) told.push(...batch.map(({ body }) => body))
  expect(told).toEqual(['third', 'first, changed'])
})

test('of two that add a note after the same one, the faster is kept', async () => {
  const [left, right] = [memoryBus()].map(bus => [bus.open(), bus.open()] as const).flat()
  const first = await left?.addNote('flow', 'mine', 0)
  expect(first).not.toBeNull()
  expect(await right?.addNote('flow', 'mine, too', 0)).toBeNull()
  expect(await right?.lastNote('flow')).toEqual({ seq: first, words: 'mine' })
})
