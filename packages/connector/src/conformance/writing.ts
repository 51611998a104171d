import assert from 'node:assert/strict'
import type { Draft } from './needs.ts'
import { applied } from './outcomes.ts'
import { idsOf, isRow } from './stage.ts'

export const writing: readonly Draft[] = [
  {
    name: 'every write gets one outcome, in order, and no write makes no request',
    needs: ['write'],
    body: async ({ lab, texts, intend, write, writer, session }) => {
      const writes = await intend(texts.slice(0, 3))
      const outcomes = await write(writes)
      assert.deepEqual(
        outcomes.map(outcome => outcome.key),
        writes.map(({ key }) => key),
      )
      const before = lab.seen.length
      assert.deepEqual(await writer?.write(session, []), [])
      assert.equal(lab.seen.length, before, 'Writing nothing made a request.')
    },
  },
  {
    name: 'a row that the rig calls valid satisfies the schema of the writer',
    needs: ['write'],
    body: async ({ rig, texts, row, writer }) => {
      const rows = [...texts.map(row), ...(rig.rowWithoutText ? [rig.rowWithoutText()] : [])]
      for (const each of rows) {
        const parsed = writer?.schema.safeParse(each)
        assert.ok(parsed?.success, `${JSON.stringify(each)}: ${parsed?.error?.message ?? ''}`)
      }
    },
  },
  {
    name: 'each create makes one record, under the id that we are told',
    needs: ['create'],
    body: async ({ rig, texts, intend, write }) => {
      const before = await rig.ids()
      const outcomes = await write(await intend(texts.slice(0, 3)))
      const made = (await rig.ids()).filter(id => !before.includes(id))
      assert.deepEqual(idsOf(outcomes.map(applied)), made.toSorted())
    },
  },
  {
    name: 'one refused row does not take its neighbours with it',
    needs: ['write', 'badRow'],
    body: async ({ rig, texts, intend, write }) => {
      const [first, second, third] = await intend(texts.slice(0, 3))
      assert.ok(first && second && third)
      const before = (await rig.ids()).length
      const outcomes = await write([first, { ...second, row: rig.badRow?.() }, third])
      assert.deepEqual(
        outcomes.map(outcome => outcome.is),
        ['applied', 'refused', 'applied'],
      )
      const [, bad] = outcomes
      assert.ok(
        bad?.is === 'refused' && ['refused', 'settings'].includes(bad.problem.kind),
        'of another kind',
      )
      const creates = [first, third].filter(each => each.id === null).length
      assert.equal((await rig.ids()).length, before + creates, 'The refused row left something behind.')
    },
  },
  {
    name: 'text comes back exactly as it was written',
    needs: ['write', 'get', 'textOf'],
    body: async ({ rig, texts, intend, write, get }) => {
      const ids = (await write(await intend(texts))).map(outcome => applied(outcome).id)
      const found = new Map((await get(ids)).map(item => [item.id, rig.textOf?.(item.row)]))
      assert.deepEqual(
        ids.map(id => found.get(id)),
        texts,
      )
    },
  },
  {
    name: 'a field left out of an update stays as it was',
    needs: ['write', 'get', 'textOf', 'rowWithoutText'],
    body: async ({ rig, texts, intend, write, get, keyOf }) => {
      const { id } = applied((await write(await intend(texts.slice(0, 1))))[0])
      applied((await write([{ key: keyOf(0), id, row: rig.rowWithoutText?.() }]))[0])
      assert.equal(rig.textOf?.((await get([id]))[0]?.row), texts[0])
    },
  },
  {
    name: 'an update changes the record that it names and makes no other',
    needs: ['write', 'get', 'textOf', 'textUpdates'],
    body: async ({ rig, lab, texts, intend, write, get, row, keyOf }) => {
      const [one, two] = (await write(await intend(texts.slice(0, 2)))).map(outcome => applied(outcome).id)
      assert.ok(one !== undefined && two !== undefined)
      const before = await rig.ids()
      lab.advance(2000)
      const [outcome] = await write([{ key: keyOf(0), id: one, row: row(texts[2] ?? '') }])
      assert.equal(applied(outcome).id, one)
      const found = new Map((await get([one, two])).map(item => [item.id, rig.textOf?.(item.row)]))
      assert.deepEqual([found.get(one), found.get(two)], [texts[2], texts[1]])
      assert.deepEqual(await rig.ids(), before)
    },
  },
  {
    name: 'the same update twice changes nothing the second time',
    needs: ['write', 'get'],
    body: async ({ rig, lab, texts, intend, write, get, row, keyOf }) => {
      const { id } = applied((await write(await intend(texts.slice(0, 1))))[0])
      const update = { key: keyOf(0), id, row: row(texts[1] ?? '') }
      applied((await write([update]))[0])
      const [first] = await get([id])
      const before = await rig.ids()
      lab.advance(2000)
      applied((await write([update]))[0])
      assert.equal((await get([id])).length, 1)
      assert.deepEqual(await rig.ids(), before)
      if (rig.textOf) assert.equal(rig.textOf((await get([id]))[0]?.row), rig.textOf(first?.row))
    },
  },
  {
    name: 'updating a record that was removed is refused and makes no new one',
    needs: ['write', 'remove'],
    body: async ({ rig, texts, atLeast, write, row, keyOf }) => {
      const [victim = ''] = await atLeast(1)
      await rig.remove?.(victim)
      const before = await rig.ids()
      const [outcome] = await write([{ key: keyOf(0), id: victim, row: row(texts[0] ?? '') }])
      assert.equal(outcome?.is, 'refused')
      assert.deepEqual(await rig.ids(), before)
    },
  },
  {
    name: 'what we wrote shows in get, with the version that we were told',
    needs: ['write', 'get'],
    body: async ({ texts, intend, write, get }) => {
      for (const outcome of (await write(await intend(texts.slice(0, 3)))).map(applied)) {
        const [shot] = await get([outcome.id])
        assert.ok(shot, `Record ${outcome.id} was written and is not there.`)
        if (outcome.version !== null) assert.equal(outcome.version, shot.version)
      }
    },
  },
  {
    name: 'what we wrote shows in changes',
    needs: ['write', 'changes'],
    body: async ({ rig, lab, texts, intend, write, readAll }) => {
      await rig.seed(2)
      const writes = await intend(texts.slice(0, 3))
      const { last } = await readAll(null, 10)
      lab.advance(2000)
      const outcomes = (await write(writes)).map(applied)
      const told = new Map((await readAll(last, 10)).items.filter(isRow).map(item => [item.id, item.version]))
      for (const { id, version } of outcomes) {
        assert.ok(told.has(id), `Record ${id} was written and changes does not tell it.`)
        if (version !== null) assert.equal(told.get(id), version)
      }
    },
  },
  {
    name: 'work that is called off stops soon and says truly what was done',
    needs: ['create'],
    body: async stage => {
      const { rig, lab, texts, intend, write, writer } = stage
      const writes = await intend(texts.slice(0, Math.min(writer?.batch ?? 1, 5)))
      const before = (await rig.ids()).length
      lab.abort(1)
      const asked = lab.seen.length
      const outcomes = await write(writes).catch(() => [])
      const made = (await rig.ids()).length - before
      const admitted = outcomes.filter(outcome => outcome.is !== 'refused').length
      const claimed = outcomes.filter(outcome => outcome.is === 'applied').length
      assert.ok(admitted >= made, `${made} records were made and only ${admitted} of them are admitted.`)
      assert.ok(claimed <= made, `${claimed} records are claimed and only ${made} were made.`)
      const late = lab.seen.length - asked - 1
      assert.ok(late <= 2, `${late} more requests were tried after the work was called off.`)
    },
  },
]
