import { describe, expect, test } from 'vitest'
import type { PlainConfig } from './house/house.ts'
import { openHouse, useDatabase } from './house/index.ts'

useDatabase()

const who = 'Clara'
const NAME = 'shop.SalesOrder'

/** Orders of marketplaces come with a plugin's field; the ERP's books want to know the channel. */
const marketplaces = {
  fields: {
    channel: {
      first: [{ lookup: 'marketplace', of: 'meta_data[key=_marketplace].value' }, 'created_via'],
    },
  },
  tables: { marketplace: { ebay: 'eBay' } },
}
const config = ({ connections, flows }: PlainConfig) => ({
  connections: { ...connections, shop: { ...connections['shop'], mappings: { SalesOrder: marketplaces } } },
  flows,
})
const withMarket = (name: string, rows: Readonly<Record<string, string>>) => ({
  ...marketplaces,
  tables: { marketplace: { ebay: 'eBay', [name]: rows[name] ?? name } },
})

/** A house whose shop has sold on a marketplace that no table knows. */
async function houseWithUnknownMarket() {
  const house = await openHouse({ config })
  const { fake, lineOf } = house.shop
  const order = fake.placeOrder({
    lines: [lineOf('MUG-ENAMEL', 1)],
    customer: fake.customers()[0]?.id ?? 0,
    meta: [{ key: '_marketplace', value: 'otto' }],
  })
  await house.settle()
  return Object.assign(house, { order: { id: String(order.id), number: order.number } })
}

describe('a mapping is changed while it runs (look-alikes)', () => {
  test('a value that no table has parks the order, stands in the inbox, and is delivered once the table has it', async () => {
    await using house = await houseWithUnknownMarket()
    expect(await house.parkedWords()).toContain('"otto" is not in table marketplace')
    const { tables } = await house.api.seenValues({ name: NAME })
    expect(tables.find(({ table }) => table === 'marketplace')).toMatchObject({
      fields: ['channel'],
      values: [{ value: 'otto', count: 1, parked: 1, has: false, ids: [house.order.id] }],
    })
    const mapping = withMarket('otto', { otto: 'OTTO' })
    const saved = await house.api.saveMapping({ name: NAME, mapping, over: 0, who, why: 'We sell on OTTO.' })
    expect(saved).toEqual({ version: 1 })
    await house.retry()
    await house.settle()
    expect(house.erpOrders(house.order.number)).toHaveLength(1)
    const read = await house.store.record({ connection: 'shop', entity: 'SalesOrder', id: house.order.id })
    expect(read?.canonical).toMatchObject({ channel: 'OTTO' })
  })

  test('the difference is shown on captured records before it counts, and nothing has changed by looking', async () => {
    await using house = await houseWithUnknownMarket()
    const mapping = withMarket('otto', { otto: 'OTTO' })
    const shown = await house.api.compareMapping({ name: NAME, mapping, limit: 50, version: undefined })
    expect(shown).toMatchObject({ faults: [], mended: 1, broken: 0 })
    expect(shown.records).toMatchObject([
      { id: house.order.id, fields: [{ field: 'channel', before: null, after: 'OTTO' }], after: [] },
    ])
    const preview = await house.api.previewMapping({ name: NAME, mapping, id: house.order.id })
    expect(preview.fields.find(({ field }) => field === 'channel')).toMatchObject({
      layer: 'own',
      outcome: 'OTTO',
      problem: null,
    })
    expect(JSON.stringify(preview)).not.toContain('lovelace')
    const { mapping: live } = await house.api.mapping({ name: NAME })
    expect(live).toEqual(marketplaces)
    expect(await house.parked()).toHaveLength(1)
  })

  test('a mistake is told as it is written, by its field and with the nearest right name, and is not saved', async () => {
    await using house = await openHouse({ config, empty: true })
    const mapping = { fields: { chanel: 'created_via', number: { format: 'lowr', of: 'number' } } }
    const { faults } = await house.api.previewMapping({ name: NAME, mapping, id: undefined })
    expect(faults.map(({ field }) => field)).toContain('number')
    const wrong = house.api.saveMapping({ name: NAME, mapping, over: 0, who, why: 'Trying.' })
    await expect(wrong).rejects.toThrow(/not saved[^]*lower/)
  })

  test('an earlier version is live again at once, the timeline tells by which one a record was read and written', async () => {
    await using house = await openHouse({ config })
    const change = (fields: Record<string, unknown>, over: number) =>
      house.api.saveMapping({ name: NAME, mapping: { fields }, over, who, why: 'A story.' })
    await change({ buyerReference: { constant: 'first' } }, 0)
    await house.api.saveMapping({
      name: 'sales-order-shop-to-erp',
      mapping: { fields: { client_order_ref: { template: 'W-{number}' } } },
      over: 0,
      who,
      why: 'The ERP shows where it came from.',
    })
    const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.settle()
    const story = await house.api.timeline({ connection: 'shop', entity: 'SalesOrder', id: order.id })
    const told = story.events.flatMap(event =>
      event.is === 'read' || event.is === 'attempt'
        ? [[event.is, event.connection, event.entity, event.mapping]]
        : [],
    )
    expect(told).toContainEqual(['read', 'shop', 'SalesOrder', 1])
    expect(told).toContainEqual(['attempt', 'shop', 'SalesOrder', 1])
    await change({ buyerReference: { constant: 'second' } }, 1)
    await house.api.liveMapping({ name: NAME, version: 1, over: 2, who, why: 'The second was wrong.' })
    const { live, versions } = await house.api.mapping({ name: NAME })
    expect(live).toMatchObject({ version: 1, who, why: 'The second was wrong.' })
    expect(versions.map(({ version }) => version)).toEqual([2, 1, 0])
    const journal = await house.db.query<{ words: string }>(
      '',
      `select words from journal where what = 'mapping' order by seq`,
    )
    expect(journal.at(-1)?.words).toMatch(/version 1 is live, in place of version 2/)
  })

  test('whoever comes second is told who was first, and overwrites nothing', async () => {
    await using house = await openHouse({ empty: true })
    const mapping = { fields: { buyerReference: { constant: 'mine' } } }
    await house.api.saveMapping({ name: NAME, mapping, over: 0, who: 'Ada', why: 'First.' })
    const second = house.api.saveMapping({ name: NAME, mapping, over: 0, who, why: 'Second.' })
    await expect(second).rejects.toThrow(/Ada made version 1/)
  })
})

describe('a record is put right where its system has it wrong (look-alikes)', () => {
  async function houseWithLostCountry() {
    const house = await openHouse()
    const { fake, lineOf } = house.shop
    const billing = {
      first_name: 'Bo',
      last_name: 'Larsen',
      email: 'bo@example.com',
      address_1: 'Nowhere 1',
      city: 'Kiel',
    }
    const { id, number } = fake.placeOrder({
      lines: [lineOf('MUG-ENAMEL', 1)],
      billing: { ...billing, postcode: '24103', country: 'ZZ' },
    })
    await house.settle()
    return Object.assign(house, { order: { id: String(id), number } })
  }
  const key = (id: string) => ({ connection: 'shop', entity: 'SalesOrder' as const, id })
  const DE = ['billing', 'shipping'].map(part => ({ path: [part, 'country'], now: 'DE' }))
  const asked = { set: DE, row: undefined, why: 'He lives in Kiel.', who }

  test('a parked order is corrected and delivered; what the shop said is kept, and who corrected it why', async () => {
    await using house = await houseWithLostCountry()
    expect(await house.parked()).not.toEqual([])
    const tried = await house.api.correct({ ...key(house.order.id), ...asked, dryRun: true })
    expect(tried).toMatchObject({ problems: [], retried: 0 })
    expect(house.erpOrders(house.order.number)).toEqual([])
    await house.api.correct({ ...key(house.order.id), ...asked, dryRun: false })
    await house.settle()
    expect(house.erpOrders(house.order.number)).toHaveLength(1)
    const { record, events } = await house.api.timeline(key(house.order.id))
    expect(record.row).toMatchObject({ billing: { country: 'ZZ' } })
    expect(record.canonical).toMatchObject({ billingAddress: { country: 'DE' } })
    expect(record.correction).toMatchObject({ who, why: 'He lives in Kiel.' })
    expect(events).toContainEqual(expect.objectContaining({ is: 'journal', what: 'corrected', who }))
  })

  test('when the shop says something new itself, that counts', async () => {
    await using house = await houseWithLostCountry()
    await house.api.correct({ ...key(house.order.id), ...asked, dryRun: false })
    await house.settle()
    house.shop.fake.updateOrder(Number(house.order.id), {
      billing: { country: 'AT' },
      shipping: { country: 'AT' },
    })
    await house.settle()
    const { record } = await house.api.timeline(key(house.order.id))
    expect(record.canonical).toMatchObject({ billingAddress: { country: 'AT' } })
  })
})
