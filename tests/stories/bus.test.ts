import { expect, test } from 'vitest'
import { openBusHouse } from './house/bus-house.ts'
import { useDatabase } from './house/database.ts'
import { odooErp } from './house/odoo.ts'
import { wooShop } from './house/woocommerce.ts'

useDatabase()

const shop = { is: 'adapter', connection: 'shop' } as const
const erp = { is: 'adapter', connection: 'erp' } as const

const orderToCash = (topology: string) => [
  { preset: 'orderToCash', shop: 'shop', erp: 'erp', schedule: { every: '5m' }, topology },
]

test('two adapters with databases of their own carry an order from shop to ERP and its parcel back (look-alikes, in-process bus)', async () => {
  await using house = await openBusHouse({ shops: { shop: wooShop }, erps: { erp: odooErp } })
  await house.start(shop, orderToCash('bus'))
  await house.start(erp, orderToCash('bus'))
  await house.settle()
  const { shop: store, erp: books } = { shop: house.shops['shop']!, erp: house.erps['erp']! }
  for (const { sku, stock } of books.goods()) expect(store.product(sku), sku).toMatchObject({ stock })

  const order = store.place({ lines: { 'MUG-ENAMEL': 2, 'BOOK-KNOTS': 1 }, coupon: true })
  await house.settle()
  expect(await house.parkedWords()).toBe('')
  expect(books.orders(order.number)).toMatchObject([{ state: 'confirmed', total: order.total }])
  const [booked] = books.orders(order.number)
  expect(store.order(order.id).erpNumber).toBe(booked?.number)
  expect(store.product('MUG-ENAMEL')?.stock).toBe(books.free('MUG-ENAMEL'))

  books.ship(booked?.id ?? '', 'PARCEL-1')
  const invoices = await books.invoice(booked?.id ?? '')
  await house.settle()
  expect(store.order(order.id).trackings).toEqual(['PARCEL-1'])
  expect(store.order(order.id).invoices).toHaveLength(invoices.length)
})
