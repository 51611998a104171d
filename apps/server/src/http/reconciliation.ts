import type { ReconciliationAnswer } from '@linchpin/api'
import type { Reconciliation } from '@linchpin/engine'
import { withoutMail } from '../desk/mask.ts'
import { shownAt } from '../mapping/shown.ts'
import type { Actor } from '../people/actor.ts'
import { iso } from './status.ts'

/** What a comparison found, as whoever asks may see it: differences name fields of people, too. */
export function reconciliationAnswer(
  { endedAt: _ended, oldestAt: _oldest, ...found }: Reconciliation,
  { rights }: Pick<Actor, 'rights'>,
): ReconciliationAnswer {
  const isPlain = rights.includes('reveal')
  const discrepancies = found.discrepancies.map(({ since, fields, words, ...each }) => ({
    ...each,
    words: isPlain ? words : withoutMail(words),
    fields: isPlain
      ? [...fields]
      : fields.map(({ field, ours, theirs, owner }) => ({
          field,
          ours: shownAt(field, ours),
          theirs: shownAt(field, theirs),
          owner,
        })),
    since: iso(since),
  }))
  return { ...found, kinds: { ...found.kinds }, discrepancies }
}
