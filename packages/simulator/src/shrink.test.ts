import { expect, test } from 'vitest'
import { planOf, type Plan } from './plan.ts'
import { changedBy, difference, shrink } from './shrink.ts'

/** A seed with many faults on. */
const full: Plan = changedBy(planOf(1), {
  orders: 12,
  nodes: 3,
  clockSkewMs: 50,
  net: { lostReply: 0.3, late: 0.1, lateMaxMs: 60_000 },
  people: { edits: 3, burst: true, shipping: 0.6 },
  drift: { renamedMs: 60_000, forGood: true },
})

test('what a failure does not need is switched off, and what it needs stays', async () => {
  const { plan } = await shrink(full, async ({ net, people }) => net.lostReply > 0 && people.burst)
  expect(plan).toMatchObject({ orders: 1, nodes: 1, batch: 1, clockSkewMs: 0, faultMinutes: 4 })
  expect(plan.net).toMatchObject({ lostReply: 0.3, late: 0, lateMaxMs: 60_000 })
  expect(plan.people).toMatchObject({ burst: true, edits: 0, shipping: 0 })
  expect(plan.drift).toEqual({ renamedMs: 0, droppedMs: 0, retypedMs: 0, forGood: false })
})

test('orders are taken away one by one when half of them is too few', async () => {
  const { plan } = await shrink(full, async ({ orders }) => orders >= 5)
  expect(plan.orders).toBe(5)
})

test('a plan that fails for no reason that can be taken away stays as it is', async () => {
  const { plan } = await shrink(full, async () => false)
  expect(plan).toEqual(full)
})

test('it gives up after so many tries', async () => {
  let asked = 0
  const { tries } = await shrink(full, async () => (asked += 1) > 0, 7)
  expect([tries, asked]).toEqual([7, 7])
})

test('the difference of two plans, given back, makes the one of the other', async () => {
  const { plan } = await shrink(full, async ({ net }) => net.late > 0)
  expect(changedBy(full, difference(full, plan))).toEqual(plan)
  expect(difference(full, full)).toEqual({})
})

test('a plan that is told something it does not know says so', () => {
  expect(() => changedBy(full, { weather: 1 })).toThrow('A plan has no weather.')
})
