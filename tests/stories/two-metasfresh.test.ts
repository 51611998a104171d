import { expect, test } from 'vitest'
import { openHouse, useDatabase, type House } from './house/index.ts'
import { metasfreshWith } from './house/metasfresh.ts'
import type { Erp } from './house/erp.ts'
import type { Shop } from './house/shop.ts'
import { vendureShop } from './house/vendure.ts'
import { START } from './house/world.ts'

useDatabase()

/** See docs/how-to/two-metasfresh.md: what differs between the two stands in these settings and mappings alone. */
const north = metasfreshWith({ installation: { own: { CostCenter: 'K-1040' } } })

const southern = {
  org: 'SUED',
  system: 'Webshop',
  freight: { '19': 'VERSAND-19', '7': 'VERSAND-7' },
  fees: { '*': 'GEBUEHR' },
  rounding: 'CENT',
  taxCategories: { UST_VOLL: '19', UST_HALB: '7', FREI: '0' },
  processes: { orders: 'SUED_Auftraege_JSON', products: 'SUED_Artikel_JSON' },
}
const south = metasfreshWith(
  {
    installation: {
      org: 'SUED',
      system: 'Webshop',
      orderPrefix: 'S',
      docTypes: ['PrepayOrder'],
      taxCategories: { UST_VOLL: '19', UST_HALB: '7', FREI: '0' },
      processes: {
        orders: 'SUED_Auftraege_JSON',
        products: 'SUED_Artikel_JSON',
        stock: 'Available_For_Sales_JSON',
        shipments: 'Historical_Shipments_JSON',
        invoices: 'Historical_Invoices_JSON',
      },
      own: { Tour: 'Donau' },
    },
    services: { 'VERSAND-19': 'UST_VOLL', 'VERSAND-7': 'UST_HALB', GEBUEHR: 'UST_VOLL', CENT: 'FREI' },
  },
  southern,
  rate => (rate === 7 ? 'UST_HALB' : 'UST_VOLL'),
)

test('two installations of metasfresh that differ in everything are connected by settings and mappings (look-alikes)', async () => {
  let now = () => START
  const southErp = south({ now: () => now(), host: 'south.test' })
  await using house = await openHouse({
    empty: true,
    erp: north,
    outlets: { outlet: vendureShop },
    config: ({ connections }) => ({
      connections: {
        ...connections,
        erp: { ...connections['erp'], mappings: mapped('CostCenter') },
        south: { connector: southErp.connector, settings: southErp.settings, mappings: mapped('Tour') },
      },
      flows: [
        { preset: 'orderToCash', shop: 'shop', erp: 'erp', schedule: { every: '5m' } },
        {
          preset: 'orderToCash',
          shop: 'outlet',
          erp: 'south',
          schedule: { every: '5m' },
          change: { 'SalesOrder to erp': { mapping: { fields: PREPAID } } },
        },
      ],
    }),
  })
  now = () => house.clock.now
  house.net.set('south.test', southErp.handler)
  await house.settle()

  const left = house.shop.place({ lines: { 'MUG-ENAMEL': 2, 'TEA-HARBOUR': 1 } })
  const right = outletOf(house).place({ lines: { 'MUG-ENAMEL': 2, 'TEA-HARBOUR': 1 } })
  await house.settle()

  expect(await house.parkedWords()).toBe('')
  expect(house.erp.orders(left.number)).toMatchObject([{ state: 'confirmed', total: left.total }])
  expect(southErp.orders(right.number)).toMatchObject([{ state: 'confirmed', total: right.total }])
  // Each has its own numbers, document types and products for freight.
  const booked = southErp.fake.books.orders.all()[0]
  expect(booked).toMatchObject({ docType: 'PrepayOrder', documentNo: expect.stringMatching(/^S/) })
  const sold = booked?.lines.map(line => southErp.fake.books.products.get(line.product)?.value)
  expect(sold).toEqual(expect.arrayContaining(['VERSAND-19']))
  // And its own columns, which reach our records by a mapping.
  expect(await extraOf(house, 'erp')).toEqual({ own: 'K-1040' })
  expect(await extraOf(house, 'south')).toEqual({ own: 'Donau' })
})

const PREPAID = { 'candidate.orderDocType': { constant: 'PrepayOrder' } }
const mapped = (column: string) => ({ SalesOrder: { fields: { 'extra.own': column } } })

function outletOf(house: House<Shop, Erp>): Shop {
  const { outlet } = house.outlets
  if (!outlet) throw new Error('The house has no outlet.')
  return outlet
}

async function extraOf(house: House<Shop, Erp>, connection: string): Promise<unknown> {
  const rows = await house.db.query<{ extra: unknown }>(
    '',
    `select canonical->'extra' "extra" from record where connection = '${connection}' and entity = 'SalesOrder'`,
  )
  return rows[0]?.extra
}
