import assert from 'node:assert/strict'
import type { MatchKeys } from '@linchpin/mapping'
import type { Draft } from './needs.ts'
import { idsOf, isRow, sorted } from './stage.ts'

export const reading: readonly Draft[] = [
  {
    name: 'reading from the beginning meets every record, whatever the page size',
    needs: ['changes', 'again'],
    body: async ({ rig, readAll }) => {
      await rig.seed(7)
      for (const limit of [1, 2, 3, 50]) {
        const { items, pages } = await readAll(null, limit)
        assert.deepEqual(idsOf(items), sorted(await rig.ids()), `with pages of ${limit}`)
        const longest = Math.max(...pages.map(page => page.items.length))
        assert.ok(longest <= limit, `A page of ${longest} where at most ${limit} were asked for.`)
      }
    },
  },
  {
    name: 'records that changed in the same instant are not lost between two pages',
    needs: ['changes'],
    body: async ({ rig, readAll }) => {
      await rig.seed(5, true)
      assert.deepEqual(idsOf((await readAll(null, 2)).items), sorted(await rig.ids()))
    },
  },
  {
    name: 'reading goes on from every saved cursor without losing a record',
    needs: ['changes', 'again'],
    body: async ({ rig, readAll }) => {
      await rig.seed(6)
      const { pages } = await readAll(null, 2)
      for (const [index, page] of pages.entries()) {
        assert.equal(typeof page.next, 'string', 'A cursor is a text.')
        const before = pages.slice(0, index + 1).flatMap(each => each.items)
        const rest = await readAll(page.next, 2)
        assert.deepEqual(idsOf([...before, ...rest.items]), sorted(await rig.ids()))
      }
    },
  },
  {
    name: 'when nothing changed, reading ends, says so and tells nothing new',
    needs: ['changes'],
    body: async ({ rig, readAll }) => {
      await rig.seed(3)
      const { items, last } = await readAll(null, 10)
      const told = new Map(items.filter(isRow).map(item => [item.id, item.version]))
      const again = await readAll(last, 10)
      const news = again.items.filter(item => !isRow(item) || told.get(item.id) !== item.version)
      assert.deepEqual(news, [])
    },
  },
  {
    // A queue forgets what it was told is safe; what we had not saved by then would be lost with us.
    name: 'reading acknowledges nothing by itself, and a saved cursor acknowledges all up to it, as often as it is given',
    needs: ['changes', 'acknowledge'],
    body: async ({ rig, entity, session, changes }) => {
      await rig.seed(3)
      const page = await changes(null, 2)
      assert.deepEqual(await rig.acknowledged?.(), [], 'Reading alone acknowledged something.')
      for (let times = 0; times < 2; times += 1) await entity.acknowledge?.(session, page.next)
      assert.deepEqual(sorted((await rig.acknowledged?.()) ?? []), idsOf(page.items))
      const next = await changes(page.next, 2)
      assert.deepEqual(sorted((await rig.acknowledged?.()) ?? []), idsOf(page.items))
      await entity.acknowledge?.(session, next.next)
      const told = idsOf([...page.items, ...next.items])
      assert.deepEqual(sorted((await rig.acknowledged?.()) ?? []), told)
    },
  },
  {
    name: 'a record that changed is told again, with another version',
    needs: ['changes', 'touch'],
    body: async ({ rig, lab, readAll }) => {
      await rig.seed(3)
      const { items, last } = await readAll(null, 10)
      const [victim = ''] = await rig.ids()
      lab.advance(2000)
      await rig.touch?.(victim)
      const told = (await readAll(last, 10)).items.find(item => item.id === victim)
      const before = items.find(item => item.id === victim)
      assert.ok(told && isRow(told) && before && isRow(before), 'The changed record was not told.')
      assert.notEqual(told.version, before.version)
    },
  },
  {
    name: 'a record that changed twice in one instant is told twice',
    needs: ['changes', 'touch'],
    body: async ({ rig, lab, readAll }) => {
      await rig.seed(2)
      const [victim = ''] = await rig.ids()
      lab.advance(2000)
      await rig.touch?.(victim)
      const { last } = await readAll(null, 10)
      await rig.touch?.(victim)
      assert.ok(idsOf((await readAll(last, 10)).items).includes(victim), 'The second change was lost.')
    },
  },
  {
    name: 'a record removed at the remote is told as gone',
    needs: ['changes', 'gone'],
    body: async ({ rig, lab, readAll }) => {
      await rig.seed(3)
      const { last } = await readAll(null, 10)
      const [victim = ''] = await rig.ids()
      lab.advance(2000)
      await rig.remove?.(victim)
      const told = (await readAll(last, 10)).items.filter(item => item.id === victim)
      assert.ok(told.some(item => !isRow(item)))
    },
  },
  {
    name: 'every row satisfies its schema, which keeps what it does not know',
    needs: ['read'],
    body: async ({ rig, entity, atLeast, get, readAll }) => {
      await rig.seed(3)
      const items = entity.changes ? (await readAll(null, 10)).items : await get(await atLeast(3))
      assert.ok(items.length >= 3)
      for (const item of items.filter(isRow)) {
        const stranger = { ...(item.row as object), linchpin_stranger: 'kept' }
        const parsed = entity.schema.safeParse(stranger)
        assert.ok(parsed.success, `Row ${item.id}: ${parsed.error?.message ?? ''}`)
        assert.equal((parsed.data as typeof stranger).linchpin_stranger, 'kept', 'The schema is not loose.')
      }
    },
  },
  {
    name: 'a custom field of the remote is in the row',
    needs: ['get', 'addField'],
    body: async ({ rig, atLeast, get }) => {
      const [id = ''] = await atLeast(1)
      await rig.addField?.(id, 'x_linchpin_engraving', 'For Ada')
      const [shot] = await get([id])
      assert.match(JSON.stringify(shot?.row), /For Ada/)
    },
  },
  {
    name: 'get answers what exists, leaves out what does not, and asks nothing for nothing',
    needs: ['get'],
    body: async ({ rig, lab, get }) => {
      await rig.seed(2)
      const ids = await rig.ids()
      assert.deepEqual(sorted((await get([...ids, '999999999'])).map(item => item.id)), sorted(ids))
      const before = lab.seen.length
      assert.deepEqual(await get([]), [])
      assert.equal(lab.seen.length, before, 'Asking for nothing made a request.')
    },
  },
  {
    name: 'get leaves out what was removed',
    needs: ['get', 'remove'],
    body: async ({ rig, get }) => {
      await rig.seed(2)
      const ids = await rig.ids()
      const [victim = ''] = ids
      await rig.remove?.(victim)
      const left = (await get(ids)).map(item => item.id)
      assert.deepEqual(sorted(left), sorted(ids.filter(id => id !== victim)))
    },
  },
  {
    name: 'get and changes tell the same version and the same row of one record',
    needs: ['get', 'changes'],
    body: async ({ rig, get, readAll }) => {
      await rig.seed(3)
      const swept = new Map((await readAll(null, 10)).items.filter(isRow).map(item => [item.id, item]))
      for (const shot of await get(await rig.ids())) assert.deepEqual(shot, swept.get(shot.id))
    },
  },
  {
    name: 'match finds by the exact key and by nothing else',
    needs: ['match', 'keys'],
    body: async ({ rig, entity, session, atLeast }) => {
      const [id = ''] = await atLeast(3)
      const keys = Object.entries((await rig.keys?.(id)) ?? {}) as [keyof MatchKeys, string][]
      assert.ok(keys.length > 0, 'The rig gives no keys.')
      for (const [name, value] of keys) {
        const strangers = [`${value}x`, `x${value}`, value.slice(0, -1), value.slice(1), '%', '*', '_']
        const asked: MatchKeys[] = [{ [name]: value }, {}, ...strangers.map(each => ({ [name]: each }))]
        const [found = [], ...others] = (await entity.match?.(session, asked)) ?? []
        assert.equal(others.length, asked.length - 1, 'There is not one list for each of the asked keys.')
        assert.ok(
          found.some(each => each.id === id),
          `${name} ${value} was not found.`,
        )
        const wrong = others.flatMap((list, at) => (list.some(each => each.id === id) ? [asked[at + 1]] : []))
        assert.deepEqual(wrong, [], `the record with ${name} ${value} was also found by`)
      }
    },
  },
  {
    name: 'a file begins as its media type says',
    needs: ['file', 'withFile'],
    body: async ({ rig, entity, session }) => {
      const file = await entity.file?.(session, (await rig.withFile?.()) ?? '')
      assert.ok(file, 'The record has a file, and none came.')
      assert.ok(file.name !== '' && !/[/\\]/.test(file.name), `'${file.name}' cannot name a file.`)
      const start = MAGIC[file.mediaType]
      if (start !== undefined) assert.equal(Buffer.from(file.bytes.slice(0, 4)).toString('latin1'), start)
      assert.ok(file.bytes.length > 0, 'The file is empty.')
    },
  },
]

const MAGIC: Readonly<Record<string, string>> = {
  'application/pdf': '%PDF',
  'image/png': '\u0089PNG',
  'application/zip': 'PK\u0003\u0004',
}
