import { Problem, type Connector } from '@linchpin/connector'
import { conformance, type MakeRig } from '@linchpin/connector/conformance'
import { beforeAll, expect, test } from 'vitest'
import { memory } from '../memory.ts'
import { orderRig, productRig } from '../rigs.ts'
import { memoryAsks, memoryFinds, memoryQueues } from '../variants.ts'
import { eachOutcome, type Flaw } from './change.ts'
import { flaws } from './index.ts'

const rigs = (flaw: Flaw): readonly MakeRig[] => [
  orderRig(flaw(memory)),
  productRig(flaw(memory)),
  orderRig(flaw(memoryFinds), false),
  orderRig(flaw(memoryAsks), false),
  orderRig(flaw(memoryQueues)),
]
const noticed = new Map<string, ReadonlySet<string>>()

beforeAll(async () => {
  for (const [name, flaw] of Object.entries(flaws)) noticed.set(name, await failures(flaw))
}, 180_000)

test('the connector without a flaw passes, on its look-alike', async () => {
  expect(await failures((connector: Connector) => connector)).toEqual(new Set())
})

test.each(Object.keys(flaws))('a connector that %s is noticed', name => {
  expect([...(noticed.get(name) ?? [])]).not.toEqual([])
})

test('every check notices a flaw', () => {
  const seen = new Set([...noticed.values()].flatMap(names => [...names]))
  const checks = rigs(connector => connector).flatMap(rig => conformance(rig).filter(check => !check.skip))
  expect(checks.map(check => check.name).filter(name => !seen.has(name))).toEqual([])
})

// Memory has no accounts, so its orders stand for them.
test('a connector that names people bare in a reason is noticed, and one that quotes them is not', async () => {
  const check = (flaw: Flaw) => {
    const makeRig: MakeRig = now => {
      const rig = orderRig(flaw(memory))(now)
      const entities = Object.fromEntries([['Account', rig.connector.entities.SalesOrder]])
      return { ...rig, entity: 'Account', connector: { ...rig.connector, entities } }
    }
    return conformance(makeRig).find(({ name }) => name.includes('names nobody'))
  }
  const says = (words: string) =>
    eachOutcome(outcome =>
      outcome.is === 'refused' ? { ...outcome, problem: new Problem('refused', words) } : outcome,
    )
  await check(says('"Ada Lovelace" is refused.'))?.run()
  await expect(check(says('Ada Lovelace is refused.'))?.run()).rejects.toThrow('Lovelace')
})

test('no flaw is noticed by everything: then it would only prove that a broken connector is broken', () => {
  const all = conformance(orderRig()).length
  for (const [name, names] of noticed) expect(names.size, name).toBeLessThan(all * 0.75)
})

/** The checks that this flaw fails, with the first of the rigs that notices it. */
async function failures(flaw: Flaw): Promise<ReadonlySet<string>> {
  const failed = new Set<string>()
  for (const rig of rigs(flaw)) {
    if (failed.size > 0) break
    for (const { name, skip, run } of conformance(rig))
      if (skip === null) await run().catch(() => failed.add(name))
  }
  return failed
}
