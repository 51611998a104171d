import assert from 'node:assert/strict'
import type { Draft } from './needs.ts'
import { reachesOf } from './traps.ts'
import type { Stage } from './stage.ts'

/** What a connector may touch, and how hard. */
export const world: readonly Draft[] = [
  {
    name: 'it never asks more at once than it says that the remote can bear',
    needs: [],
    body: async stage => {
      const everything = await prepared(stage)
      await everything()
      const { atOnce } = stage.rig.connector.limits
      const most = stage.lab.mostAtOnce()
      assert.ok(most <= atOnce, `${most} requests were under way at once, and the limit is ${atOnce}.`)
    },
  },
  {
    name: 'it touches the world only through io: no clock, no chance, no network and no timer of its own',
    needs: [],
    body: async stage => assert.deepEqual(await reachesOf(await prepared(stage)), []),
  },
]

/** All that can be asked of this entity, once; what the rig does for it is done before. */
async function prepared(stage: Stage): Promise<() => Promise<void>> {
  const { rig, entity, texts, session } = stage
  const ids = await stage.atLeast(9)
  const keys = rig.keys && entity.match ? await Promise.all(ids.map(rig.keys)) : []
  const writes = rig.row && stage.writer ? await stage.intend(texts.slice(0, Math.min(4, texts.length))) : []
  return async () => {
    await stage.reopen()
    await stage.health()
    if (entity.changes) await stage.readAll(null, 4)
    await entity.get?.(session, ids)
    if (keys.length > 0) await entity.match?.(session, keys)
    if (writes.length > 0) await stage.write(writes)
  }
}
