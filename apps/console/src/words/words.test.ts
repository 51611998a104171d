import { onlyAsks, reveals, rightNames, routes, type RouteName } from '@linchpin/api'
import { expect, test } from 'vitest'
import { de } from './de.ts'
import { en } from './en.ts'
import { fr } from './fr.ts'
import { spaced } from './french.ts'

const leaves = (tree: object, under = ''): readonly (readonly [string, string])[] =>
  Object.entries(tree).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string'
      ? [[`${under}${name}`, value] as const]
      : leaves(value as object, `${under}${name}.`),
  )

const facts = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '').toSorted()

test.each([
  ['German', de],
  ['French', fr],
])('%s says everything that English says, with the same facts', (_language, words) => {
  const english = new Map(leaves(en))
  for (const [name, text] of leaves(words)) {
    expect(english.has(name), name).toBe(true)
    expect(text.trim(), name).not.toBe('')
    expect(facts(text), name).toEqual(facts(english.get(name) ?? ''))
  }
  expect(leaves(words).length).toBe(english.size)
})

test('a French line does not break before a mark', () => {
  expect(spaced({ in: { side: 'Ouvrez « Ici » : pourquoi ?' } })).toEqual({
    in: { side: 'Ouvrez «\u00A0Ici\u00A0»\u00A0: pourquoi\u00A0?' },
  })
})

test('whatever the audit log tells of has a name', () => {
  const told = (Object.keys(routes) as RouteName[]).filter(
    name => (routes[name].method === 'POST' && !onlyAsks(name, {})) || reveals(name, rightNames),
  )
  expect(told.filter(name => !(name in en.did))).toEqual([])
})
