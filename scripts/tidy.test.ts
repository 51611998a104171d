import { expect, test } from 'vitest'
import { deadLinks } from './tidy/links.ts'
import { neverImported } from './tidy/unused.ts'
import { importsOf } from './tidy/imports.ts'
import { wordsOf } from './tidy/words.ts'

const imports = (path: string, text: string) => importsOf({ path, text })
const words = (path: string, text: string) => wordsOf({ path, text })

test('a connector sees the contract and never the engine', () => {
  expect(imports('connectors/odoo/src/orders.ts', "import { x } from '@linchpin/connector'")).toEqual([])
  expect(imports('connectors/odoo/src/orders.ts', "import { x } from '@linchpin/engine'")).toEqual([
    'connectors/odoo/src/orders.ts: connectors/odoo may not import @linchpin/engine; it may import model, mapping, connector, lookalike',
  ])
})

test('no connector knows another one, and the engine knows none', () => {
  const memory = "import { memory } from '@linchpin/connector-memory'"
  expect(imports('connectors/odoo/src/orders.ts', memory)).toHaveLength(1)
  expect(imports('packages/engine/src/read.ts', memory)).toHaveLength(1)
  expect(imports('packages/engine/src/read.test.ts', memory)).toEqual([])
  expect(imports('apps/server/src/registry.ts', memory)).toEqual([])
})

test('every way of importing is seen', () => {
  for (const text of [
    "export * from '@linchpin/store'",
    "import '@linchpin/store'",
    "const store = await import('@linchpin/store')",
    'import type { Store } from "@linchpin/store"',
    "import {\n  type Store,\n} from '@linchpin/store/migrations'",
  ])
    expect(imports('packages/mapping/src/apply.ts', text), text).toHaveLength(1)
})

test('a package is entered by its name, not through the fence', () => {
  const [line] = imports('packages/engine/src/run.ts', "import { x } from '../../store/src/jobs.ts'")
  expect(line).toMatch(/name the package/)
  expect(imports('packages/engine/src/deep/run.ts', "import { x } from '../jobs.ts'")).toEqual([])
})

test('clock, chance, waiting and network are handed in', () => {
  expect(words('packages/engine/src/retry.ts', 'const at = Date.now()')).toEqual([
    'packages/engine/src/retry.ts:1: use the clock handed in: io.now()',
  ])
  expect(words('connectors/odoo/src/orders.ts', 'await fetch(url)')).toHaveLength(1)
  expect(words('connectors/odoo/src/orders.ts', 'await globalThis.fetch(url)')).toHaveLength(1)
  expect(words('connectors/odoo/src/orders.ts', 'await io.fetch(url)')).toEqual([])
  expect(words('connectors/odoo/src/orders.ts', 'const { fetch } = io\nawait fetch(url)')).toEqual([])
  expect(words('connectors/odoo/src/orders.ts', 'const id = randomUUID()')).toHaveLength(1)
  expect(words('packages/model/src/order.ts', 'Math.random()')).toHaveLength(1)
  expect(words('packages/engine/src/pace.ts', 'setTimeout(go, 10)')).toHaveLength(1)
})

test('a test may read the clock; a look-alike is handed it too', () => {
  expect(words('connectors/odoo/src/orders.test.ts', 'Date.now()')).toEqual([])
  for (const path of ['connectors/odoo/src/fake-odoo.ts', 'connectors/odoo/src/fake/sales.ts']) {
    expect(words(path, 'Date.now()'), path).toHaveLength(1)
    expect(words(path, 'randomUUID()'), path).toEqual([])
  }
})

test('a comment may speak of a clock', () => {
  expect(words('packages/engine/src/retry.ts', '// never Date.now() here')).toEqual([])
})

test('what hides from the type checker, and what is left for later, is told with its replacement', () => {
  expect(words('apps/cli/src/a.ts', 'const x = y as any')).toEqual([
    'apps/cli/src/a.ts:1: use the type, or unknown and a check',
  ])
  expect(words('apps/cli/src/a.ts', '// @ts-ignore')).toHaveLength(1)
  expect(words('apps/cli/src/a.ts', '\n// TODO: later')).toEqual([
    'apps/cli/src/a.ts:2: use an issue, or the fix',
  ])
})

test('no path of one machine', () => {
  expect(words('docs/start.md', 'cd /home/ada/linchpin')).toHaveLength(1)
  expect(words('docs/start.md', 'GET https://example.com/home/ada/x and ./work/x')).toEqual([])
})

test('a file that nothing names is told', () => {
  const file = (path: string, text = '') => ({ path, text })
  const files = [
    file('packages/model/src/index.ts', "export * from './order.ts'"),
    file('packages/model/src/order.ts'),
    file('packages/model/src/forgotten.ts', "import './forgotten.ts'"),
    file('packages/model/src/order.test.ts'),
    file('connectors/acme/package.json', '{ "exports": { ".": "./src/index.ts" } }'),
    file('connectors/acme/src/index.ts', "new Worker(new URL('./worker.ts', import.meta.url))"),
    file('connectors/acme/src/worker.ts'),
  ]
  expect(neverImported(files)).toEqual([
    'packages/model/src/forgotten.ts: nothing imports this file; use it or remove it',
  ])
})

test('a link in Markdown leads somewhere', () => {
  const files = [
    {
      path: 'docs/a.md',
      text: '[b](b.md#two-words) [x](c.md) [y](b.md#three) [z](https://example.com) `[q](no.md)`',
    },
    { path: 'docs/b.md', text: '# One\n## Two `words`\n' },
  ]
  expect(deadLinks(files, () => false)).toEqual([
    'docs/a.md: the link to c.md leads nowhere',
    'docs/a.md: the link to b.md#three leads nowhere',
  ])
})
