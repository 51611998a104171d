import assert from 'node:assert/strict'
import type { Cursor } from '../connector.ts'
import type { LabFault } from '../lab.ts'
import type { Problem, ProblemKind } from '../problem.ts'
import type { Draft } from './needs.ts'
import { messagesOf, problemFrom } from './outcomes.ts'
import { idsOf, sorted, type Stage } from './stage.ts'

export const faults: readonly Draft[] = [
  {
    name: 'an answer of 429 carries the time to wait, in seconds or as a date',
    needs: ['read'],
    body: async stage => {
      const date = new Date(stage.lab.now() + 7000).toUTCString()
      for (const wait of ['7', date]) {
        const problem = await failing(stage, {
          is: 'answer',
          status: 429,
          headers: { 'retry-after': wait },
        })
        assert.deepEqual([problem.kind, problem.retryAfterMs], ['busy', 7000], `Retry-After: ${wait}`)
      }
      assert.equal((await failing(stage, { is: 'answer', status: 429 })).kind, 'busy')
    },
  },
  {
    name: 'every failure of the remote becomes a Problem of the right kind',
    needs: ['read'],
    body: async stage => {
      const page = '<html>oops</html>'
      const failures: readonly (readonly [LabFault, ProblemKind])[] = [
        [{ is: 'answer', status: 500, body: page }, 'passing'],
        [{ is: 'answer', status: 502, body: page }, 'passing'],
        [{ is: 'answer', status: 503, body: page }, 'passing'],
        [{ is: 'answer', status: 401, body: page }, 'login'],
        [{ is: 'answer', status: 401, body: '{}' }, 'login'],
        [{ is: 'lose request' }, 'passing'],
        [{ is: 'lose reply' }, 'passing'],
      ]
      for (const [fault, kind] of failures)
        assert.equal((await failing(stage, fault)).kind, kind, JSON.stringify(fault))
    },
  },
  {
    name: 'a web page, half an answer or an empty one is never read as data',
    needs: ['read'],
    body: async stage => {
      for (const body of ['<html>maintenance</html>', '', '[{"id": 1', 'null', '"ok"'])
        assert.notEqual((await failing(stage, { is: 'answer', status: 200, body })).message, '')
      await stage.atLeast(1)
      await failing(stage, { is: 'truncate' })
    },
  },
  {
    name: 'health answers, and does not throw, when the remote is away',
    needs: [],
    body: async ({ lab, health }) => {
      const failures: LabFault[] = [
        { is: 'answer', status: 503 },
        { is: 'lose request' },
        { is: 'answer', status: 200, body: '<html>maintenance</html>' },
      ]
      for (const fault of failures) {
        lab.always(fault)
        const { is, notes } = await health()
        assert.notEqual(is, 'up', JSON.stringify(fault))
        assert.ok(notes.length > 0, 'It does not say what is wrong.')
      }
      lab.always(null)
      assert.equal((await health()).is, 'up')
    },
  },
  {
    name: 'health calls trouble with signing in by its name',
    needs: [],
    body: async ({ lab, health }) => {
      lab.always({ is: 'answer', status: 401, body: '{}' })
      const { is, problem } = await health()
      assert.deepEqual([is === 'up', problem?.kind], [false, 'login'])
    },
  },
  {
    name: 'the secret is in no log line, no note and no error message, even when the remote repeats it',
    needs: ['read'],
    body: async stage => {
      const { rig, lab } = stage
      const told: string[] = []
      await stage.read()
      for (const status of [400, 401, 403, 500, 200]) {
        const body = JSON.stringify({ code: 'bad', message: `The key ${rig.secret} is not right.` })
        lab.always({ is: 'answer', status, body })
        await stage.read().catch((error: unknown) => told.push(...messagesOf(error)))
        const { notes, problem } = await stage.health()
        told.push(...notes, ...messagesOf(problem))
      }
      const secrets = [rig.secret, ...lab.seen.map(each => each.authorization.replace(/^\S+ /, ''))]
      const leaks = [...lab.lines, ...told].filter(line =>
        secrets.some(each => each !== '' && line.includes(each)),
      )
      assert.deepEqual(leaks, [])
    },
  },
  {
    name: 'the secret is never part of an address',
    needs: [],
    body: async stage => {
      const { rig, lab, entity, texts, session } = stage
      await stage.health()
      if (entity.changes ?? entity.get) await stage.read()
      if (rig.row && stage.writer) await stage.write(await stage.intend(texts.slice(0, 1)))
      const urls = lab.seen.map(each => each.url)
      if (entity.url) urls.push(entity.url(session, (await stage.atLeast(1))[0] ?? ''))
      const leaks = urls.filter(
        url => url.includes(rig.secret) || decodeURIComponent(url).includes(rig.secret),
      )
      assert.deepEqual(leaks, [])
    },
  },
  {
    name: 'reading that is called off stops soon, with a Problem',
    needs: ['changes'],
    body: async ({ rig, lab, changes }) => {
      await rig.seed(5)
      lab.abort()
      const before = lab.seen.length
      const problem = await problemFrom(changes(null, 10))
      assert.equal(problem.kind, 'passing')
      assert.ok(lab.seen.length - before <= 2, 'It went on asking.')
    },
  },
  {
    name: 'two sessions of one connector share nothing',
    needs: ['read', 'again'],
    body: async left => {
      const right = await left.fresh()
      await left.rig.seed(3)
      await right.rig.seed(1)
      const session: unknown = await left.rig.connector.open(right.rig.settings, right.lab)
      const asked = left.lab.seen.length
      const readRight = async () =>
        left.entity.changes
          ? firstItems(cursor => left.entity.changes!(session, cursor, 10))
          : ((await left.entity.get?.(session, await right.rig.ids())) ?? [])
      assert.deepEqual(idsOf(await readRight()), sorted(await right.rig.ids()))
      assert.equal(left.lab.seen.length, asked, 'Work of the second session was done by the first.')
      await left.read()
      assert.deepEqual(idsOf(await readRight()), sorted(await right.rig.ids()))
    },
  },
]

/** What the first page holds that is not empty: a remote may gather its answer first. */
async function firstItems<Item>(
  read: (cursor: Cursor | null) => Promise<{ items: readonly Item[]; next: Cursor; more: boolean }>,
): Promise<readonly Item[]> {
  for (let cursor: Cursor | null = null; ;) {
    const page = await read(cursor)
    if (page.items.length > 0 || !page.more) return page.items
    cursor = page.next
  }
}

/** The Problem that reading ends in while the remote misbehaves like this. */
async function failing(stage: Stage, fault: LabFault): Promise<Problem> {
  if (!stage.entity.changes) await stage.atLeast(1)
  stage.lab.always(fault)
  const problem = await problemFrom(stage.read())
  stage.lab.always(null)
  return problem
}
