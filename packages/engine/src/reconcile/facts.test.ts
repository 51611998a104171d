import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Flow, Setup } from '../setup.ts'
import { agree, leftOut, type Facts } from './facts.ts'
import { beginRound } from './round.ts'

const names = ['name', 'price', 'stock', 'unit']
const facts: fc.Arbitrary<Facts> = fc.dictionary(
  fc.constantFrom(...names),
  fc.constantFrom('', '?', 'a', 'b'),
)
const none = () => false

test('leaving a field out is as if neither side had it, and can only make more agree', () => {
  fc.assert(
    fc.property(facts, facts, fc.subarray(names), (source, target, ignored) => {
      const without = (of: Facts) =>
        Object.fromEntries(Object.entries(of).filter(([name]) => !ignored.includes(name)))
      const left = agree(source, target, field => ignored.includes(field))
      expect(left).toBe(agree(without(source), without(target), none))
      if (agree(source, target, none)) expect(left).toBe(true)
    }),
  )
})

const flow = { name: 'out', entity: 'Product', from: 'erp', to: 'shop' } as Flow
const setupIgnoring = (...ignored: readonly (readonly [field: string, id: string | null])[]) =>
  ({
    here: new Set(['erp', 'shop']),
    readMapping: () => ({ mapping: {} }),
    writeMapping: () => ({ mapping: {} }),
    live: {
      ignores: (_flow: string, field: string, id: string) =>
        ignored.some(([name, only]) => name === field && (only === null || only === id)),
      ignoring: () => JSON.stringify(ignored),
    },
  }) as unknown as Setup

test('a field is left out by the policy, by a person, or by a person in one record', () => {
  const setup = setupIgnoring(['name', null], ['price', '7'])
  const heal = { missing: 'ask', fields: { unit: 'ignore' }, otherwise: 'ask' } as const
  const out = (id: string) => names.filter(leftOut({ ...flow, heal }, setup, id))
  expect(out('1')).toEqual(['name', 'unit'])
  expect(out('7')).toEqual(['name', 'price', 'unit'])
})

test('when something else is left out, all pairs are looked at by what was kept; neither side is read as a whole again', () => {
  const begun = (setup: Setup, known: ReturnType<typeof beginRound> | null) =>
    beginRound(known, flow, setup, 0, false)
  const first = begun(setupIgnoring(), null)
  expect(first).toMatchObject({ full: true, touched: null })
  expect(begun(setupIgnoring(), first)).toMatchObject({ full: false, touched: [] })
  const other = begun(setupIgnoring(['name', null]), first)
  expect(other).toMatchObject({ full: false, touched: null })
  expect(begun(setupIgnoring(['name', null]), other)).toMatchObject({ full: false, touched: [] })
  expect(begun(setupIgnoring(), other)).toMatchObject({ full: false, touched: null })
})
