import { readFileSync } from 'node:fs'
import { makeLab } from '@linchpin/connector/conformance'
import { expect, test } from 'vitest'
import { metasfresh } from './metasfresh.ts'

/** Answers of metasfresh's own processes: field names and shapes from its public source, the values are made up. */
test('what its own processes answer is read', async () => {
  const session = await metasfresh.open(
    { ...metasfresh.settings.parse({ url: 'https://erp.example.org', token: 'token' }) },
    makeLab(async url => new Response(answerTo(url))),
  )
  const { StockLevel, Shipment, Invoice } = metasfresh.entities
  expect((await StockLevel?.changes?.(session, null, 10))?.items).toMatchObject([
    { id: '2005577', row: { QtyOnHandStock: '12.5', Available: '4.5' } },
  ])
  expect((await Shipment?.changes?.(session, null, 10))?.items).toMatchObject([
    { id: '1000771', row: { Order: 'shop/1042' } },
  ])
  expect((await Invoice?.changes?.(session, null, 10))?.items).toMatchObject([
    { id: '1000900', row: { Orders: ['shop/1042'], Status: 'paid', Net: '5', Tax: '0.95', Rounding: '0' } },
  ])
})

function answerTo(url: string): string {
  if (url.includes('paymentstatus'))
    return JSON.stringify({ response: [{ invoiceId: 1000900, openAmt: 0, paid: true }] })
  const name = /Available/.test(url) ? 'stock' : /Shipments/.test(url) ? 'shipments' : 'invoices'
  return readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8')
}
