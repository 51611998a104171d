import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { conformance, type MakeRig } from '@linchpin/connector/conformance'
import { afterAll, expect, test } from 'vitest'
import { connectorNamed, filesIn, lay } from './new-connector.ts'

const reference = filesIn('connectors/memory')
// Inside the repository, so that @linchpin/* is found; in a folder that git, lint and format leave alone.
const folder = resolve('.linchpin/new-connector-test')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('nothing of the reference is left but its shape', () => {
  const files = connectorNamed('big-shop', reference)
  const all = JSON.stringify(files)
  expect(all).not.toMatch(/memory/i)
  expect(all).not.toMatch(/variants|flaw/)
  expect(Object.keys(files)).toContain('src/fake-big-shop.ts')
  expect(files['src/big-shop.ts']).toContain(
    "export const bigShop: Connector<Settings, Session> = {\n  id: 'big-shop',\n  title: 'Big Shop',",
  )
  expect(files['src/index.ts']).toContain(
    "export { fakeBigShop, type FakeBigShop } from './fake-big-shop.ts'",
  )
  expect(files['package.json']).toContain('"@linchpin/connector-big-shop"')
})

test('the new connector keeps every promise at once, against its look-alike', async () => {
  lay(folder, connectorNamed('acme', reference))
  const rigs = (await import(`${folder}/src/rigs.ts`)) as Record<'orderRig' | 'productRig', () => MakeRig>
  for (const rig of [rigs.orderRig(), rigs.productRig()])
    for (const check of conformance(rig)) if (check.skip === null) await check.run()
})

test.each(['', 'Acme', '../acme', 'acme-', '9lives'])("'%s' cannot name a connector", name => {
  expect(() => connectorNamed(name, reference)).toThrow(/cannot name a connector/)
})
