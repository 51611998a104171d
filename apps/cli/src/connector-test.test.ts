import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { spawned } from './testing/run.ts'

/** A stranger's connector, outside of the repository: the reference connector's rig, with or without a mistake. */
let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'linchpin-stranger-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const memory = resolve('connectors/memory/src')
const lay = (name: string, change: string) =>
  writeFileSync(
    join(folder, name),
    `import { productRig } from '${memory}/rigs.ts'
import { memory } from '${memory}/memory.ts'
import { Problem } from '@linchpin/connector'
if (typeof Problem !== 'function') throw new Error('our packages were not lent')
export const rigs = { Articles: productRig({ ...memory, ${change} }) }
`,
  )
const tested = async (path: string) => spawned(['connector', 'test', path, '--json'], { folder })

test('connector test runs the suite for a connector outside of the repository, and says what applies', async () => {
  lay('rigs.mjs', '')
  const { exit, data } = await tested('rigs.mjs')
  expect([exit, data()]).toMatchObject([0, { failed: 0, rigs: [{ rig: 'Articles', entity: 'Product' }] }])
  const { rigs, passed } = data() as {
    passed: number
    rigs: { checks: { is: string; why: string | null }[] }[]
  }
  expect(passed).toBeGreaterThan(70)
  expect(rigs[0]?.checks).toContainEqual(
    expect.objectContaining({ is: 'does not apply', why: 'the entity has no `file`' }),
  )
}, 120_000)

test('a promise that is not kept is named, and the status is 1', async () => {
  lay('bad.mjs', "id: 'Memory'")
  const { exit, data } = await tested('bad.mjs')
  expect([exit, data()]).toMatchObject([1, { failed: 1 }])
}, 120_000)

test('a path without rigs is wrong use', async () => {
  expect(await tested('nowhere')).toMatchObject({ exit: 2, err: expect.stringContaining('There is no') })
  writeFileSync(join(folder, 'none.mjs'), 'export const rigs = {}')
  expect(await tested('none.mjs')).toMatchObject({ exit: 2, err: expect.stringContaining('does not export') })
}, 60_000)
