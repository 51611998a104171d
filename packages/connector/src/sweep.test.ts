import { expect, test } from 'vitest'
import { sweep, type Position } from './sweep.ts'

interface Row {
  id: string
  at: string
  text: string
}
const stamp = (second: number) => new Date(Date.UTC(2030, 0, 1, 0, 0, second)).toISOString()

function remote(rows: Row[], clock = { now: 0 }) {
  const read = (after: string | null, limit: number) =>
    sweep<Row>({
      after,
      limit,
      overlapMs: 60_000,
      now: () => clock.now,
      fetch: async (from, count) =>
        [...rows]
          .sort((a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1))
          .filter(row => from === null || row.at > from.stamp || (row.at === from.stamp && row.id > from.id))
          .slice(0, count),
      position: (row): Position => ({ stamp: row.at, id: row.id }),
      snapshot: row => ({ id: row.id, version: row.text, row }),
    })
  const all = async (after: string | null, limit: number) => {
    const ids: string[] = []
    let cursor = after
    for (let turn = 0; turn < 100; turn += 1) {
      const page = await read(cursor, limit)
      ids.push(...page.items.map(item => item.id))
      cursor = page.next
      if (!page.more) return { ids, cursor }
    }
    throw new Error('the sweep does not end')
  }
  return Object.assign(all, { read })
}

test('every record is met whatever the page size, also when all share one stamp', async () => {
  for (const limit of [1, 2, 3, 7, 50]) {
    const rows = Array.from({ length: 7 }, (_, index) => ({ id: `r${index}`, at: stamp(5), text: 'x' }))
    expect((await remote(rows)(null, limit)).ids.toSorted()).toEqual(rows.map(row => row.id))
  }
})

test('what was told is not told again, and a change of it is', async () => {
  const rows = [1, 2, 3].map(second => ({ id: `r${second}`, at: stamp(second), text: 'x' }))
  const all = remote(rows)
  const first = await all(null, 2)
  const second = await all(first.cursor, 2)
  expect(second.ids).toEqual([])
  rows[0] = { id: 'r1', at: stamp(9), text: 'y' }
  expect((await all(second.cursor, 2)).ids).toEqual(['r1'])
})

test('a record that was committed late, behind the newest stamp, is still met', async () => {
  const rows = [{ id: 'r2', at: stamp(50), text: 'x' }]
  const all = remote(rows)
  const { cursor } = await all(null, 10)
  rows.push({ id: 'r1', at: stamp(20), text: 'late' })
  expect((await all(cursor, 10)).ids).toEqual(['r1'])
})

test('what is committed late while a sweep of several pages takes its time is met by the next one', async () => {
  const clock = { now: 0 }
  const rows = [10, 20, 30].map(second => ({ id: `r${second}`, at: stamp(second), text: 'x' }))
  const all = remote(rows, clock)
  const first = await all.read(null, 2)
  // The shop asks for patience; meanwhile an order is committed behind us, and others are placed.
  clock.now += 300_000
  rows.push({ id: 'late', at: stamp(15), text: 'x' }, { id: 'r200', at: stamp(200), text: 'x' })
  const rest = await all(first.next, 2)
  expect(rest.ids).toEqual(['r30', 'r200'])
  expect((await all(rest.cursor, 2)).ids).toEqual(['late'])
})
