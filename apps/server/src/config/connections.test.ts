import { expect, test } from 'vitest'
import { connectors } from '../connectors.ts'
import { buildConnections } from './connections.ts'
import { readConfig } from './read.ts'

test('a connection bears what its limits say, and else what its connector takes for granted', () => {
  const settings = { url: 'https://shop.example.com', consumerKey: 'ck_1', consumerSecret: 'cs_1' }
  const shop = { connector: 'woocommerce', settings, limits: { requests: 3 } }
  const config = readConfig('', { connections: { shop, other: { ...shop, limits: {} } }, flows: [] })
  const built = buildConnections(config, { shop: settings, other: settings }, connectors, null)
  const [slow, usual] = built.map(({ connector }) => connector.limits)
  expect(slow).toEqual({ ...usual, requests: 3 })
  expect(usual).toEqual(connectors.find(({ id }) => id === 'woocommerce')?.limits)
})

function webhookUrl(shop: string, ourUrl: string): string | undefined {
  const settings = { url: shop, consumerKey: 'ck_1', consumerSecret: 'cs_1' }
  const connections = { shop: { connector: 'woocommerce', settings } }
  const config = readConfig('', { connections, flows: [] })
  return buildConnections(config, { shop: settings }, connectors, ourUrl)[0]?.webhookUrl
}

test('a shop is told of an address for its webhooks only where it can reach it', () => {
  const [here, elsewhere] = ['http://127.0.0.1:8484', 'https://sync.example.com']
  expect(webhookUrl('https://shop.example.com', here)).toBeUndefined()
  expect(webhookUrl('https://shop.example.com', elsewhere)).toBe(`${elsewhere}/webhooks/shop`)
  expect(webhookUrl('http://127.0.0.1:8585', here)).toBe(`${here}/webhooks/shop`)
})
