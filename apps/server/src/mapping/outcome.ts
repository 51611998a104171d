import type { Explanation } from '@linchpin/mapping'
import type { EntityName } from '@linchpin/model'
import { dotted } from '../desk/mask.ts'
import { shownAt } from './shown.ts'

type Reads = Explanation['fields'][number]['reads']

/**
 * What a mapping made, as whoever has no right to personal data may see it: judged by the field that it stands in, and by
 * what it was made of. An expression of one's own can carry a name into a field that is not called so.
 */
export function shownOutcome(field: string, value: unknown, reads: Reads, entity: EntityName): unknown {
  return byOrigin(shownAt(field, value, entity), reads, entity)
}

/** The same for the place of this field in the whole result. */
export function hiddenIn(result: unknown, field: string, reads: Reads, entity: EntityName): unknown {
  return at(result, stepsOf(field), value => byOrigin(value, reads, entity))
}

const stepsOf = (field: string) => field.split(/[.[\]]+/).filter(step => step !== '')

function at(value: unknown, steps: readonly string[], change: (value: unknown) => unknown): unknown {
  const [step, ...rest] = steps
  if (step === undefined) return change(value)
  if (Array.isArray(value)) return value.map(each => at(each, steps, change))
  if (typeof value !== 'object' || value === null || !(step in value)) return value
  return { ...value, [step]: at((value as Record<string, unknown>)[step], rest, change) }
}

/** Shorter ones stand in other words by chance. */
const LEAST = 3

function byOrigin(value: unknown, reads: Reads, entity: EntityName): unknown {
  const found = reads.flatMap(({ path, values }) =>
    values.map(each => ({
      whole: typeof each !== 'object',
      texts: hiddenTexts(each, shownAt(path, each, entity)),
    })),
  )
  if (found.some(({ whole, texts }) => whole && texts.length > 0)) return dotted(value)
  const texts = found.flatMap(each => each.texts).filter(text => text.length >= LEAST)
  return texts.length === 0 ? value : without(value, texts)
}

/** The texts that are masked in the one and open in the other. */
function hiddenTexts(open: unknown, shown: unknown): readonly string[] {
  if (typeof open === 'string' || typeof open === 'number') return open === shown ? [] : [String(open)]
  if (typeof open !== 'object' || open === null) return []
  return Object.entries(open).flatMap(([name, each]) =>
    hiddenTexts(each, (shown as Record<string, unknown> | null)?.[name]),
  )
}

function without(value: unknown, texts: readonly string[]): unknown {
  if (typeof value === 'string') return texts.some(text => value.includes(text)) ? dotted(value) : value
  if (Array.isArray(value)) return value.map(each => without(each, texts))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, without(each, texts)]))
}
