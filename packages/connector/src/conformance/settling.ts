import assert from 'node:assert/strict'
import type { Outcome, Write } from '../connector.ts'
import type { LabFault } from '../lab.ts'
import { Problem } from '../problem.ts'
import type { Draft } from './needs.ts'
import { applied, attempt, troubleIn } from './outcomes.ts'
import type { Stage } from './stage.ts'

export const settling: readonly Draft[] = [
  {
    name: 'the same create twice makes one record',
    needs: ['create', 'safe'],
    body: async ({ rig, texts, intend, write }) => {
      const before = (await rig.ids()).length
      const writes = await intend(texts.slice(0, 1))
      const [first] = await write(writes)
      const [second] = await write(writes)
      assert.equal(applied(second).id, applied(first).id)
      assert.equal((await rig.ids()).length - before, 1)
    },
  },
  {
    name: 'the same create twice in one call makes one record',
    needs: ['create', 'safe', 'severalAtOnce'],
    body: async ({ rig, texts, intend, write }) => {
      const before = (await rig.ids()).length
      const [create] = await intend(texts.slice(0, 1))
      assert.ok(create)
      const outcomes = await write([create, create])
      assert.equal(applied(outcomes[1]).id, applied(outcomes[0]).id)
      assert.equal((await rig.ids()).length - before, 1)
    },
  },
  {
    name: 'find tells which creates arrived, and only those',
    needs: ['create', 'find'],
    body: async ({ lab, texts, intend, write, find, writer }) => {
      const writes = await intend(texts.slice(0, 3))
      const outcomes = (await write(writes.slice(0, 2))).map(applied)
      if (writer?.repeat === 'find') lab.advance(writer.settleMs)
      const found = await find(writes)
      assert.deepEqual(new Map(found), new Map(outcomes.map(({ key, id }) => [key, id])))
    },
  },
  {
    name: 'a find that fails proves nothing: it throws',
    needs: ['create', 'find'],
    body: async ({ lab, texts, intend, find }) => {
      const writes = await intend(texts.slice(0, 1))
      const failures: LabFault[] = [
        { is: 'answer', status: 500 },
        { is: 'lose request' },
        { is: 'answer', status: 200, body: '<html>maintenance</html>' },
      ]
      for (const fault of failures) {
        lab.always(fault)
        await assert.rejects(find(writes), Problem)
      }
    },
  },
  ...(
    [
      ['that was never sent', { is: 'lose request' }],
      ['whose answer was lost', { is: 'lose reply' }],
      ['that was answered by a 500 though it took effect', { is: 'answer after effect', status: 500 }],
      [
        'that was answered by a web page',
        { is: 'answer after effect', status: 200, body: '<html>Hello</html>' },
      ],
      ['whose answer broke off', { is: 'truncate' }],
    ] as const
  ).flatMap(([what, fault]): Draft[] => [
    {
      name: `a create with a request ${what} is told truly`,
      needs: ['create'],
      body: async stage => eachRequest(stage, fault, tellsTruly),
    },
    {
      name: `a create with a request ${what} can be settled, and then is there once`,
      needs: ['create', 'settles'],
      body: async stage => eachRequest(stage, fault, endsAsOne),
    },
  ]),
  {
    // A call that carries several creates can lose the answer to one and keep that of the others.
    name: 'of two creates in one call, one of whose answers was lost, each is told truly and made once',
    needs: ['create', 'severalAtOnce', 'settles'],
    body: async calm => {
      const start = calm.lab.seen.length
      await calm.write(await calm.intend(calm.texts.slice(0, 2)))
      const requests = calm.lab.seen.length - start
      for (let skip = 0; skip < requests; skip += 1) {
        const stage = await calm.fresh()
        await twoAtOnce(stage, skip).catch((error: unknown) => {
          const words = error instanceof Error ? error.message : String(error)
          assert.fail(`With the answer to request ${skip + 1} of ${requests} lost: ${words}`)
        })
      }
    },
  },
]

async function twoAtOnce(stage: Stage, skip: number): Promise<void> {
  const writes = await stage.intend(stage.texts.slice(0, 2))
  const before = (await stage.rig.ids()).length
  stage.lab.next({ is: 'lose reply' }, skip)
  const outcomes = await stage.write(writes).catch(() => [])
  const made = (await stage.rig.ids()).length - before
  const admitted = outcomes.filter(outcome => outcome.is !== 'refused').length
  const claimed = outcomes.filter(outcome => outcome.is === 'applied').length
  assert.ok(admitted >= made, `${made} records are there, and only ${admitted} of them are admitted.`)
  assert.ok(claimed <= made, `${claimed} records are claimed, and only ${made} are there.`)
  for (const [turn, write] of writes.entries()) {
    const outcome = outcomes[turn]
    await settle(stage, write, outcome ?? new Problem('passing', 'The call threw: nothing was sent.'))
  }
  assert.equal((await stage.rig.ids()).length - before, 2, 'Two creates did not make two records.')
}

interface Broken {
  readonly stage: Stage
  readonly write: Write<unknown>
  readonly before: number
  readonly outcome: Outcome | Problem
}

/** Does one create again and again, each time with another of its requests broken, and looks at what came of it. */
async function eachRequest(
  calm: Stage,
  fault: LabFault,
  look: (broken: Broken) => Promise<void>,
): Promise<void> {
  const start = calm.lab.seen.length
  applied((await calm.write(await calm.intend(calm.texts.slice(0, 1))))[0])
  const requests = calm.lab.seen.length - start
  assert.ok(requests > 0, 'The create made no request.')
  for (let skip = 0; skip < requests; skip += 1) {
    const stage = await calm.fresh()
    const [write] = await stage.intend(stage.texts.slice(0, 1))
    assert.ok(write)
    const before = (await stage.rig.ids()).length
    stage.lab.next(fault, skip)
    const outcome = await attempt(stage, write)
    await look({ stage, write, before, outcome }).catch((error: unknown) => {
      const words = error instanceof Error ? error.message : String(error)
      assert.fail(`With request ${skip + 1} of ${requests} broken: ${words}`)
    })
  }
}

async function tellsTruly({ stage, before, outcome }: Broken): Promise<void> {
  const made = (await stage.rig.ids()).length - before
  const is = outcome instanceof Problem ? 'thrown' : outcome.is
  assert.ok(made <= 1, `${made} records came of one create.`)
  if (made === 1)
    assert.ok(is === 'applied' || is === 'unknown', `The record is there, yet the outcome is ${is}.`)
  else assert.notEqual(is, 'applied', 'No record is there, yet the outcome is applied.')
  if (is === 'refused')
    assert.notEqual(troubleIn(outcome)?.kind, 'refused', 'A bad line was called the fault of the record.')
}

async function endsAsOne({ stage, write, before, outcome }: Broken): Promise<void> {
  const id = await settle(stage, write, outcome)
  const ids = await stage.rig.ids()
  assert.equal(ids.length - before, 1, `${ids.length - before} records came of one create.`)
  assert.ok(ids.includes(id), `The create was told to be ${id}, which is not there.`)
}

/** As the engine goes on after such an outcome. */
async function settle(stage: Stage, write: Write<unknown>, outcome: Outcome | Problem): Promise<string> {
  const again = async (id: string | null) => applied((await stage.write([{ ...write, id }]))[0]).id
  if (outcome instanceof Problem || outcome.is === 'refused') return again(null)
  if (outcome.is === 'applied') return again(outcome.id)
  if (stage.writer?.repeat !== 'find') return again(null)
  stage.lab.advance(stage.writer.settleMs)
  const found = (await stage.find([write])).get(write.key)
  return again(found ?? null)
}
