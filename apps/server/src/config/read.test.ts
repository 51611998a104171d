import { describe, expect, test } from 'vitest'
import { connectors } from '../connectors.ts'
import { buildConnections } from './connections.ts'
import { buildFlows } from './flows.ts'
import { readConfig } from './read.ts'
import { ConfigTrouble } from './trouble.ts'

const shop = {
  connector: 'woocommerce',
  settings: { url: 'https://shop.example.com', consumerKey: 'ck', consumerSecret: 'cs' },
}
const erp = {
  connector: 'odoo',
  settings: { url: 'https://erp.example.com', database: 'db', login: 'us', apiKey: 'key' },
}
const preset = { preset: 'orderToCash', shop: 'shop', erp: 'erp' }
const flow = { name: 'orders', entity: 'SalesOrder', from: 'shop', to: 'erp' }
const whole = (flows: unknown[] = [preset], more: object = {}) => ({
  connections: { shop, erp },
  flows,
  ...more,
})

/** As a start would read it, but for references. */
function built(input: unknown) {
  const config = readConfig('the test', input)
  const settings = Object.fromEntries(
    Object.entries(config.connections).map(([name, each]) => [name, each.settings]),
  )
  const connections = buildConnections(config, settings, connectors, null)
  return { config, connections, flows: buildFlows(config, connections) }
}

function faults(input: unknown): readonly string[] {
  try {
    built(input)
  } catch (error) {
    if (error instanceof ConfigTrouble) return error.faults
    throw error
  }
  return []
}

test('the standard flows of a shop and an ERP are what the preset promises', () => {
  const { flows } = built(whole())
  expect(flows.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['sales-order-shop-to-erp', 'shipment-erp-to-shop', 'invoice-erp-to-shop']),
  )
  expect(flows.find(({ name }) => name === 'account-shop-to-erp')).toMatchObject({ trigger: 'asked' })
})

test('a preset leaves out what is switched off, and changes what is changed', () => {
  const change = { 'Price to shop': false, 'SalesOrder to erp': { priority: 3 } }
  const { flows } = built(whole([{ ...preset, change }]))
  expect(flows.map(({ name }) => name)).not.toContain('price-erp-to-shop')
  expect(flows.find(({ name }) => name === 'sales-order-shop-to-erp')).toMatchObject({ priority: 3 })
})

test('a mode is one word or several, and batches hold back what changes unless it is carried at once as well', () => {
  const schedule = { cron: '0 2 * * *', zone: 'Europe/Berlin', missed: 'all' }
  const modeOf = (mode: unknown) => {
    const [found] = built(whole([{ ...flow, mode, schedule }])).flows
    return [found?.batch, found?.continuous]
  }
  expect(modeOf('batch')).toEqual([{ missed: 'all', holds: true }, false])
  expect(modeOf(['batch', 'continuous'])).toEqual([{ missed: 'all', holds: true }, true])
  expect(modeOf(['realtime', 'batch'])).toEqual([{ missed: 'all', holds: false }, false])
})

test('an address loses the slash at its end, so that no link has two', () => {
  const http = { publicUrl: 'https://sync.example.com/' }
  expect(readConfig('', whole([], { http })).http.publicUrl).toBe('https://sync.example.com')
})

test('"$schema" may stand at the top, for editors', () => {
  expect(faults({ $schema: './schema.json', ...whole() })).toEqual([])
})

describe('what is wrong is named, with the nearest right thing', () => {
  const cases: readonly (readonly [string, unknown, string])[] = [
    [
      'a key at the top',
      whole([], { conections: {} }),
      'key "conections" that Linchpin does not know. Did you mean "connections"?',
    ],
    [
      'a key of http',
      whole([], { http: { prot: 1 } }),
      'http has a key "prot" that Linchpin does not know. Did you mean "port"?',
    ],
    [
      'a key of a connection',
      { ...whole(), connections: { shop: { ...shop, conector: 'x' }, erp } },
      'connections.shop has a key "conector"',
    ],
    [
      'a key of a flow',
      whole([{ ...flow, prioriti: 1 }]),
      'flows.0 has a key "prioriti" that Linchpin does not know. Did you mean "priority"?',
    ],
    [
      'a key of a preset',
      whole([{ ...preset, sinze: 'always' }]),
      'flows.0 has a key "sinze" that Linchpin does not know. Did you mean "since"?',
    ],
    [
      'a key of a schedule',
      whole([{ ...flow, schedule: { evry: '5s' } }]),
      'flows.0.schedule has a key "evry" that Linchpin does not know. Did you mean "every"?',
    ],
    [
      'a key of a change',
      whole([{ ...preset, change: { 'Price to shop': { bufer: '1' } } }]),
      'Did you mean "buffer"?',
    ],
    [
      'a key of settings',
      { ...whole(), connections: { shop, erp: { ...erp, settings: { ...erp.settings, databse: 'x' } } } },
      'connections.erp.settings has a key "databse" that Linchpin does not know. Did you mean "database"?',
    ],
    [
      'a missing setting',
      { ...whole(), connections: { shop: { ...shop, settings: { url: 'https://a.example' } }, erp } },
      'connections.shop.settings.consumerKey is missing. See the README of the WooCommerce connector.',
    ],
    [
      'an empty setting',
      { ...whole(), connections: { shop, erp: { ...erp, settings: { ...erp.settings, login: '' } } } },
      'connections.erp.settings.login is empty.',
    ],
    ['a missing key', { flows: [] }, 'connections is missing.'],
    [
      'a connector',
      { ...whole(), connections: { shop: { ...shop, connector: 'wocommerce' }, erp } },
      'there is no connector "wocommerce". Did you mean "woocommerce"?',
    ],
    [
      'a connection of a flow',
      whole([{ ...flow, from: 'shopp' }]),
      'flow orders: from: there is no connection "shopp". Did you mean "shop"?',
    ],
    [
      'a connection of a preset',
      whole([{ ...preset, erp: 'erpp' }]),
      'orderToCash.erp: there is no connection "erpp". Did you mean "erp"?',
    ],
    [
      'a flow of a preset',
      whole([{ ...preset, change: { 'SalesOrder to erpp': false } }]),
      'has no flow "SalesOrder to erpp". Did you mean "SalesOrder to erp"?',
    ],
    ['an entity', whole([{ ...flow, entity: 'SaleOrder' }]), 'Did you mean "SalesOrder"?'],
    [
      'a preset’s name',
      whole([{ ...preset, preset: 'orderTocash' }]),
      'flows.0.preset must be "orderToCash". Did you mean "orderToCash"?',
    ],
    ['a log level', whole([], { log: { level: 'wran' } }), 'Did you mean "warn"?'],
    ['two flows of one name', whole([flow, flow]), 'Two flows are named orders.'],
    ['a flow to itself', whole([{ ...flow, to: 'shop' }]), 'flow orders goes from shop to itself.'],
    [
      'what a system cannot do',
      whole([{ ...flow, entity: 'Invoice' }]),
      'Odoo cannot write Invoice. It writes Account',
    ],
    ['a duration of nothing', whole([{ ...flow, schedule: { every: '0s' } }]), 'a duration like'],
    [
      'a cron that is none',
      whole([{ ...flow, schedule: { cron: '99 99 * * *' } }]),
      'flow orders: its schedule cannot be read',
    ],
    [
      'a zone that is none',
      whole([{ ...flow, schedule: { cron: '0 5 * * *', zone: 'Europe/Berln' } }]),
      'flow orders: its schedule cannot be read',
    ],
    ['a batch without a time', whole([{ ...flow, mode: 'batch' }]), 'has no schedule that says when'],
    [
      'missed runs where there are none',
      whole([{ ...flow, schedule: { cron: '0 5 * * *', missed: 'all' } }]),
      'only says something in mode',
    ],
    ['a source field', whole([{ ...flow, mapping: { fields: { note: 'nots' } } }]), 'flow orders:'],
    [
      'a target field',
      {
        ...whole(),
        connections: { shop: { ...shop, mappings: { SalesOrder: { fields: { nubmer: 'id' } } } }, erp },
      },
      'number',
    ],
    [
      'an entity of mappings',
      { ...whole(), connections: { shop: { ...shop, mappings: { SalesOrdr: {} } }, erp } },
      'Did you mean "SalesOrder"?',
    ],
    [
      'a field of a filter',
      whole([{ ...flow, where: { is: ['chanel', { constant: 'web' }] } }]),
      'flow orders:',
    ],
    [
      'a value that a field never has',
      whole([{ ...flow, where: { is: ['status', { constant: 'opne' }] } }]),
      'open',
    ],
    ['a condition', whole([{ ...flow, where: { iss: ['status', { constant: 'open' }] } }]), 'flows.0.where'],
    ['no object at all', 'hello', 'The configuration'],
  ]
  for (const [what, input, words] of cases)
    test(what, () => expect(faults(input).join('\n')).toContain(words))
})

test('all faults are told at once', () => {
  const both = whole([
    { ...flow, from: 'a' },
    { ...flow, name: 'more', to: 'b' },
  ])
  expect(faults(both)).toHaveLength(2)
})

test('a filter and mappings of right names are taken', () => {
  const where = { all: [{ is: ['status', { constant: 'open' }] }, { has: 'buyer.id' }] }
  expect(faults(whole([{ ...flow, where }]))).toEqual([])
})
