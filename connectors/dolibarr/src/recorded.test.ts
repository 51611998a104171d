import { makeLab } from '@linchpin/connector/conformance'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { accounts } from './accounts.ts'
import { creditNotes, invoices } from './invoices.ts'
import { orders } from './orders.ts'
import { products } from './products.ts'
import { refusalIn } from './errors.ts'
import { versionOf } from './rows.ts'
import { openSession } from './session.ts'
import { settings } from './settings.ts'
import { shipments } from './shipments.ts'
import type { Row } from './client.ts'

/** All against what a real 16.0.3 once answered (without nulls), kept in `fixtures/`. */
const recorded = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8')) as Row

const ANSWERS: readonly (readonly [RegExp, () => unknown])[] = [
  [/\/orders\/8\/shipment$/, () => [recorded('shipment')]],
  [/\/orders\/8\?/, () => recorded('order')],
  [/\/orders\?/, () => [recorded('order')]],
  [/\/shipments\?/, () => [recorded('shipment')]],
  [/\/invoices\/3$/, () => recorded('invoice')],
  [/\/invoices\/4$/, () => recorded('credit-note')],
  [/\/invoices\?/, () => [recorded('invoice')]],
  [/\/products\?/, () => [recorded('product')]],
  [/\/thirdparties\?/, () => [recorded('thirdparty')]],
  [/\/contacts\?/, () => [recorded('contact')]],
]

function replay() {
  const lab = makeLab(async url => {
    const found = ANSWERS.find(([pattern]) => pattern.test(url))
    return found ? Response.json(found[1]()) : Response.json(recorded('empty-list'), { status: 404 })
  })
  return openSession(
    settings.parse({ url: 'https://erp.example.org', apiKey: 'a-key-that-no-answer-holds' }),
    lab,
  )
}

test('a recorded order is read with what left of it and what was billed', async () => {
  const [shot] = (await orders.get?.(replay(), ['8'])) ?? []
  const row = orders.schema.parse(shot?.row)
  expect(row).toMatchObject({ fulfilment: 'complete', invoicing: 'complete', payment: 'unpaid' })
  expect(row.lines).toMatchObject([
    { role: 'item', sent: '2', discounts: [{ amount: '2.5', base: '25.00' }] },
    { role: 'shipping', product_ref: 'SHIPPING' },
  ])
})

test('a recorded shipment names no order, and is found to be of the one whose lines it sends', async () => {
  const [shot] = (await shipments.get?.(replay(), ['2'])) ?? []
  expect(shipments.schema.parse(shot?.row)).toMatchObject({
    order_id: '8',
    tracking: [{ number: '1Z1' }, { number: '1Z2' }],
  })
})

test('the shipping that a recorded shipment sends as a line is no parcel of goods', async () => {
  const [shot] = (await shipments.get?.(replay(), ['2'])) ?? []
  expect(recorded('shipment')['lines']).toHaveLength(2)
  expect(shipments.schema.parse(shot?.row).lines).toMatchObject([{ fk_origin_line: '11', qty: '2' }])
})

test('a recorded invoice and its credit note are of the same order, on the day that they say', async () => {
  const [invoice] = (await invoices.get?.(replay(), ['3'])) ?? []
  const [note] = (await creditNotes.get?.(replay(), ['4'])) ?? []
  expect(invoices.schema.parse(invoice?.row)).toMatchObject({ order_ids: ['8'], issued_on: '2026-11-25' })
  expect(creditNotes.schema.parse(note?.row)).toMatchObject({ order_ids: ['8'], total_ttc: '-11.90000000' })
  expect(await invoices.get?.(replay(), ['4'])).toEqual([])
})

test('a recorded third party is read with its contact and the first line of its address', async () => {
  const [shot] = (await accounts.get?.(replay(), ['1'])) ?? []
  expect(accounts.schema.parse(shot?.row)).toMatchObject({
    name: 'Jane Roe',
    street: 'Hauptstr. 1',
    contacts: [{ name: 'Jane Roe', street: 'Nebenstr. 2' }],
  })
})

test('a recorded product is read without its stock, which says nothing of the article', async () => {
  const [shot] = (await products.get?.(replay(), ['3'])) ?? []
  const row = products.schema.parse(shot?.row)
  expect(row).toMatchObject({ type: '0', label: 'Mug & <b>co</b>' })
  expect(Object.keys(row).filter(name => name.startsWith('stock_'))).toEqual([])
})

test('an empty list is told from a route that is not there', () => {
  expect(refusalIn(JSON.stringify(recorded('empty-list')))).toEqual({
    code: 404,
    words: 'Not Found: No order found',
  })
})

test('a stamp is no content: it alone makes no new version', () => {
  const product = recorded('product')
  expect(versionOf({ ...product, date_modification: '2031-01-01 00:00:00' })).toBe(versionOf(product))
})
