import type { RawRequest } from '@linchpin/connector'
import { expect, test } from 'vitest'
import { settings } from './settings.ts'
import { webhook } from './webhook.ts'

const SECRET = 'a-secret-of-the-address-4711'
const known = settings.parse({
  url: 'https://erp.example.com',
  database: 'books',
  login: 'linchpin',
  apiKey: 'key',
  webhookSecret: SECRET,
})

/** As Odoo's action sends it: the body is its `json.dumps`, the address what the rule was given. */
const call = (url: string, told: unknown = {}): RawRequest => ({
  url,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(told)),
})
const shipped = { _action: 'Tell Linchpin(#712)', _id: 31, _model: 'stock.picking', state: 'done' }

test('a call of an automation rule is believed with the secret in its address, and with no other', () => {
  expect(webhook.verify(known, call(`/webhooks/erp?secret=${SECRET}`, shipped))).toBe(true)
  for (const query of [
    '',
    '?',
    '?secret',
    '?secret=',
    `?secret=${SECRET}x`,
    `?secret=${SECRET.slice(1)}`,
    '?secret=😈',
  ])
    expect(webhook.verify(known, call(`/webhooks/erp${query}`, shipped)), query).toBe(false)
})

test('nothing is believed where no secret is configured', () => {
  const { webhookSecret: _, ...none } = known
  for (const query of ['', '?secret=', '?secret=undefined', `?secret=${SECRET}`])
    for (const settings of [none, { ...known, webhookSecret: '' }])
      expect(webhook.verify(settings, call(`/webhooks/erp${query}`, shipped)), query).toBe(false)
})

test('it names the record, and an entry of unknown type as what it may be', () => {
  const told = (body: object) => webhook.parse(call('/webhooks/erp', body))
  expect(told(shipped)).toEqual([{ entity: 'Shipment', id: '31' }])
  expect(told({ _model: 'sale.order', _id: 7 })).toEqual([{ entity: 'SalesOrder', id: '7' }])
  expect(told({ _model: 'account.move', _id: 9 }).map(({ entity }) => entity)).toEqual([
    'Invoice',
    'CreditNote',
  ])
  const refund = { _model: 'account.move', _id: 9, move_type: 'out_refund' }
  expect(told(refund)).toEqual([{ entity: 'CreditNote', id: '9' }])
  expect(told({ ...refund, move_type: 'in_invoice' })).toEqual([])
})

test('what is about something else, or cannot be read, says nothing and never throws', () => {
  const bodies = ['', '{', 'null', '[]', '7', '{"_model":"sale.order"}', '{"_model":"crm.lead","_id":1}']
  for (const body of [...bodies, '{"_model":"sale.order","_id":"1; drop"}', '{"_model":"__proto__","_id":1}'])
    expect(webhook.parse({ ...call('/webhooks/erp'), body: Buffer.from(body) }), body).toEqual([])
})
