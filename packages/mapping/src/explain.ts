import type { CompiledMapping } from './apply.ts'
import type { CompiledField, Run } from './compile.ts'
import type { Expression, LinkRequest, MappingContext } from './mapping.ts'
import { layerOf, type Layer } from './overlay.ts'
import { inWords } from './words.ts'
import { asWrong, MappingError, nameOf } from './wrong.ts'

/** Why a record has the values that it has. */
export interface Explanation {
  /** What applying the mapping gives; undefined when it cannot be applied. */
  readonly value: unknown
  readonly missing: readonly LinkRequest[]
  readonly fields: readonly ExplainedField[]
  /** Why it cannot be applied, or null. */
  readonly problem: string | null
}

export interface ExplainedField {
  readonly field: string
  readonly layer: Layer
  readonly expression: Expression
  /** 'decimal of price'. */
  readonly words: string
  /** What it looked at, in this order. */
  readonly reads: readonly Read[]
  /** Undefined where the field is left out. */
  readonly outcome: unknown
  /** Why it has no outcome; null when all is well. */
  readonly problem: string | null
}

/** A path of the source. Inside a list it is read once for each item; `values` are the first five. */
export interface Read {
  readonly path: string
  readonly times: number
  readonly values: readonly unknown[]
}

/** Runs the very steps that applying runs, and listens. Never throws. */
export function explainMapping(
  compiled: CompiledMapping,
  row: unknown,
  context: MappingContext,
): Explanation {
  const missing = new Map<string, LinkRequest>()
  const fields = compiled.fields.map(field => explainField(compiled, field, { root: row, context, missing }))
  const waits = { missing: [...missing.values()], fields }
  const failed = fields.find(({ problem }) => problem !== null)
  if (failed) return { ...waits, value: undefined, problem: failed.problem }
  try {
    return { ...waits, value: compiled.assemble(fields.map(({ outcome }) => outcome)) ?? {}, problem: null }
  } catch (error) {
    return { ...waits, value: undefined, problem: messageOf(compiled, error) }
  }
}

function explainField(compiled: CompiledMapping, field: CompiledField, run: Run): ExplainedField {
  const reads: Listened[] = []
  const { name, expression } = field
  const { layer, words } = said(compiled, field)
  let [outcome, problem]: [unknown, string | null] = [undefined, null]
  try {
    const { root, context, missing } = run
    outcome = field.evaluate(root, { root, context, missing, onRead: listener(reads) })
  } catch (error) {
    problem = messageOf(compiled, error)
  }
  return { field: name, layer, expression, words, reads, outcome, problem }
}

interface Listened {
  readonly path: string
  times: number
  readonly values: unknown[]
}

function listener(reads: Listened[]): NonNullable<Run['onRead']> {
  return (path, value) => {
    const known = reads.find(read => read.path === path)
    if (known === undefined) {
      reads.push({ path, times: 1, values: [value] })
      return
    }
    known.times += 1
    if (known.values.length < MOST_VALUES) known.values.push(value)
  }
}

const MOST_VALUES = 5

/** The same for every record: comparing millions of them asks for it each time. */
const known = new WeakMap<CompiledField, { readonly layer: Layer; readonly words: string }>()

function said({ mapping }: CompiledMapping, field: CompiledField) {
  const kept = known.get(field)
  if (kept) return kept
  const made = { layer: layerOf(mapping, field.name), words: inWords(field.expression) }
  known.set(field, made)
  return made
}

function messageOf({ mapping }: CompiledMapping, error: unknown): string {
  return new MappingError(nameOf(mapping), asWrong(error)).message
}
