import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openPages } from './pages.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'pages-'))))
afterEach(() => rmSync(folder, { recursive: true }))
const file = () => join(folder, 'matches.json.part')

test('whoever broke off goes on after the last page that was read whole', () => {
  const first = openPages<string>(file(), 'products')
  expect([first.cursor, first.ended]).toEqual([null, false])
  first.add(['1', '2'], 'c2')
  first.add(['3'], 'c3')
  appendFileSync(file(), '{"about":"products","next":"c4","items":["4",')

  const second = openPages<string>(file(), 'products')
  expect([second.cursor, second.count]).toEqual(['c3', 3])
  second.add(['4'], null)
  expect(openPages<string>(file(), 'products').all()).toEqual(['1', '2', '3', '4'])
  expect(openPages<string>(file(), 'products').ended).toBe(true)
})

test('what was read of another flow is not gone on with', () => {
  openPages<string>(file(), 'products').add(['1'], 'c1')
  expect(openPages<string>(file(), 'customers')).toMatchObject({ cursor: null, count: 0 })
})

test('without a file it is kept all the same', () => {
  const pages = openPages<number>(null, 'products')
  pages.add([1], null)
  expect([pages.ended, pages.all()]).toEqual([true, [1]])
})
