import { expect, test } from 'vitest'
import { openHouse, useDatabase } from './house/index.ts'
import { metasfreshWith } from './house/metasfresh.ts'

useDatabase()

/** metasfresh's export queue of what is to be shipped tells everything once. Look-alikes. */
const queueing = metasfreshWith({}, { shipments: 'queue' })

test('the export queue hears that a page is safe only after it is in our records (look-alikes)', async () => {
  await using house = await openHouse({ erp: queueing })
  const { handler, fake } = house.erp
  const safe: number[] = []
  house.net.set('erp.test', async request => {
    if (request.url.endsWith('/shipmentCandidatesResult')) {
      const rows = await house.db.query(
        '',
        `select id from record where entity = 'Shipment' and connection = 'erp'`,
      )
      safe.push(rows.length)
    }
    return handler(request)
  })
  house.shop.place({ lines: { 'MUG-ENAMEL': 2 } })
  await house.settle()
  await house.settle()
  // It is repeated at the next poll, for nobody knows whether the first word arrived.
  expect(new Set(safe)).toEqual(new Set([1]))
  const [told] = fake.books.exports.all()
  expect(told?.confirmed).toEqual(told?.schedules)
  expect(await house.parkedWords()).toBe('')
})

test('what a lost acknowledgement left open is confirmed with the next try, and nothing is told twice', async () => {
  await using house = await openHouse({ erp: queueing })
  const { handler, fake } = house.erp
  let losses = 1
  house.net.set('erp.test', async request => {
    if (request.url.endsWith('/shipmentCandidatesResult') && losses-- > 0) throw new TypeError('fetch failed')
    return handler(request)
  })
  house.shop.place({ lines: { 'MUG-ENAMEL': 2 } })
  await house.settle()
  await house.settle()
  const [told] = fake.books.exports.all()
  expect(told?.confirmed).toEqual(told?.schedules)
})
