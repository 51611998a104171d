import { describe, expect, test } from 'vitest'
import { openHouse, useDatabase, type House } from './house/index.ts'

useDatabase()

const PRODUCTS = 'product-erp-to-shop'
const ORDERS = 'sales-order-shop-to-erp'

describe('a plan (look-alikes)', () => {
  test('says which fields would change in the shop, and does exactly that when it is applied', async () => {
    await using house = await openHouse()
    rename(house, 'ROPE-10M', 'A rope')
    rename(house, 'LAMP-STORM', 'A lamp')
    const { planned } = await house.plan(PRODUCTS)
    const steps = planned.filter(({ would }) => would === 'update')
    expect(steps).toMatchObject([
      { label: 'LAMP-STORM', fields: [{ field: 'name', ours: 'Storm lamp', theirs: 'A lamp' }] },
      { label: 'ROPE-10M', fields: [{ field: 'name', ours: 'Hemp rope, 10 m', theirs: 'A rope' }] },
    ])
    expect(planned.filter(({ would }) => would === 'nothing')).toHaveLength(3)
    const [lamp] = steps
    expect(await house.apply(PRODUCTS, [lamp])).toEqual({ owed: 1, moved: [] })
    await house.pass('1m')
    expect(nameOf(house, 'LAMP-STORM')).toBe('Storm lamp')
    expect(nameOf(house, 'ROPE-10M')).toBe('A rope')
  })

  test('leaves alone what has moved since on either side, and says so', async () => {
    await using house = await openHouse()
    rename(house, 'ROPE-10M', 'A rope')
    rename(house, 'LAMP-STORM', 'A lamp')
    const { planned } = await house.plan(PRODUCTS)
    const steps = planned.filter(({ would }) => would === 'update')
    rename(house, 'ROPE-10M', 'The rope that somebody named meanwhile')
    const { orm } = house.erp.fake
    const lamp = house.erp.fake.productId('LAMP-STORM')
    orm.transaction(() => orm.write('product.product', [lamp], { name: 'Gale lamp' }))
    const { owed, moved } = await house.apply(PRODUCTS, steps)
    expect(owed).toBe(0)
    expect(moved.map(({ words }) => words)).toEqual(Array(2).fill(expect.stringContaining('moved since')))
    expect(nameOf(house, 'ROPE-10M')).toBe('The rope that somebody named meanwhile')
  })

  test('writes nothing else when its record changes between the approval and the write', async () => {
    await using house = await openHouse()
    rename(house, 'LAMP-STORM', 'A lamp')
    const steps = (await house.plan(PRODUCTS)).planned.filter(({ would }) => would === 'update')
    await house.api.pauseFlow({ name: PRODUCTS, who: 'Clara', reason: 'Not yet.' })
    expect((await house.apply(PRODUCTS, steps)).owed).toBe(1)
    // The record is what it was, and would be written otherwise: the shop's stock of it is mapped anew, say.
    await house.db.query(
      '',
      `update delivery set expect = 'another' where flow = '${PRODUCTS}' and expect is not null`,
    )
    await house.api.resumeFlow({ name: PRODUCTS, who: 'Clara', reason: '' })
    await house.pass('1m')
    expect(nameOf(house, 'LAMP-STORM')).toBe('A lamp')
    const { deliveries } = await house.trace('LAMP-STORM')
    expect(deliveries.find(({ flow }) => flow === PRODUCTS)?.trouble?.words).toContain('since it was planned')
  })

  test('tells what an order is worth that would be created, and creates it once', async () => {
    await using house = await openHouse()
    await house.api.pauseFlow({ name: ORDERS, who: 'Clara', reason: 'Looking first.' })
    const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.pass('1m')
    await house.api.sync({ flow: 'account-shop-to-erp', cursor: null })
    await house.pass('1m')
    const { planned } = await house.plan(ORDERS)
    expect(planned).toMatchObject([{ would: 'create', worth: { amount: order.total, currency: 'EUR' } }])
    await house.api.resumeFlow({ name: ORDERS, who: 'Clara', reason: '' })
    await house.apply(ORDERS, planned)
    await house.settle()
    expect(house.erpOrders(order.number)).toHaveLength(1)
  })

  test('leaves alone what is parked until somebody says whether it arrived', async () => {
    await using house = await openHouse()
    rename(house, 'ROPE-10M', 'A rope')
    rename(house, 'LAMP-STORM', 'A lamp')
    const { planned } = await house.plan(PRODUCTS)
    const steps = planned.filter(({ would }) => would === 'update')
    const lamp = steps.find(({ label }) => label === 'LAMP-STORM')
    await house.db.query(
      '',
      `update delivery set state = 'parked', intent = 'create', parked_at = owed_at where flow = '${PRODUCTS}' and id = $1`,
      [lamp?.id],
    )
    const { owed, moved } = await house.apply(PRODUCTS, steps)
    expect(owed).toBe(1)
    expect(moved).toEqual([
      { id: lamp?.id, words: expect.stringContaining('parked, and waits for an answer') },
    ])
    await house.pass('1m')
    expect([nameOf(house, 'ROPE-10M'), nameOf(house, 'LAMP-STORM')]).toEqual(['Hemp rope, 10 m', 'A lamp'])
  })

  test('after a changed mapping, shows the rows that it concerns before they are delivered again', async () => {
    const mapping = { fields: { name: { template: '{name} ({sku})' } } }
    await using house = await openHouse({
      config: ({ flows }) => ({
        flows: flows.map(each => ({ ...each, change: { 'Product to shop': { mapping } } })),
      }),
    })
    rename(house, 'LAMP-STORM', 'Storm lamp')
    const { planned } = await house.plan(PRODUCTS)
    expect(planned.filter(({ would }) => would === 'update')).toMatchObject([
      { label: 'LAMP-STORM', fields: [{ field: 'name', ours: 'Storm lamp (LAMP-STORM)' }] },
    ])
  })
})

describe('a flow in shadow (look-alikes)', () => {
  const shadow = {
    config: ({ flows }: { flows: readonly object[] }) => ({
      flows: flows.map(each => ({ ...each, change: { 'StockLevel to shop': { shadow: true } } })),
    }),
  }

  test('writes nothing and tells what it would have written; an approved plan goes through', async () => {
    await using house = await openHouse(shadow)
    await house.settle()
    const before = house.shop.product('LAMP-STORM')?.stock
    house.erp.setStock('LAMP-STORM', 23)
    await house.settle()
    expect(house.shop.product('LAMP-STORM')?.stock).toBe(before)
    const { journal, deliveries } = await house.trace('LAMP-STORM')
    expect(journal.filter(({ what }) => what === 'shadow').at(-1)?.words).toContain('In shadow')
    expect(deliveries.find(({ flow }) => flow === 'stock-level-erp-to-shop')).toMatchObject({
      state: 'skipped',
    })
    const { planned } = await house.plan('stock-level-erp-to-shop')
    const lamp = planned.find(({ label }) => label === 'LAMP-STORM')
    expect(lamp).toMatchObject({ would: 'create', row: { stock_quantity: 23 } })
    await house.apply('stock-level-erp-to-shop', [lamp])
    await house.settle()
    expect(house.shop.product('LAMP-STORM')?.stock).toBe(23)
  })
})

function productIn({ shop }: House, sku: string) {
  const product = shop.fake.products().find(each => each.sku === sku)
  if (!product) throw new Error(`The shop does not sell ${sku}.`)
  return product
}

const nameOf = (house: House, sku: string) => productIn(house, sku).name

function rename(house: House, sku: string, name: string): void {
  house.shop.fake.updateProduct(productIn(house, sku).id, { name })
}
