import { connectors } from '@linchpin/server'
import { expect, test } from 'vitest'
import { withRun, runsOf, isLookAlike, tallyOf, type Run } from './record.ts'
import { connectorIds, entityOf, rigsOf } from './rigs.ts'

const ids = connectorIds()

test.each(ids)('%s has a record of its checks, in which none failed', id => {
  const runs = runsOf(id)
  expect(runs.length, `Run: npm run conformance -- ${id}`).toBeGreaterThan(0)
  for (const { against, entities } of runs)
    for (const [entity, { passed, failed }] of Object.entries(entities)) {
      expect(failed, `${entity} against ${against}`).toBe(0)
      expect(passed, `${entity} against ${against}`).toBeGreaterThan(0)
    }
})

test.each(ids)('every entity of %s that has a rig is in the record of its look-alike', async id => {
  const { against, rigs } = await rigsOf(id)
  const run = runsOf(id).find(each => each.against === against)
  const wanted = new Set(Object.values(rigs).map(entityOf))
  expect(Object.keys(run?.entities ?? {}).toSorted(), `Run: npm run conformance -- ${id}`).toEqual(
    [...wanted].toSorted(),
  )
})

test('every connector that Linchpin offers is among those with a record', () => {
  expect(ids).toEqual(expect.arrayContaining(connectors.map(({ id }) => id)))
})

const run = (against: string, date: string): Run => ({ against, date, entities: {} })

test('a later run takes the place of the one before it, and leaves those against other systems', () => {
  const before = [run('look-alike', '2026-11-01'), run('Vendure 3.7.3', '2026-11-02')]
  const lookAlike = run('look-alike', '2026-11-25')
  const real = run('Vendure 3.7.3', '2026-11-25')
  expect(withRun(before, lookAlike)).toEqual([lookAlike, before[1]])
  expect(withRun(before, real)).toEqual([before[0], real])
  expect(withRun([real], lookAlike).map(isLookAlike)).toEqual([true, false])
})

test('what failed and what does not apply are counted apart', () => {
  const results = [{ is: 'passed' }, { is: 'failed' }, { is: 'does not apply' }, { is: 'passed' }] as const
  expect(tallyOf(results)).toEqual({ passed: 2, failed: 1, doesNotApply: 1 })
})
