import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Shelf } from './shelf.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'shelf-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const path = () => join(folder, 'deep', 'books.jsonl')
interface Mug {
  name: string
}

test('what was put is there after a restart, in the order in which it was first put', () => {
  const shelf = new Shelf(path())
  const mugs = shelf.table<Mug>('mugs')
  mugs.put(2, { name: 'two' })
  mugs.put(1, { name: 'one' })
  mugs.put(2, { name: 'zwei' })
  mugs.put(3, { name: 'three' })
  mugs.remove(3)
  // Not closed: a killed process closes nothing.
  const again = new Shelf(path()).table<Mug>('mugs')
  expect(again.all()).toEqual([{ name: 'zwei' }, { name: 'one' }])
  expect(again.get('1')).toEqual({ name: 'one' })
  expect(again.get(3)).toBeUndefined()
  expect([again.count(), again.find(mug => mug.name === 'one')]).toEqual([2, { name: 'one' }])
})

test('rows are found by a value, whatever became of them since: changed, removed, laid back from a backup', () => {
  const shelf = new Shelf(null)
  const mugs = shelf.table<Mug>('mugs')
  mugs.put(1, { name: 'blue' })
  mugs.put(2, { name: 'blue' })
  expect(mugs.having('name', 'blue')).toHaveLength(2)
  const backup = shelf.snapshot()
  mugs.put(2, { name: 'red' })
  mugs.put(3, { name: 'red' })
  mugs.remove(1)
  expect(mugs.having('name', 'blue')).toEqual([])
  expect(shelf.table<Mug>('mugs').having('name', 'red')).toEqual([{ name: 'red' }, { name: 'red' }])
  shelf.restore(backup)
  expect([mugs.having('name', 'blue').length, mugs.having('name', 'red').length]).toEqual([2, 0])
})

test('a kill in the middle of a line loses that line and no other', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat(), (name, cut) => {
      rmSync(path(), { force: true })
      const mugs = new Shelf(path()).table<Mug>('mugs')
      mugs.put(1, { name: 'whole' })
      const before = readFileSync(path()).length
      mugs.put(2, { name })
      const line = readFileSync(path()).length - before
      // Without its newline a line is whole, so the cut goes before the last bracket.
      truncateSync(path(), before + (cut % (line - 1)))
      const again = new Shelf(path())
      expect(again.table<Mug>('mugs').all()).toEqual([{ name: 'whole' }])
      again.table<Mug>('mugs').put(3, { name: 'after' })
      expect(new Shelf(path()).table<Mug>('mugs').all()).toEqual([{ name: 'whole' }, { name: 'after' }])
    }),
    { numRuns: 50 },
  )
})

test('bytes that are no line of ours do no harm', () => {
  const shelf = new Shelf(path())
  shelf.table<Mug>('mugs').put(1, { name: 'one' })
  appendFileSync(path(), '\n\u0000\u0000\n["mugs","2",{"na')
  expect(new Shelf(path()).table<Mug>('mugs').all()).toEqual([{ name: 'one' }])
})

test('a number of a sequence is given once, also after a restart', () => {
  const first = new Shelf(path())
  expect([first.next('orders'), first.next('orders'), first.next('invoices', 1001)]).toEqual([1, 2, 1001])
  const second = new Shelf(path())
  expect([second.next('orders'), second.next('invoices', 1001)]).toEqual([3, 1002])
})

test('a snapshot laid back is all that there is: later rows, tables and numbers are gone', () => {
  const shelf = new Shelf(path())
  shelf.table<Mug>('mugs').put(1, { name: 'one' })
  shelf.next('orders')
  const yesterday = shelf.snapshot()
  shelf.table<Mug>('mugs').put(1, { name: 'changed' })
  shelf.table<Mug>('mugs').put(2, { name: 'two' })
  shelf.table<Mug>('plates').put(1, { name: 'plate' })
  shelf.next('orders')
  shelf.restore(yesterday)
  for (const each of [shelf, new Shelf(path())]) {
    expect(each.table<Mug>('mugs').all()).toEqual([{ name: 'one' }])
    expect(each.table<Mug>('plates').all()).toEqual([])
  }
  expect(shelf.next('orders')).toBe(2)
})

test('the file does not keep what was overwritten', () => {
  const mugs = new Shelf(path()).table<Mug>('mugs')
  for (let turn = 0; turn < 500; turn += 1) mugs.put(1, { name: `name ${turn}` })
  new Shelf(path()).close()
  expect(readFileSync(path(), 'utf8')).toBe('["mugs","1",{"name":"name 499"}]\n')
})

test('without a path it forgets, and makes no file', () => {
  const shelf = new Shelf(null)
  shelf.table<Mug>('mugs').put(1, { name: 'one' })
  expect(shelf.table<Mug>('mugs').count()).toBe(1)
  expect(new Shelf(null).table<Mug>('mugs').count()).toBe(0)
})
