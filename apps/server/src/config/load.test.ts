import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { loadConfigFile } from './load.ts'

const TYPESCRIPT = `import { defineConfig, env, orderToCash, secret } from '@linchpin/server/config'
const name: string = 'erp'
export default defineConfig({
  connections: {
    shop: { connector: 'woocommerce', settings: { url: env('SHOP_URL'), consumerSecret: secret('S') } },
    [name]: { connector: 'odoo', settings: {} },
  },
  flows: [orderToCash({ shop: 'shop', erp: name })],
})
`
const YAML = `connections:
  shop: { connector: woocommerce, settings: { url: { env: SHOP_URL }, consumerSecret: { secret: S } } }
  erp: { connector: odoo, settings: {} }
flows:
  - { preset: orderToCash, shop: shop, erp: erp }
`
const JSON_TEXT = JSON.stringify({
  $schema: './linchpin.schema.json',
  connections: {
    shop: {
      connector: 'woocommerce',
      settings: { url: { env: 'SHOP_URL' }, consumerSecret: { secret: 'S' } },
    },
    erp: { connector: 'odoo', settings: {} },
  },
  flows: [{ preset: 'orderToCash', shop: 'shop', erp: 'erp' }],
})
const FILES = {
  'linchpin.config.ts': TYPESCRIPT,
  'linchpin.config.json': JSON_TEXT,
  'linchpin.config.yaml': YAML,
}

const inside = mkdtempSync(join(fileURLToPath(new URL('../../', import.meta.url)), '.test-config-'))
const outside = mkdtempSync(join(tmpdir(), 'linchpin-config-'))
afterAll(() => {
  for (const folder of [inside, outside]) rmSync(folder, { recursive: true })
})

let folders = 0
function folderWith(files: Record<string, string>, at = outside): string {
  const folder = join(at, String((folders += 1)))
  mkdirSync(folder)
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

describe.each([
  ['inside our own folders', inside],
  ['where nothing of ours is installed', outside],
])('%s', (_where, at) => {
  test.each(Object.entries(FILES))('%s says the same', async (name, content) => {
    const folder = folderWith({ [name]: content }, at)
    const { file, config } = await loadConfigFile(folder)
    expect(file).toBe(join(folder, name))
    expect(config).toMatchObject({
      http: { host: '127.0.0.1', port: 8484 },
      connections: {
        shop: {
          connector: 'woocommerce',
          settings: { url: { env: 'SHOP_URL' }, consumerSecret: { secret: 'S' } },
        },
        erp: { connector: 'odoo' },
      },
      flows: [{ preset: 'orderToCash', shop: 'shop', erp: 'erp' }],
    })
  })
})

test('a file of another name is taken when it is named, and the folder counts', async () => {
  const folder = folderWith({ 'other.yaml': YAML })
  expect((await loadConfigFile(folder, 'other.yaml')).config.connections).toHaveProperty('erp')
})

test('a configuration that was changed is read anew', async () => {
  const folder = folderWith({ 'linchpin.config.ts': TYPESCRIPT })
  await loadConfigFile(folder)
  writeFileSync(join(folder, 'linchpin.config.ts'), TYPESCRIPT.replace(`'erp'\n`, `'books'\n`))
  expect((await loadConfigFile(folder)).config.connections).toHaveProperty('books')
})

test('what cannot be read says which file, and why', async () => {
  const missing = loadConfigFile(folderWith({}))
  await expect(missing).rejects.toThrow('"linchpin init" writes one')
  await expect(loadConfigFile(outside, 'none.yaml')).rejects.toThrow('none.yaml cannot be used')
  await expect(loadConfigFile(folderWith({ 'linchpin.config.json': '{,}' }))).rejects.toThrow(
    'linchpin.config.json cannot be used',
  )
  await expect(loadConfigFile(folderWith({ 'linchpin.config.ts': 'export default {{' }))).rejects.toThrow(
    'linchpin.config.ts cannot be used',
  )
  await expect(loadConfigFile(folderWith({ 'linchpin.config.ts': 'export const a = 1' }))).rejects.toThrow(
    'connections is missing',
  )
  await expect(loadConfigFile(folderWith({ 'x.toml': '' }), 'x.toml')).rejects.toThrow('ends in .ts')
})
