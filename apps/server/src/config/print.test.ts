import { expect, test } from 'vitest'
import { connectors } from '../connectors.ts'
import { configJsonSchema } from './json-schema.ts'
import { printableConfig } from './print.ts'
import { readConfig } from './read.ts'

const CANARY = 'canary-4711'
const config = readConfig('the test', {
  database: `postgres://linchpin:${CANARY}@db.example/linchpin`,
  connections: {
    shop: {
      connector: 'woocommerce',
      settings: {
        url: `https://user:${CANARY}@shop.example.com`,
        consumerKey: 'ck_visible',
        consumerSecret: CANARY,
        webhookSecret: { secret: 'HOOK' },
        // A slip of the pen must not show what it holds.
        consumerSecrt: CANARY,
      },
    },
    odd: { connector: 'unknown', settings: { password: CANARY, access: { token: CANARY } } },
  },
  flows: [],
})

test('a printed configuration shows no secret, wherever it stands, and all the rest', () => {
  const text = JSON.stringify(printableConfig(config, connectors))
  expect(text).not.toContain(CANARY)
  expect(text).toContain('ck_visible')
  expect(text).toContain('{"secret":"HOOK"}')
  expect(text).toContain('postgres://linchpin:(hidden)@db.example/linchpin')
  expect(text).toContain('"port":8484')
})

test('the schema for editors knows connectors, their settings, references and $schema', () => {
  const schema = configJsonSchema(connectors)
  const text = JSON.stringify(schema)
  expect(schema['properties']).toHaveProperty('$schema')
  expect(text).toContain(`"enum":${JSON.stringify(connectors.map(({ id }) => id))}`)
  expect(text).toContain('consumerSecret')
  for (const [, place = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g))
    expect(schema).toHaveProperty(place.split('/'))
})
