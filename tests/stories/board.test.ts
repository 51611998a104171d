import { describe, expect, test } from 'vitest'
import { openHouse, useDatabase, type House } from './house/index.ts'

useDatabase()

const PRODUCTS = 'product-erp-to-shop'
const PRICES = 'price-erp-to-shop'

/** Articles go both ways: what one system calls them, the other can be told. */
const bothWays = {
  config: ({ flows }: { readonly flows: readonly object[] }) => ({
    flows: [
      ...flows,
      {
        name: 'product-back',
        entity: 'Product',
        from: 'shop',
        to: 'erp',
        create: false,
        schedule: { every: '5m' },
      },
    ],
  }),
}

describe('what a person does about a difference (look-alikes)', () => {
  test('the source is written over the target: first told, then done as it was told, and both agree', async () => {
    await using house = await openHouse()
    rename(house, 'Another rope')
    const id = await differing(house)
    const dry = await push(house, id, { to: 'shop' })
    expect(dry).toMatchObject({
      flow: PRODUCTS,
      owed: false,
      step: { would: 'update', fields: [{ field: 'name', theirs: 'Another rope' }] },
    })
    expect(productInShop(house).name).toBe('Another rope')
    const { proof } = dry.step ?? {}
    expect(await push(house, id, { to: 'shop', proof })).toMatchObject({ owed: true })
    // Twice is once: it is under way.
    await expect(push(house, id, { to: 'shop', proof })).rejects.toMatchObject({ code: 'under-way' })
    const { pushes } = await house.api.sides({ flow: PRODUCTS, id })
    expect(pushes.map(({ not }) => not)).toEqual(['no flow', 'under way'])
    await house.settle()
    expect(productInShop(house).name).not.toBe('Another rope')
    expect((await house.reconcile(PRODUCTS)).discrepancies).toEqual([])
    const { journal } = await house.store.trace([{ connection: 'erp', entity: 'Product', id }])
    expect(journal).toContainEqual(expect.objectContaining({ who: 'Clara', what: 'pushed', flow: PRODUCTS }))
  })

  test('what was asked to be written is said beside the old difference, until it is compared again', async () => {
    await using house = await openHouse()
    rename(house, 'Another rope')
    const id = await differing(house)
    const asked = async () => (await house.api.sides({ flow: PRODUCTS, id })).pushes.map(each => each.askedAt)
    expect(await asked()).toEqual([null, null])
    const { step } = await push(house, id, { to: 'shop' })
    house.clock.now += 1_000
    const at = new Date(house.clock.now).toISOString()
    await push(house, id, { to: 'shop', proof: step?.proof })
    const { carried, pushes } = await house.api.sides({ flow: PRODUCTS, id })
    expect(carried.find(({ field }) => field === 'name')).toMatchObject({
      right: 'Another rope',
      same: false,
    })
    expect(pushes.map(({ askedAt }) => askedAt)).toEqual([null, at])
    expect((await house.api.readSides({ flow: PRODUCTS, id })).pushes[1]?.askedAt).toBeNull()
    await house.settle()
    // The shop was read since, too: nothing differs any more.
    expect(await asked()).toEqual([null, null])
    house.clock.now += 1_000
    rename(house, 'A third rope')
    await house.reconcile(PRODUCTS)
    expect(await asked()).toEqual([null, null])
  })

  test('what has moved since the dry run is not written', async () => {
    await using house = await openHouse()
    rename(house, 'Another rope')
    const id = await differing(house)
    const { step } = await push(house, id, { to: 'shop' })
    rename(house, 'A third rope')
    await expect(push(house, id, { to: 'shop', proof: step?.proof })).rejects.toMatchObject({ code: 'moved' })
    await expect(push(house, id, { to: 'shop', dryRun: false })).rejects.toMatchObject({ code: 'no-dry-run' })
    await house.settle()
    expect(productInShop(house).name).toBe('A third rope')
  })

  test('the target is written over the source where a flow carries it back, and not where none does', async () => {
    await using alone = await openHouse()
    rename(alone, 'Another rope')
    const only = await differing(alone)
    await expect(push(alone, only, { to: 'erp' })).rejects.toMatchObject({ code: 'not-pushed' })
    await using house = await openHouse(bothWays)
    rename(house, 'Another rope')
    const id = await differing(house)
    const { carried, pushes } = await house.api.readSides({ flow: PRODUCTS, id })
    expect(carried.find(({ field }) => field === 'name')).toMatchObject({
      right: 'Another rope',
      same: false,
      wins: 'erp',
      because: 'both ways',
      heal: 'propose',
    })
    expect(pushes).toEqual([
      { to: 'erp', flow: 'product-back', not: null, askedAt: null },
      { to: 'shop', flow: PRODUCTS, not: null, askedAt: null },
    ])
    const { step, flow } = await push(house, id, { to: 'erp' })
    expect([flow, step?.fields.map(({ field }) => field)]).toEqual(['product-back', ['name']])
    expect(await push(house, id, { to: 'erp', proof: step?.proof })).toMatchObject({ owed: true })
    // Nobody has rung for it: it is owed because it was asked for.
    expect(await house.store.owed('product-back', [step?.id ?? ''])).toEqual([step?.id])
    await house.settle()
    expect(nameInErp(house)).toBe('Another rope')
    expect(productInShop(house).name).toBe('Another rope')
    expect((await house.reconcile(PRODUCTS)).discrepancies).toEqual([])
  })

  test('a field that a person has left out is no difference, is not healed, and counts again when they say so', async () => {
    await using house = await openHouse()
    house.shop.fake.updateProduct(productInShop(house).id, { name: 'Another rope' })
    const id = await differing(house)
    const said = { flow: PRODUCTS, field: 'name', who: 'Clara' }
    await house.api.ignoreField({ ...said, why: 'The shop writes its own.' })
    // Already before the next comparison.
    expect(await house.api.comparison({ flow: PRODUCTS })).toMatchObject({
      discrepancies: [],
      kinds: {},
      ignored: [{ field: 'name', id: null, who: 'Clara', why: 'The shop writes its own.' }],
    })
    for (const full of [false, true])
      expect(await house.reconcile(PRODUCTS, { full, heal: true })).toMatchObject({ kinds: {}, healed: 0 })
    await house.settle()
    expect(productInShop(house).name).toBe('Another rope')
    const { carried } = await house.api.readSides({ flow: PRODUCTS, id })
    expect(carried.find(({ field }) => field === 'name')).toMatchObject({
      same: false,
      ignored: { id: null, who: 'Clara', why: 'The shop writes its own.' },
    })
    expect((await house.api.endIgnoring(said)).done).toBe(true)
    expect((await house.api.endIgnoring(said)).done).toBe(false)
    // Nothing changed on either side since: it is found by what was kept.
    expect(await house.reconcile(PRODUCTS)).toMatchObject({
      full: false,
      discrepancies: [{ id, is: 'different', fields: [{ field: 'name' }] }],
    })
  })

  test('what is left out in one record counts in the others, and no field can be left out that is not compared', async () => {
    await using house = await openHouse()
    for (const sku of ['ROPE-10M', 'LAMP-STORM'])
      house.shop.fake.updateProduct(productInShop(house, sku).id, { regular_price: '1' })
    const { discrepancies } = await house.reconcile(PRICES)
    expect(discrepancies).toHaveLength(2)
    const [one, other] = discrepancies.map(each => each.id ?? '')
    const said = { flow: PRICES, field: 'regular_price', who: 'Clara', why: 'Agreed by phone.' }
    await house.api.ignoreField({ ...said, id: one })
    expect((await house.reconcile(PRICES, { full: true })).discrepancies).toMatchObject([{ id: other }])
    await expect(house.api.ignoreField({ ...said, field: 'regular_prize' })).rejects.toMatchObject({
      code: 'no-field',
      message: expect.stringContaining('regular_price'),
    })
  })

  test('another total may be left out, and a cancellation is still found', async () => {
    await using house = await openHouse()
    const flow = 'sales-order-shop-to-erp'
    house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.settle()
    const { orm } = house.erp.fake
    const [line] = orm.all('sale.order.line')
    orm.transaction(() => orm.write('sale.order.line', [line?.id ?? 0], { price_unit: 1 }))
    expect((await house.reconcile(flow)).kinds).toEqual({ 'unexplained total': 1 })
    await house.api.ignoreField({ flow, field: 'total', who: 'Clara', why: 'The ERP rounds.' })
    expect((await house.reconcile(flow)).kinds).toEqual({})
    const [order] = orm.all('sale.order')
    orm.transaction(() => orm.write('sale.order', [order?.id ?? 0], { state: 'cancel' }))
    expect((await house.reconcile(flow)).discrepancies).toMatchObject([{ fields: [{ field: 'cancelled' }] }])
  })

  test('how both sides stood is remembered, one row for each comparison that has ended', async () => {
    await using house = await openHouse()
    await house.reconcile(PRODUCTS)
    await house.pass('1h')
    rename(house, 'Another rope')
    await house.reconcile(PRODUCTS)
    const { trend, same } = await house.api.comparison({ flow: PRODUCTS })
    expect(trend.map(({ kinds }) => kinds)).toEqual([{}, { different: 1 }])
    expect(trend.at(-1)?.same).toBe(same)
    const { comparisons } = await house.api.comparisons({})
    expect(comparisons.find(each => each.flow === PRODUCTS)?.trend).toEqual(trend)
  })
})

type How = { readonly to: string; readonly proof?: string | null | undefined; readonly dryRun?: boolean }

function push(house: House, id: string, { to, proof, dryRun = proof === undefined }: How) {
  return house.api.push({ flow: PRODUCTS, id, to, dryRun, who: 'Clara', proof: proof ?? undefined })
}

function productInShop(house: House, sku = 'ROPE-10M') {
  const found = house.shop.fake.products().find(each => each.sku === sku)
  if (!found) throw new Error(`The shop has no ${sku}.`)
  return found
}

/** Behind our back: the webhook does not reach us before both are compared. */
function rename(house: House, name: string): void {
  house.shop.fake.updateProduct(productInShop(house).id, { name })
}

async function differing(house: House): Promise<string> {
  const { discrepancies } = await house.reconcile(PRODUCTS)
  expect(discrepancies).toMatchObject([{ is: 'different', fields: [{ field: 'name' }] }])
  return discrepancies[0]?.id ?? ''
}

function nameInErp(house: House): unknown {
  const { orm } = house.erp.fake
  const product = orm.all('product.product').find(each => each['default_code'] === 'ROPE-10M')
  return orm.all('product.template').find(({ id }) => id === product?.['product_tmpl_id'])?.['name']
}
