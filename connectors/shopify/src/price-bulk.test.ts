import { makeLab, type Lab } from '@linchpin/connector/conformance'
import type { Outcome } from '@linchpin/connector'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import { beforeEach, describe, expect, test } from 'vitest'
import { fakeShopify, type FakeShopify } from './fake/fake-shopify.ts'
import type { Session } from './session.ts'
import { shopify } from './shopify.ts'

const app = { clientId: 'linchpin', clientSecret: 'a-secret-of-the-tests' }
const minute = 60_000
const writer = shopify.entities.Price!.writer!

describe("many new prices at once, at Shopify's look-alike", () => {
  let fake: FakeShopify
  let lab: Lab
  let session: Session
  let variants: readonly string[]
  /** What others do while the answer to this request of ours is on its way. */
  let answered: (body: string) => Promise<void>
  const names = () => fake.asked.map(({ name }) => name)
  const priceOf = (variant: string) => fake.books.variants.get(variant)?.price

  beforeEach(async () => {
    answered = async () => {}
    lab = makeLab(async (url, init) => {
      const response = await fetchFrom(fake.handler)(url, init)
      await answered(JSON.stringify(init?.body ?? ''))
      return response
    })
    fake = fakeShopify({
      shelf: new Shelf(null),
      now: lab.now,
      ...app,
      restoreRate: 1_000_000,
      bulkMs: minute,
    })
    session = await connect()
    variants = Array.from({ length: 4 }, (_, at) => fake.addProduct({ sku: `MUG-${at}`, name: 'Mug' }))
  })

  test('few are changed one by one, many in one request that costs the same for all', async () => {
    await price(variants.slice(0, 2), '5.00')
    expect(names().filter(name => name === 'SetVariants')).toHaveLength(2)
    await price(variants, '7.00')
    expect(names().filter(name => name === 'SetVariants')).toHaveLength(2)
    expect(names().filter(name => name === 'BeginMutations')).toHaveLength(1)
  })

  test('they are not told as done before Shopify has done them', async () => {
    expect((await price(variants, '7.00')).map(restIn)).toEqual(Array(4).fill('passing'))
    lab.advance(minute)
    expect((await price(variants, '7.00')).map(restIn)).toEqual(Array(4).fill(null))
    expect(variants.map(priceOf)).toEqual([700, 700, 700, 700])
    expect(names().filter(name => name === 'BeginMutations')).toHaveLength(1)
  })

  test('a newer price waits for the older one that is on its way, and no other does', async () => {
    await price(variants.slice(0, 3), '7.00')
    expect((await price(variants.slice(2), '8.00')).map(restIn)).toEqual(['passing', null])
    expect(priceOf(variants[3]!)).toBe(800)
    lab.advance(minute)
    await price(variants.slice(2), '8.00')
    expect(variants.map(priceOf)).toEqual([700, 700, 800, 800])
  })

  test('one that begins while we ask what runs is waited for', async () => {
    const begun: Promise<unknown>[] = []
    answered = async body => {
      if (!body.includes('query NewestBulks') || begun.length > 0) return
      begun.push(price(variants.slice(0, 3), '7.00'))
      await begun[0]
    }
    expect((await price(variants.slice(0, 1), '8.00')).map(restIn)).toEqual(['passing'])
    lab.advance(minute)
    await price(variants.slice(0, 1), '8.00')
    expect(variants.map(priceOf)).toEqual([800, 700, 700, 0])
  })

  test('another node, or this one after a restart, waits for what it does not know', async () => {
    await price(variants.slice(0, 3), '7.00')
    const other = await connect()
    expect((await price(variants.slice(2), '8.00', other)).map(restIn)).toEqual(['passing', 'passing'])
    lab.advance(minute)
    await price(variants.slice(2), '8.00', other)
    expect(variants.map(priceOf)).toEqual([700, 700, 800, 800])
  })

  test('one that Shopify refuses is told so by itself, once the others are done', async () => {
    await price(variants, '7.00')
    fake.books.variants.remove(variants[0]!)
    lab.advance(minute)
    const outcomes = await price(variants, '7.00')
    expect(outcomes.map(({ is }) => is)).toEqual(['refused', 'applied', 'applied', 'applied'])
  })

  test('what an ended one left unchanged is sent by itself, and says why it cannot be', async () => {
    await price(variants, '7.00')
    endWithoutWork()
    expect((await price(variants, '7.00')).map(restIn)).toEqual(Array(4).fill(null))
    expect(variants.map(priceOf)).toEqual(Array(4).fill(700))
    expect((await price(variants, '9.00')).map(restIn)).toEqual(Array(4).fill('passing'))
    expect(names().filter(name => name === 'BeginMutations')).toHaveLength(2)
    endWithoutWork()
    answered = async body => {
      if (body.includes('query Prices('))
        for (const { id } of fake.books.products.all()) fake.books.products.remove(id)
    }
    for (const outcome of await price(variants, '9.00'))
      expect(outcome.is === 'refused' && outcome.problem.message).toMatch(/Product does not exist/)
    expect(names().filter(name => name === 'BeginMutations')).toHaveLength(2)
  })

  test('when Shopify does five already, the sixth waits for its turn', async () => {
    const own = await connect({ bulkPricesFrom: 1 })
    const many = Array.from({ length: 6 }, (_, at) => fake.addProduct({ sku: `CUP-${at}`, name: 'Cup' }))
    for (const each of many) expect((await price([each], '7.00', own)).map(restIn)).toEqual(['passing'])
    expect(fake.books.bulks.count()).toBe(5)
    lab.advance(minute)
    await price(many, '7.00', own)
    lab.advance(minute)
    await price(many, '7.00', own)
    expect(many.map(priceOf)).toEqual(Array(6).fill(700))
  })

  /** As when someone cancels them, or Shopify fails. */
  function endWithoutWork(): void {
    for (const { todo: _, ...bulk } of fake.books.bulks.all()) fake.books.bulks.put(bulk.id, bulk)
    lab.advance(minute)
  }

  async function connect(given: object = {}): Promise<Session> {
    const settings = { url: 'https://example.myshopify.com', ...app, bulkPricesFrom: 3, ...given }
    return shopify.open(shopify.settings.parse(settings), lab)
  }

  function price(of: readonly string[], list: string, by = session): Promise<readonly Outcome[]> {
    const row = { currency: 'EUR', taxInclusive: true, list }
    return writer.write(
      by,
      of.map(id => ({ key: `erp/Price/${id}`, id, row })),
    )
  }
})

function restIn(outcome: Outcome): string | null {
  return outcome.is === 'applied' ? (outcome.rest?.kind ?? null) : outcome.is
}
