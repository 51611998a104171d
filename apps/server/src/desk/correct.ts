import { changesBetween, type CorrectedAnswer, type TimelineAnswer } from '@linchpin/api'
import { canonicalOf } from '@linchpin/engine'
import type { Change, RecordKey } from '@linchpin/store'
import { Refusal } from '../http/problem.ts'
import { iso } from '../http/status.ts'
import type { Linchpin } from '../linchpin.ts'
import { corrected, placed } from '../mapping/corrected.ts'
import { shownAt } from '../mapping/shown.ts'
import { withoutSecrets } from './mask.ts'
import { shownWords } from './words.ts'

interface Asked {
  readonly row?: unknown
  readonly set?:
    readonly { readonly path: readonly (string | number)[]; readonly now?: unknown }[] | undefined
  readonly dryRun: boolean
  readonly who: string
  readonly why: string
}

/** What stands in the row and is right is left to its system; only what was changed is kept, with what it was. */
export async function correctAnswer(
  linchpin: Linchpin,
  key: RecordKey,
  asked: Asked,
): Promise<CorrectedAnswer> {
  const { store, desk, changes, now } = linchpin
  const record = await store.record(key)
  if (record === null)
    throw new Refusal(404, 'no-record', `${key.connection} has no ${key.entity} ${key.id} that was read.`)
  if (key.entity === 'Account' && key.id.startsWith('guest:'))
    throw new Refusal(400, 'of-its-order', 'A guest is read from their order. Correct the order.')
  // Whoever edits a whole row never saw its secrets: these are as they were.
  const begins = asked.row === undefined ? record.row : withoutSecrets(record.row)
  const found = changesBetween(begins, editedOf(record.row, key, asked, linchpin))
  const problems = problemsOf(linchpin, key, corrected(record.row, found))
  const told = {
    changes: shownChanges(found, key.entity),
    problems: problems.map(words => shownWords(words, key.entity)),
  }
  if (asked.dryRun) return { ...told, retried: 0 }
  await desk.correct({ ...key, changes: found, who: asked.who, why: asked.why }, now())
  await changes.refresh()
  return { ...told, retried: await tryAgain(linchpin, key, asked.who) }
}

/** Single places are put over what was corrected before. */
function editedOf(
  row: unknown,
  { connection, entity, id }: RecordKey,
  asked: Asked,
  { changes }: Linchpin,
): unknown {
  if (asked.set === undefined) return asked.row ?? row
  const so = changes.corrected(connection, entity, id, row)
  return asked.set.reduce((at, { path, now }) => placed(at, path, now), so)
}

function problemsOf(
  { setup }: Linchpin,
  { connection, entity, id }: RecordKey,
  row: unknown,
): readonly string[] {
  const live = { ...setup.live, corrected: () => row }
  const read = canonicalOf({ ...setup, live }, connection, entity, { id, row })
  return 'problem' in read ? [read.problem] : []
}

/** It is read anew in any case: what is not parked is carried as it is now. */
async function tryAgain({ store, now }: Linchpin, key: RecordKey, who: string): Promise<number> {
  await store.notify([{ ...key, cause: 'person', force: true }], now())
  const { deliveries } = await store.trace([key])
  const parked = deliveries.filter(
    each =>
      each.state === 'parked' &&
      each.from === key.connection &&
      each.entity === key.entity &&
      each.id === key.id,
  )
  let count = 0
  for (const { flow, id } of parked) count += await store.retryParked({ flow, ids: [id] }, who, now())
  return count
}

export function correctionAnswer(
  { changes }: Linchpin,
  { connection, entity, id }: RecordKey,
  revealed: boolean,
): TimelineAnswer['record']['correction'] {
  const found = changes.correctionOf(connection, entity, id)
  if (found === null) return null
  const { who, why, at } = found
  return {
    changes: revealed ? copied(found.changes) : shownChanges(found.changes, entity),
    at: iso(at),
    who,
    why,
  }
}

const copied = (changes: readonly Change[]) => changes.map(each => ({ ...each, path: [...each.path] }))

function shownChanges(changes: readonly Change[], entity: RecordKey['entity']) {
  return copied(changes).map(({ path, was, now }) => {
    const field = path.join('.')
    return { path, was: shownAt(field, was, entity), now: shownAt(field, now, entity) }
  })
}
