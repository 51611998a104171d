import assert from 'node:assert/strict'
import type { Outcome } from '../connector.ts'
import { Problem } from '../problem.ts'
import type { Draft } from './needs.ts'
import { attempt, messagesOf, troubleIn } from './outcomes.ts'
import type { Stage } from './stage.ts'

/** Writing to a remote that does not want to hear us now. */
export const refusing: readonly Draft[] = [
  {
    name: 'a write that is told to wait is not sent, and says for how long',
    needs: ['write'],
    body: async stage => {
      const problem = await refused(stage, 429)
      assert.deepEqual([problem.kind, problem.retryAfterMs], ['busy', 7000])
    },
  },
  {
    name: 'a write that is not let in is trouble with signing in, not the fault of the record',
    needs: ['write'],
    body: async stage => assert.equal((await refused(stage, 401)).kind, 'login'),
  },
  {
    name: 'told to wait, a call stops asking',
    needs: ['write', 'severalAtOnce'],
    body: async ({ lab, texts, intend, writer, session }) => {
      const writes = await intend(texts.slice(0, Math.min(writer?.batch ?? 1, 5, texts.length)))
      lab.always({ is: 'answer', status: 429, headers: { 'retry-after': '7' } })
      const before = lab.seen.length
      const outcomes = (await writer?.write(session, writes).catch(() => [])) ?? []
      const asked = lab.seen.length - before
      assert.ok(asked <= 2, `It was told to wait, and asked ${asked - 1} more times.`)
      assert.ok(outcomes.every(outcome => outcome.is === 'refused' && outcome.problem.kind === 'busy'))
    },
  },
  {
    name: 'no outcome tells a secret, even when the remote repeats it',
    needs: ['write'],
    body: async stage => {
      const { rig, lab, texts, intend } = stage
      const [write] = await intend(texts.slice(0, 1))
      assert.ok(write)
      const told: string[] = []
      for (const status of [400, 401, 403, 422, 500, 200]) {
        const message = `The key ${rig.secret} is not right.`
        lab.always({ is: 'answer', status, body: JSON.stringify({ code: 'bad', message }) })
        told.push(...messagesOf(troubleIn(await attempt(stage, write))))
      }
      assert.ok(told.length > 0, 'Nothing that the remote answered was trouble.')
      assert.deepEqual(
        told.filter(line => line.includes(rig.secret)),
        [],
      )
    },
  },
  {
    // Reasons leave the house in alerts, without what stands in quotation marks.
    name: 'what is said of a refused account names nobody outside quotation marks',
    needs: ['account', 'write'],
    body: async stage => {
      const { rig, lab, intend, atLeast, keyOf, row } = stage
      const [write] = await intend(['Vogelsang "Tilly"'])
      const [gone = ''] = await atLeast(1)
      await rig.remove?.(gone)
      assert.ok(write)
      const update = { key: keyOf(0), id: gone, row: row('Vogelsang "Tilly"') }
      const told = [wordsOf(await attempt(stage, update))]
      const bad = rig.badRow?.()
      if (bad !== undefined) told.push(wordsOf(await attempt(stage, { ...write, row: bad })))
      for (const status of [400, 404, 422, 200]) {
        lab.always({ is: 'answer', status, body: JSON.stringify({ code: 'bad', message: 'Not like this.' }) })
        told.push(wordsOf(await attempt(stage, write)), wordsOf(await attempt(stage, update)))
      }
      assert.ok(told.join('') !== '', 'Nothing was refused.')
      const names = [write.row, bad].flatMap(namesIn)
      const bare = told.map(each => each.replace(/"[^"]*"/g, ''))
      assert.deepEqual(
        bare.filter(each => wordsIn(each).some(word => names.includes(word))),
        [],
      )
    },
  },
]

/** The words of all that a row calls a name or an e-mail address. */
function namesIn(row: unknown): readonly string[] {
  const words: string[] = []
  JSON.stringify(row, (field, value: unknown) => {
    if (/name|mail/i.test(field) && typeof value === 'string') words.push(...wordsIn(value))
    return value
  })
  return words
}

const wordsIn = (text: string): readonly string[] => text.match(/[\p{L}\p{N}@.-]{3,}/gu) ?? []

/** What a person reads of what went wrong; nothing when all went well. */
function wordsOf(outcome: Outcome | Problem): string {
  if (outcome instanceof Problem) return outcome.message
  return (outcome.is === 'applied' ? outcome.rest?.message : outcome.problem.message) ?? ''
}

/** The Problem that a write ends in while everything is answered like this. */
async function refused(stage: Stage, status: 401 | 429): Promise<Problem> {
  const { lab, texts, intend } = stage
  const [write] = await intend(texts.slice(0, 1))
  assert.ok(write)
  lab.always({ is: 'answer', status, headers: { 'retry-after': '7' }, body: '{}' })
  const outcome = await attempt(stage, write)
  if (outcome instanceof Problem) return outcome
  return outcome.is === 'refused' ? outcome.problem : assert.fail(`The outcome is ${outcome.is}.`)
}
