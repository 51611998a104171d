import type { Cursor, Gone, Snapshot } from '@linchpin/connector'
import { makeLab, type Lab } from '@linchpin/connector/conformance'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import { beforeEach, describe, expect, test } from 'vitest'
import { fakeShopify, type FakeOptions, type FakeShopify } from './fake/fake-shopify.ts'
import type { Session } from './session.ts'
import { shopify } from './shopify.ts'

const app = { clientId: 'linchpin', clientSecret: 'a-secret-of-the-tests' }
const hour = 3_600_000
const { changes, get } = shopify.entities.SalesOrder!

describe("the first load at Shopify's look-alike", () => {
  let fake: FakeShopify
  let lab: Lab
  let session: Session
  const names = () => fake.asked.map(({ name }) => name)
  beforeEach(() => begin())

  test('few orders are asked for, many come in bulk and are the same to the letter', async () => {
    for (let turn = 0; turn < 9; turn += 1) place()
    await everything(null)
    expect(names()).not.toContain('BeginBulk')
    await begin()
    const ids = Array.from({ length: 10 }, place)
    lab.advance(hour)
    const { items } = await everything(null, 3)
    expect(names().filter(name => name === 'BeginBulk')).toHaveLength(1)
    expect(names()).not.toContain('Orders')
    const asked = await get!(session, ids)
    expect(byId(items)).toEqual(byId(asked))
  })

  test('the file is read in parts, and none of its records is cut or told twice', async () => {
    const ids = Array.from({ length: 200 }, place)
    lab.advance(hour)
    const { items } = await everything(null, 7)
    expect(items.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
    const size = Buffer.byteLength(fake.books.bulks.all()[0]?.text ?? '')
    const parts = lab.seen.filter(({ url }) => url.includes('/bulk/'))
    expect(size).toBeGreaterThan(200_000)
    expect(parts.length).toBeGreaterThan(25)
  })

  test('while Shopify works on it nothing is told; then all of it, and what changed meanwhile', async () => {
    await begin({ bulkMs: 60_000 })
    const ids = Array.from({ length: 12 }, place)
    const first = await everything(null)
    expect(first.items).toEqual([])
    const touched = fake.books.orders.get(ids[0]!)!
    lab.advance(30_000)
    fake.books.orders.put(touched.id, { ...touched, note: 'changed', updatedAt: fake.books.stamp() })
    const late = place()
    expect((await everything(first.next)).items).toEqual([])
    lab.advance(31_000)
    const { items } = await everything(first.next)
    const told = items.map(({ id }) => id)
    expect(new Set(told)).toEqual(new Set([...ids, late]))
    const last = items.findLast(({ id }) => id === touched.id)
    expect(last).toMatchObject({ row: { note: 'changed' } })
  })

  test('what Shopify forgot, or has no room for, is swept instead', async () => {
    const ids = Array.from({ length: 12 }, place)
    const { next } = await changes!(session, null, 5)
    for (const { id } of fake.books.bulks.all()) fake.books.bulks.remove(id)
    expect((await everything(next, 5)).items.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
    for (const turn of ['1', '2', '3', '4', '5'])
      fake.books.bulks.put(turn, { id: turn, createdAt: '', readyAt: lab.now() + 1, text: '' })
    expect((await everything(null, 5)).items).toHaveLength(12)
  })

  test('variants and customers come in bulk, too, as they are told one by one', async () => {
    for (let turn = 0; turn < 12; turn += 1) place()
    for (const name of ['Product', 'Account'] as const) {
      const entity = shopify.entities[name]!
      const page = await entity.changes!(session, null, 5)
      const { items } = await entity.changes!(session, page.next, 50)
      expect(items).toHaveLength(12)
      expect(byId(items)).toEqual(
        byId(
          await entity.get!(
            session,
            items.map(({ id }) => id),
          ),
        ),
      )
    }
    expect(names().filter(name => name === 'BeginBulk')).toHaveLength(2)
  })

  async function begin(options: Partial<FakeOptions> = {}): Promise<void> {
    lab = makeLab((url, init) => fetchFrom(fake.handler)(url, init))
    fake = fakeShopify({ shelf: new Shelf(null), now: lab.now, ...app, restoreRate: 100_000, ...options })
    const settings = { url: 'https://example.myshopify.com', ...app, bulkFrom: 10 }
    session = await shopify.open(shopify.settings.parse(settings), lab)
  }

  function place(): string {
    const at = fake.books.variants.count()
    const variant = fake.addProduct({ sku: `MUG-${at}`, name: 'Mug', price: 1199, stock: 10 })
    const lines = [{ variant, quantity: 2 }]
    return fake.placeOrder({ lines, email: `ada${at}@example.com`, code: 'TENOFF' }).id
  }

  async function everything(after: Cursor | null, limit = 50) {
    const items: (Snapshot<unknown> | Gone)[] = []
    for (let cursor = after; ;) {
      const page = await changes!(session, cursor, limit)
      items.push(...page.items)
      cursor = page.next
      if (!page.more) return { items, next: page.next }
    }
  }
})

function byId(items: readonly (Snapshot<unknown> | Gone)[]) {
  return items.toSorted((left, right) => Number(left.id) - Number(right.id))
}
