import assert from 'node:assert/strict'
import type { Cursor, Outcome, Page, Snapshot, Write } from '../connector.ts'
import { labStart, makeLab } from '../lab.ts'
import { entityOf } from './needs.ts'
import type { MakeRig } from './rig.ts'
import { unwatched } from './traps.ts'

export type Stage = Awaited<ReturnType<typeof openStage>>

/** A rig with its own lab and an open session, and the verbs that checks are written in. */
export async function openStage(makeRig: MakeRig) {
  const clock = { now: labStart }
  const rig = makeRig(() => clock.now)
  const lab = makeLab((url, init) => unwatched(() => rig.remote(url, init)), clock)
  const entity = entityOf(rig)
  const { writer } = entity
  const session: unknown = await rig.connector.open(rig.settings, lab)
  const texts = rig.texts ?? [...PLAIN, ...HOSTILE]

  const changes = async (after: Cursor | null, limit: number): Promise<Page<unknown>> =>
    entity.changes?.(session, after, limit) ?? missing('changes')
  const get = async (ids: readonly string[]): Promise<readonly Snapshot<unknown>[]> =>
    entity.get?.(session, ids) ?? missing('get')
  const row = (text: string): unknown => rig.row?.(text) ?? missing('row')
  /** An intent to make, or for a writer that only updates, to change the record of that turn, to carry this text. */
  const intend = async (wanted: readonly string[]): Promise<Write<unknown>[]> => {
    const ids = writer?.updatesOnly === true ? await atLeast(wanted.length) : []
    return wanted.map((text, turn) => ({ key: keyOf(turn), id: ids[turn] ?? null, row: row(text) }))
  }
  const atLeast = async (count: number): Promise<readonly string[]> => {
    const there = (await rig.ids()).length
    if (there < count) await rig.seed(count - there)
    return rig.ids()
  }
  const keyOf = (turn: number) => `shop/${rig.entity}/${1001 + turn}`
  const write = async (writes: readonly Write<unknown>[]): Promise<readonly Outcome[]> => {
    if (!writer) return missing('writer')
    const outcomes: Outcome[] = []
    for (let at = 0; at < writes.length; at += writer.batch)
      outcomes.push(...(await writer.write(session, writes.slice(at, at + writer.batch))))
    return outcomes
  }
  return {
    rig,
    lab,
    session,
    entity,
    writer,
    texts,
    changes,
    get,
    row,
    intend,
    atLeast,
    keyOf,
    write,
    /** Another rig of the same kind, in its first state. */
    fresh: () => openStage(makeRig),
    /** Any reading: for checks to which it is all one. */
    read: async () => (entity.changes ? changes(null, 10) : get(await atLeast(1))),
    find: async (writes: readonly Write<unknown>[]) =>
      writer?.repeat === 'find' ? writer.find(session, writes) : missing('find'),
    health: () => rig.connector.health(session),
    /** Another session of the same settings, as after a restart. */
    reopen: (): Promise<unknown> => rig.connector.open(rig.settings, lab),
    /** All pages to the end, and the cursor there. */
    readAll: async (from: Cursor | null, limit: number) => {
      const pages: Page<unknown>[] = []
      let after = from
      for (let turn = 0; turn < 100; turn += 1) {
        const page = await changes(after, limit)
        pages.push(page)
        after = page.next
        if (!page.more) return { pages, last: page.next, items: pages.flatMap(each => each.items) }
      }
      return assert.fail('A hundred pages of a handful of records: the cursor does not move.')
    },
  }
}

const PLAIN = ['one', 'two', 'three', 'four', 'five']

/** What people type, and what breaks remotes: numbers that are none, emoji, combining marks, markup, edges, length. */
const HOSTILE = [
  '007',
  '1e5',
  '😈',
  'a\u0301',
  '<b>&amp;</b>',
  'O\'Neill \\ "quoted"',
  ' edge ',
  '\u202eRTL',
  '{{7*7}} %s ${x}',
  'x'.repeat(2000),
]

export const idsOf = (items: readonly { readonly id: string }[]): string[] =>
  [...new Set(items.map(item => item.id))].toSorted()

export const sorted = (texts: readonly string[]): string[] => texts.toSorted()

export function isRow(item: Page<unknown>['items'][number]): item is Snapshot<unknown> {
  return !('gone' in item)
}

function missing(what: string): never {
  throw new Error(`The check asks for ${what}, which is not there: its list of needs is wrong.`)
}
