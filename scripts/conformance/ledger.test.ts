import type { Check } from '@linchpin/connector/conformance'
import { expect, test } from 'vitest'
import { ledger } from './ledger.ts'

const check = (name: string, run: () => Promise<void>, skip: string | null = null): Check => ({
  name,
  needs: [],
  skip,
  run,
})
const good = check('good', async () => {})
const bad = check('bad', async () => {
  throw new Error('a promise was broken')
})
const never = check('never', async () => new Promise(() => {}))
const other = check('other', async () => {}, 'the entity has no `file`')

test('a check that broke or never ended has failed, and one that does not apply is counted as such', async () => {
  const { noted, whole } = ledger()
  const runs = [good, bad, never].map(each => noted('Product', each))
  noted('Product', other)
  await runs[0]?.()
  await expect(runs[1]?.()).rejects.toThrow('a promise was broken')
  void runs[2]?.()
  expect(whole()).toEqual({ Product: { passed: 1, failed: 2, doesNotApply: 1 } })
})

test('an entity of which a check was left out is not recorded', async () => {
  const { noted, whole } = ledger()
  await noted('Product', good)()
  noted('Product', bad)
  await noted('Account', good)()
  expect(whole()).toEqual({ Account: { passed: 1, failed: 0, doesNotApply: 0 } })
})
