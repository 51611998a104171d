import assert from 'node:assert/strict'
import type { Cursor, Page } from '../connector.ts'
import type { Draft } from './needs.ts'
import { idsOf, sorted, type Stage } from './stage.ts'

/** Reading while the remote goes on working, and after we were started anew. */
export const moving: readonly Draft[] = [
  {
    name: 'records that change between two pages take no other with them',
    needs: ['changes', 'touch'],
    body: async stage => {
      const { rig, lab, readAll } = stage
      await rig.seed(7)
      const first = await firstPage(stage)
      lab.advance(2000)
      for (const { id } of first.items) await rig.touch?.(id)
      const rest = await readAll(first.next, 2)
      assert.deepEqual(idsOf([...first.items, ...rest.items]), sorted(await rig.ids()))
    },
  },
  {
    name: 'a record that becomes visible later than its stamp says is not lost',
    needs: ['changes', 'touch', 'late'],
    body: async ({ rig, lab, readAll }) => {
      await rig.seed(2)
      const [newest = ''] = await rig.ids()
      lab.advance(60_000)
      await rig.touch?.(newest)
      const { last } = await readAll(null, 10)
      const late = (await rig.late?.()) ?? ''
      assert.ok((await rig.ids()).includes(late), 'The rig names a late record that is not there.')
      assert.ok(idsOf((await readAll(last, 10)).items).includes(late), 'The late record was never told.')
    },
  },
  {
    name: 'a cursor is as good in another session, as after a restart',
    needs: ['changes'],
    body: async stage => {
      const { rig, entity, reopen } = stage
      await rig.seed(5)
      const first = await firstPage(stage)
      const told = [...first.items]
      let [next, more]: [Cursor, boolean] = [first.next, true]
      for (let turn = 0; more && turn < 100; turn += 1) {
        const page = (await entity.changes?.(await reopen(), next, 2)) as Page<unknown>
        told.push(...page.items)
        ;[next, more] = [page.next, page.more]
      }
      assert.deepEqual(idsOf(told), sorted(await rig.ids()))
    },
  },
]

/** The first page that tells something, and all before it. */
async function firstPage({ changes }: Stage): Promise<Page<unknown>> {
  let page = await changes(null, 2)
  for (let turn = 0; page.items.length === 0 && page.more && turn < 100; turn += 1)
    page = await changes(page.next, 2)
  assert.ok(page.items.length > 0, 'Reading from the beginning told nothing.')
  return page
}
