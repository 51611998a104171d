import type { Expression, Mapping } from './mapping.ts'
import { inWords } from './words.ts'

/** A record that could not be mapped: the mapping, the target field, how it is found, and the value that is wrong. */
export class MappingError extends Error {
  override readonly name = 'MappingError'
  /** 'woocommerce.SalesOrder → SalesOrder'. */
  readonly mapping: string
  /** 'lines[2].quantity'. Empty when it is not about one field. */
  readonly field: string
  /** What is wrong, without saying where. */
  readonly words: string
  readonly expression: Expression | null
  readonly value: unknown

  constructor(mapping: string, wrong: Wrong) {
    const field = wrong.trail
      .map(at => (typeof at === 'number' ? `[${at}]` : `.${at}`))
      .join('')
      .slice(1)
    const by =
      wrong.expression === null || typeof wrong.expression === 'string'
        ? ''
        : ` (${inWords(wrong.expression)})`
    super(`${mapping}${field === '' ? '' : `, field ${field}`}: ${wrong.message}${by}`, {
      cause: wrong.cause,
    })
    this.mapping = mapping
    this.field = field
    this.words = wrong.message
    this.expression = wrong.expression
    this.value = wrong.value
  }
}

export function nameOf({ from, to }: Pick<Mapping, 'from' | 'to'>): string {
  return `${from} → ${to}`
}

/** A MappingError in the making: on its way up it learns where it happened. */
export class Wrong extends Error {
  readonly value: unknown
  expression: Expression | null
  /** Target fields as the mapping writes them, and places in lists. */
  readonly trail: (string | number)[] = []

  constructor(words: string, value: unknown, expression: Expression | null = null, cause?: unknown) {
    super(words, { cause })
    this.value = value
    this.expression = expression
  }
}

/** Adds where it happened. */
export function wrongAt(at: string | number, error: unknown, expression: Expression | null = null): Wrong {
  const wrong = asWrong(error)
  wrong.trail.unshift(at)
  wrong.expression ??= expression
  return wrong
}

export function asWrong(error: unknown): Wrong {
  if (error instanceof Wrong) return error
  return new Wrong(error instanceof Error ? error.message : 'It cannot be read.', undefined, null, error)
}

/** A value as a person recognises it, at most 60 characters long: '"abc"', '12', 'a list of 3'. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'string')
    return value.length > LONGEST ? `"${value.slice(0, LONGEST)}…"` : `"${value}"`
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
    ? String(value).slice(0, LONGEST)
    : `a ${typeof value}`
}

const LONGEST = 60
