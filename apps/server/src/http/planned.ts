import type { MatchedAnswer, PlannedAnswer } from '@linchpin/api'
import type { Matched, PlannedStep } from '@linchpin/engine'
import { masked, withoutMail, withoutSecrets } from '../desk/mask.ts'
import { shownAt } from '../mapping/shown.ts'
import type { Actor } from '../people/actor.ts'

/** What a step would do, as whoever asks may see it. Its proof is of the whole, so that it can be applied all the same. */
export function plannedAnswer(step: PlannedStep, { rights }: Pick<Actor, 'rights'>): PlannedAnswer {
  if (rights.includes('reveal')) return { ...step, row: withoutSecrets(step.row), fields: [...step.fields] }
  return {
    ...step,
    key: withoutMail(step.key),
    label: step.label && withoutMail(step.label),
    words: withoutMail(step.words),
    row: masked(step.row),
    fields: step.fields.map(({ field, ours, theirs, owner }) => ({
      field,
      ours: shownAt(field, ours),
      theirs: shownAt(field, theirs),
      owner,
    })),
  }
}

export function matchedAnswer(found: Matched, { rights }: Pick<Actor, 'rights'>): MatchedAnswer {
  const shown = (text: string) => (rights.includes('reveal') ? text : withoutMail(text))
  return {
    ...found,
    label: found.label && shown(found.label),
    words: shown(found.words),
    candidates: found.candidates.map(({ id, label, by }) => ({
      id,
      label: label && shown(label),
      by: shown(by),
    })),
  }
}
