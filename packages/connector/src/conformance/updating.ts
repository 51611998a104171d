import assert from 'node:assert/strict'
import type { LabFault } from '../lab.ts'
import type { Draft } from './needs.ts'
import { applied, attempt, troubleIn } from './outcomes.ts'
import type { Stage } from './stage.ts'

/** Updates say what a record shall be, so one whose answer was lost is sent again. */
export const updating: readonly Draft[] = [
  {
    name: 'an update with a broken request is told truly, and can be sent again',
    needs: ['write', 'get', 'textOf', 'textUpdates'],
    body: async calm => {
      const start = await updatable(calm)
      const before = calm.lab.seen.length
      applied((await calm.write([start.update]))[0])
      const requests = calm.lab.seen.length - before
      for (const fault of FAULTS)
        for (let skip = 0; skip < requests; skip += 1)
          await broken(await calm.fresh(), fault, skip).catch((error: unknown) => {
            const words = error instanceof Error ? error.message : String(error)
            assert.fail(`With request ${skip + 1} of ${requests} broken (${fault.is}): ${words}`)
          })
    },
  },
]

const FAULTS: readonly LabFault[] = [
  { is: 'lose request' },
  { is: 'lose reply' },
  { is: 'answer after effect', status: 500 },
]

async function broken(stage: Stage, fault: LabFault, skip: number): Promise<void> {
  const { rig, lab, write, texts } = stage
  const { update, textNow } = await updatable(stage)
  const before = await rig.ids()
  lab.next(fault, skip)
  const outcome = await attempt(stage, update)
  const done = (await textNow()) === texts[1]
  const claimed = !(outcome instanceof Error) && outcome.is === 'applied' && outcome.rest === undefined
  assert.ok(done || !claimed, 'The record is unchanged, yet the outcome is applied.')
  assert.notEqual(troubleIn(outcome)?.kind, 'refused', 'A bad line was called the fault of the record.')
  applied((await write([update]))[0])
  assert.equal(await textNow(), texts[1])
  assert.deepEqual(await rig.ids(), before)
}

/** A record of ours, and the update that gives it another text. */
async function updatable({ intend, write, get, row, rig, texts, keyOf }: Stage) {
  const { id } = applied((await write(await intend(texts.slice(0, 1))))[0])
  return {
    update: { key: keyOf(0), id, row: row(texts[1] ?? '') },
    textNow: async () => rig.textOf?.((await get([id]))[0]?.row),
  }
}
