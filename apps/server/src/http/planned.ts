import type { MatchedAnswer, PlannedAnswer } from '@linchpin/api'
import type { Matched, PlannedStep } from '@linchpin/engine'
import type { EntityName } from '@linchpin/model'
import { shownLabel } from '../desk/head.ts'
import { masked, ownOf, withoutMail } from '../desk/mask.ts'
import { shownWords } from '../desk/words.ts'
import { shownAt } from '../mapping/shown.ts'

export function plannedAnswer(step: PlannedStep): PlannedAnswer {
  return { ...step, fields: [...step.fields] }
}

/** As whoever has no right to personal data may see it. */
export const maskedPlan =
  (entity: EntityName) =>
  (step: PlannedStep): PlannedAnswer => ({
    ...step,
    key: withoutMail(step.key),
    label: shownLabel({ entity, id: step.id }, step.label),
    words: shownWords(step.words, entity, ownOf(step.row, entity)),
    row: masked(step.row, entity),
    fields: step.fields.map(each => ({
      ...each,
      ours: shownAt(each.field, each.ours, entity),
      theirs: shownAt(each.field, each.theirs, entity),
    })),
  })

export function matchedAnswer(each: Matched): MatchedAnswer {
  return { ...each, candidates: [...each.candidates] }
}

/** As whoever has no right to personal data may see it. */
export const maskedMatch =
  (entity: EntityName) =>
  ({ id, is, label, words, candidates }: Matched): MatchedAnswer => ({
    id,
    is,
    label: shownLabel({ entity, id }, label),
    words: shownWords(words, entity),
    candidates: candidates.map(each => ({
      id: each.id,
      label: shownLabel({ entity, id: each.id }, each.label),
      by: withoutMail(each.by),
    })),
  })
