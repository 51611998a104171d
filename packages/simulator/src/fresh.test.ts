import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { firstOf, freshSeeds, sourcesHash } from './fresh.ts'

const one = '138626c3f0c51b6dd1c4d6a3c39ab0a77a1b5ed0'
const other = '138626c3f0c51b6dd1c4d6a3c39ab0a77a1b5ed1'

test('a version plays the same seeds whenever it is asked, and another version others', () => {
  expect(freshSeeds(one)).toEqual(freshSeeds(one))
  expect(freshSeeds(other).first).not.toBe(freshSeeds(one).first)
  expect(freshSeeds(one).from).toBe('the sources of this version, 138626c3f0')
})

describe('what a version is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sources-'))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  afterAll(() => rmSync(folder, { recursive: true }))

  test('changes with each line of code, and with nothing else', () => {
    write('engine/src/read.ts', 'one')
    const before = sourcesHash(folder)
    write('engine/src/read.test.ts', 'a test')
    write('engine/README.md', 'words')
    write('engine/node_modules/other/src/a.ts', 'not ours')
    expect(sourcesHash(folder)).toBe(before)
    write('engine/src/bus/hear.ts', 'another file')
    const after = sourcesHash(folder)
    expect(after).not.toBe(before)
    write('store/src/migrations/0001-first.sql', 'create table')
    expect(sourcesHash(folder)).not.toBe(after)
    write('engine/src/read.ts', 'two')
    expect(sourcesHash(folder)).not.toBe(after)
  })
})

test('all faults are on for each of them, and no number is too large for 32 bits', () => {
  const firsts = Array.from({ length: 5_000 }, (_each, index) => firstOf(`version ${index}`))
  expect(Math.min(...firsts)).toBeGreaterThanOrEqual(20_000_000)
  expect(Math.max(...firsts)).toBeLessThan(2 ** 31 - 100_000_000)
})

test('five thousand seeds of one version are in common with no other version, or all are', () => {
  const firsts = Array.from({ length: 5_000 }, (_each, index) => firstOf(`version ${index}`))
  const inOrder = [...new Set(firsts)].toSorted((a, b) => a - b)
  const gaps = inOrder.slice(1).map((first, index) => first - (inOrder[index] ?? 0))
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5_000)
})
