import type { Handler } from '@linchpin/lookalike'
import { applyMapping } from '@linchpin/mapping'
import { describe, expect, test } from 'vitest'
import { expectAgreement } from './house/agreement.ts'
import { dolibarrErp } from './house/dolibarr.ts'
import type { Erp, MakeErp } from './house/erp.ts'
import { openHouse, useDatabase, type House } from './house/index.ts'
import { tellOrderToCash } from './house/order-to-cash.ts'
import type { MakeShop, Shop } from './house/shop.ts'
import { vendureShop } from './house/vendure.ts'

useDatabase()

const topology =
  (word: string, more: object = {}) =>
  ({ flows }: { flows: readonly object[] }) => ({
    flows: flows.map(flow => ({ ...flow, topology: word, ...more })),
  })

describe('from point to point: the row of one system becomes the row of the other (look-alikes)', () => {
  test('the main story between WooCommerce and Odoo is told as over the hub, and every row is what the hub would write', async () => {
    await using house = await openHouse({ config: topology('point-to-point') })
    await tellOrderToCash(house)
    await expectAgreement(house)
    expect(await expectSameRows(house)).toBeGreaterThan(20)
  })

  test('the main story between Vendure and Dolibarr as well', async () => {
    await using house = await openHouse<Shop, Erp>({
      shop: vendureShop as MakeShop,
      erp: dolibarrErp as MakeErp,
      config: topology('point-to-point'),
    })
    await tellOrderToCash(house)
    await expectAgreement(house)
    expect(await expectSameRows(house)).toBeGreaterThan(20)
  })

  test('a field of the row that has no place in the canonical record goes straight across, also when it changes alone', async () => {
    const change = {
      'Product to shop': { mapping: { fields: { 'meta_data[key=care].value': 'x_care' } } },
    }
    await using house = await openHouse({ config: topology('point-to-point', { change }), empty: true })
    const { orm } = house.erp.fake
    orm.addField('product.product', 'x_care')
    const care = () =>
      house.shop.fake
        .products()
        .find(({ sku }) => sku === 'MUG-ENAMEL')
        ?.meta_data.find(({ key }) => key === 'care')?.value
    for (const words of ['Wash by hand.', 'Dishwasher safe.']) {
      const id = house.erp.fake.productId('MUG-ENAMEL')
      orm.transaction(() => orm.write('product.product', [id], { x_care: words }))
      await house.settle()
      expect(care()).toBe(words)
    }
    const kept = await house.store.search('MUG-ENAMEL', 10)
    const [mug] = kept.filter(({ connection, entity }) => connection === 'erp' && entity === 'Product')
    expect(JSON.stringify((mug && (await house.store.record(mug)))?.canonical)).not.toContain('Dishwasher')
  })

  test('it asks the shop for less: what was written is not read back where nobody waits for it', async () => {
    const counts: number[] = []
    for (const word of ['hub', 'point-to-point']) {
      await using house = await openHouse({ config: topology(word) })
      let asked = 0
      house.net.set(
        'shop.test',
        counted(house.shop.handler, () => (asked += 1)),
      )
      for (const { sku } of house.erp.goods()) house.erp.setStock(sku, 33)
      await house.settle()
      expect(house.shop.product('MUG-ENAMEL')?.stock).toBe(33)
      counts.push(asked)
    }
    console.info(
      `requests to the shop for 5 changes of stock, by the hub and from point to point: ${counts.join(', ')}`,
    )
    expect(counts[1]).toBeLessThan(counts[0] ?? 0)
  })
})

function counted(handler: Handler, count: () => void): Handler {
  return request => {
    count()
    return handler(request)
  }
}

/** Answers how many rows were made both ways. */
async function expectSameRows({ linchpin }: House<Shop, Erp>): Promise<number> {
  const { setup, db } = linchpin
  let compared = 0
  for (const flow of setup.flows) {
    const records = await db.query<{ row: object; canonical: object }>(
      '',
      'select row, canonical from record where connection = $1 and entity = $2 and canonical is not null',
      [flow.from, flow.entity],
    )
    for (const { row, canonical } of records) {
      const link = ({ entity, id }: { entity: string; id: string }) => `${entity}/${id}`
      const own = flow.entity === 'SalesOrder' ? { buyer: (canonical as { buyer: object }).buyer } : canonical
      const direct = applyMapping(setup.directMapping(flow), { ...row, linchpin: own }, { link })
      const twice = applyMapping(setup.writeMapping(flow), canonical, { link })
      expect(direct.value, `${flow.name} ${JSON.stringify(row)}`).toEqual(twice.value)
      compared += 1
    }
  }
  return compared
}
