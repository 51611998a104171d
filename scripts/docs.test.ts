import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { checkConfigured } from '@linchpin/server'
import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'

// In a folder that git, lint and format leave alone.
const folder = resolve('.linchpin/docs-test')
mkdirSync(folder, { recursive: true })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Example {
  readonly title: string
  readonly source: string
}

const pages = readdirSync('docs', { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.md'))
  .map(path => `docs/${path}`)
const examples = ['README.md', ...pages].flatMap(configsIn)

function configsIn(path: string): readonly Example[] {
  const blocks = [...readFileSync(path, 'utf8').matchAll(/^```ts\n([^]*?)^```/gm)].map(
    ([, text = '']) => text,
  )
  return blocks
    .filter(text => text.includes('export default defineConfig('))
    .map((source, index) => ({ title: `${path}, example ${index + 1}`, source }))
}

test('the documentation shows configurations', () => {
  expect(examples.length).toBeGreaterThan(4)
})

test.each(examples)('$title would be accepted as it stands', async ({ title, source }) => {
  const configFile = resolve(folder, `${title.replace(/\W+/g, '-')}.config.ts`)
  writeFileSync(configFile, source)
  const names = [...source.matchAll(/(?:env|secret)\('(\w+)'\)/g)].map(([, name = '']) => name)
  const environment = Object.fromEntries(names.map(name => [name, 'a-secret-of-thirty-two-characters']))
  const log = pino({ level: 'silent' })
  const { flows } = await checkConfigured({ folder, configFile, environment, log })
  expect(flows.map(flow => flow.entity)).toContain('SalesOrder')
})
