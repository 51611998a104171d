import { Writable } from 'node:stream'
import { pino, type Logger } from 'pino'
import { afterEach, describe, expect, test } from 'vitest'
import { openRig, until, webhookSecret, type Rig } from './testing/rig.ts'

/** A whole Linchpin between look-alikes. */
let rig: Rig | undefined
afterEach(async () => {
  await rig?.close()
  rig = undefined
})

const GUEST = {
  first_name: 'Canary-Noor',
  last_name: 'Canary-de-Vries',
  email: 'canary.noor@example.com',
  phone: '+49 89 5554711',
  address_1: 'Canarystraße 80',
  city: 'München',
  postcode: '80337',
  country: 'DE',
}

function order({ shop }: Rig, sku = 'MUG-ENAMEL') {
  const product = shop.products().find(each => each.sku === sku)
  if (!product) throw new Error(`The shop does not sell ${sku}.`)
  return shop.placeOrder({ billing: GUEST, lines: [{ product: product.id, quantity: 1 }] })
}

const catalogue = ({ linchpin }: Rig) =>
  until('the catalogue is in the shop', async () => {
    const { deliveries } = await linchpin.store.status()
    return deliveries.some(
      each => each.flow === 'stock-level-erp-to-shop' && each.state === 'done' && each.count > 5,
    )
  })

function captured(): { log: Logger; text: () => string } {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  return { log: pino({ level: 'trace' }, stream), text: () => text }
}

test('nothing that is logged holds a secret or says who a customer is, on good days and bad', async () => {
  const { log, text } = captured()
  rig = await openRig({ log })
  const { shop, erp, config } = rig
  await catalogue(rig)
  order(rig)
  await until('the order is in the ERP', () => erp.orm.all('sale.order').length === 1)
  // Bad days: refusals, broken answers, lost connections, forged webhooks, links that are none.
  const bodies = [
    JSON.stringify({ message: `${GUEST.email} is not valid for ${GUEST.first_name}` }),
    '<html>',
    '',
  ]
  for (const [index, status] of [400, 422, 500, 401].entries()) {
    erp.faults.next({ is: 'answer', status, body: bodies[index] ?? '' })
    shop.faults.next({ is: 'answer', status, body: bodies[index] ?? '' })
    order(rig)
  }
  erp.faults.next(
    { is: 'lose reply' },
    request => request.method === 'POST' && request.url.includes('sale.order'),
  )
  order(rig)
  await fetch(`${rig.url}/webhooks/shop`, { method: 'POST', body: JSON.stringify({ id: 1, billing: GUEST }) })
  await fetch(`${rig.url}/documents/canary-token`)
  await fetch(`${rig.url}/api/v1/trace?number=${encodeURIComponent(GUEST.email)}`)
  await until('the trouble was logged', () => /turned away/.test(text()))
  await new Promise(resolve => setTimeout(resolve, 2_000))
  const { consumerSecret } = config.connections.shop.settings
  const { apiKey } = config.connections.erp.settings
  const canaries = [
    consumerSecret,
    apiKey,
    webhookSecret,
    ...Object.values(GUEST).slice(0, 5),
    'canary-token',
  ]
  for (const canary of canaries) expect(text()).not.toContain(canary)
  expect(text()).not.toMatch(/Basic |Bearer /)
})

const HANGS_MS = 600_000

describe('a stop', () => {
  test('takes no longer than a few seconds while an ERP hangs, and what it cut off is done once after the next start', async () => {
    rig = await openRig()
    const { erp, running } = rig
    await catalogue(rig)
    let hanging = 0
    const booked = () => erp.orm.all('sale.order').length
    // The order reaches the books, and its answer never comes.
    rig.slow.erp = async request => {
      const before = booked()
      const answer = await erp.handler(request)
      if (booked() > before) {
        hanging += 1
        await new Promise(resolve => setTimeout(resolve, HANGS_MS).unref())
      }
      return answer
    }
    order(rig)
    await until('the ERP hangs', () => hanging > 0)
    const began = Date.now()
    await running.stop()
    // Seconds where there is time; far less than the ERP hangs on any machine.
    expect(Date.now() - began).toBeLessThan(HANGS_MS / 10)
    rig.slow.erp = null
    await rig.restart()
    await until('the order is confirmed', () =>
      erp.orm.all('sale.order').some(each => each['state'] === 'sale'),
    )
    expect(erp.orm.all('sale.order')).toHaveLength(1)
  }, 300_000)
})
