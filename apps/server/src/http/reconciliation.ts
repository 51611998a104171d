import type { ReconciliationAnswer } from '@linchpin/api'
import type { Reconciliation } from '@linchpin/engine'
import { shownLabel } from '../desk/head.ts'
import { shownWords } from '../desk/words.ts'
import { shownAt } from '../mapping/shown.ts'
import { iso, toldAnswer } from './status.ts'

/** Differences name fields of people, too: whoever needs them unmasked says why, record by record. */
export function reconciliationAnswer({
  endedAt: _ended,
  oldestAt: _oldest,
  ...found
}: Reconciliation): ReconciliationAnswer {
  const discrepancies = found.discrepancies.map(({ since, fields, ...each }) => ({
    ...each,
    label: shownLabel({ entity: each.entity, id: each.id ?? each.targetId }, each.label),
    words: shownWords(each.words, each.entity),
    fields: fields.map(({ field, ours, theirs, owner }) => ({
      field,
      ours: shownAt(field, ours, each.entity),
      theirs: shownAt(field, theirs, each.entity),
      owner,
    })),
    since: iso(since),
  }))
  return { ...found, told: toldAnswer(found.told), kinds: { ...found.kinds }, discrepancies }
}
