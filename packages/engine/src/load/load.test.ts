import { describe, expect, test } from 'vitest'
import { wanted } from './load.ts'
import { after, beginLoad, beginLook, type LoadState } from './state.ts'

const looked: LoadState = {
  ...beginLook('rules', 0),
  phase: 'looked',
  total: 500,
  read: 500,
  would: { create: 9 },
}
const loading: LoadState = { ...beginLoad(looked, 1), read: 200, cursor: 'c2' }
const done: LoadState = { ...loading, phase: 'done', read: 500 }
const ask = (as: 'look' | 'go' | 'stop', known: LoadState | null, again = false, rules = 'rules') =>
  wanted({ as, again }, known, rules, 7)

describe('a load', () => {
  test('is looked at before it goes', () => {
    expect(ask('go', null)).toContain('look first')
    expect(ask('go', beginLook('rules', 0))).toContain('look first')
    expect(ask('go', looked)).toMatchObject({ phase: 'loading', read: 0, cursor: null, total: 500 })
  })

  test('of which the mapping has changed since is looked at again', () => {
    expect(ask('go', looked, false, 'others')).toContain('Look again')
    expect(ask('look', loading, false, 'others')).toMatchObject({ phase: 'looking', read: 0 })
  })

  test('that was stopped goes on from where it was', () => {
    const stopped = ask('stop', loading) as LoadState
    expect(stopped).toMatchObject({ stopped: true, cursor: 'c2', read: 200 })
    expect(ask('go', stopped)).toMatchObject({ stopped: false, phase: 'loading', cursor: 'c2', read: 200 })
  })

  test('that goes already is left as it is', () => expect(ask('go', loading)).toBe(loading))

  test('is done once, unless somebody wants it again', () => {
    expect(ask('go', done)).toContain('loaded already')
    expect(ask('go', done, true)).toMatchObject({ phase: 'loading', read: 0, cursor: null })
  })
})

test('the last page of a look counts the rows, that of a load waits for its deliveries', () => {
  const look = after({ ...beginLook('rules', 0), read: 400 }, 100, null, 9)
  expect(look).toMatchObject({ phase: 'looked', total: 500, ended: 9 })
  expect(after(loading, 300, null, 9)).toMatchObject({ phase: 'delivering', ended: null })
  expect(after(loading, 100, 'c3', 9)).toMatchObject({ phase: 'loading', read: 300, cursor: 'c3' })
})
