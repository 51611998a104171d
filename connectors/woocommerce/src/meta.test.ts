import { expect, test } from 'vitest'
import { accounts } from './accounts.ts'
import { invoices } from './bills.ts'
import { orders } from './orders.ts'
import { products } from './products.ts'
import { mugIn } from './rig-tools.ts'
import { shipments } from './shipments.ts'
import { problemOf, shopWith } from './testing.ts'

const gift = (value: unknown) => ({ meta_data: [{ key: 'gift', value }] })
const foreign = { key: 'engraving', value: 'For Ada' }

test('custom fields of orders, products and customers stand in the meta at the look-alike of WooCommerce, beside all others', async () => {
  const { fake, session } = shopWith()
  const write = async (
    entity: typeof orders | typeof products | typeof accounts,
    id: string | null,
    row: object,
  ) => {
    const [outcome] =
      (await entity.writer?.write(session, [{ key: 'erp/It/7', id, row: row as never }])) ?? []
    return outcome
  }
  const mug = await write(products, null, { sku: 'CUP', name: 'Cup', ...gift('yes') })
  const ada = await write(accounts, null, { email: 'gifts@example.com', ...gift('yes') })
  if (mug?.is !== 'applied' || ada?.is !== 'applied') throw new Error(problemOf(mug) + problemOf(ada))
  const order = fake.placeOrder({
    customer: 1,
    lines: [{ product: Number(mug.id), quantity: 1 }],
    meta: [foreign],
  })
  fake.updateProduct(Number(mug.id), { meta_data: [foreign] })
  fake.updateCustomer(Number(ada.id), { meta_data: [foreign] })
  const metaOf = {
    order: () => fake.order(order.id)?.meta_data ?? [],
    product: () => fake.products().find(each => String(each.id) === mug.id)?.meta_data ?? [],
    customer: () => fake.customers().find(each => String(each.id) === ada.id)?.meta_data ?? [],
  }
  for (const [entity, id, meta] of [
    [orders, String(order.id), metaOf.order],
    [products, mug.id, metaOf.product],
    [accounts, ada.id, metaOf.customer],
  ] as const) {
    for (const value of ['no', { from: 'Ada', wrapped: true }]) {
      expect((await write(entity, id, gift(value)))?.is).toBe('applied')
      expect(meta().filter(each => each.key === 'gift')).toMatchObject([{ value }])
      expect(meta()).toContainEqual(expect.objectContaining(foreign))
    }
    const taken = await write(entity, id, { meta_data: [{ key: '_linchpin_key', value: 'mine' }] })
    expect(problemOf(taken)).toContain('_linchpin_key')
  }
})

test('a shipment and an invoice put their custom fields into the meta of the order at the look-alike of WooCommerce', async () => {
  const { fake, session } = shopWith()
  const order = fake.placeOrder({ customer: 1, lines: [{ product: mugIn(fake).id, quantity: 1 }] })
  const id = String(order.id)
  const parcel = { order_id: id, number: 'OUT/1', status: 'shipped' as const, carrier: '', shipped_at: '' }
  const label = [{ key: 'label', value: 'https://labels.example/1' }]
  await shipments.writer?.write(session, [
    { key: 'erp/Shipment/1', id: null, row: { ...parcel, tracking: [], lines: [], meta_data: label } },
  ])
  const bill = { number: 'INV/1', status: 'posted', issued_on: '', currency: 'EUR', total: '11.90', url: '' }
  const term = [{ key: 'due', value: '2030-02-01' }]
  await invoices.writer?.write(session, [
    { key: 'erp/Invoice/1', id: null, row: { ...bill, order_ids: [id], meta_data: term } },
  ])
  expect(fake.order(order.id)?.meta_data).toEqual(
    expect.arrayContaining([...label, ...term].map(each => expect.objectContaining(each) as unknown)),
  )
})
