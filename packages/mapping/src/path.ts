import { singleText } from './texts.ts'

/** Where a value stands: `lines[0].id`. Read from the left; `$` is the whole record, `.` the item of an `each`. */
export interface Path {
  readonly text: string
  readonly fromRoot: boolean
  readonly steps: readonly Step[]
}

/** A name in an object, a place in a list, or the first item of a list whose key holds that text. */
export type Step = string | number | Match
export interface Match {
  readonly key: string
  readonly is: string
}

/** Throws a RangeError that says what is wrong with the path. */
export function parsePath(text: string): Path {
  if (text === '.') return { text, fromRoot: false, steps: [] }
  const fromRoot = /^\$($|[.[])/.test(text)
  const steps = fromRoot ? stepsIn(text, 1) : stepsIn(text, 0)
  if (!fromRoot && steps.length === 0)
    throw new RangeError('A path cannot be empty. Write a name, like "id".')
  return { text, fromRoot, steps }
}

/** A path to write to: it starts at the target and has a name first. */
export function parseTarget(text: string): Path {
  const path = parsePath(text)
  if (path.fromRoot || typeof path.steps[0] !== 'string')
    throw new RangeError(`"${text}" cannot be a target field. Start it with a name, like "totals.net".`)
  return path
}

/** Undefined for what is not there and for null. Only an object's own names count. */
export function readPath(path: Path, item: unknown, root: unknown): unknown {
  let value = path.fromRoot ? root : item
  for (const step of path.steps) {
    value = valueAt(value, step)
    if (value === undefined || value === null) return undefined
  }
  return value ?? undefined
}

function valueAt(value: unknown, step: Step): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  if (typeof step === 'string')
    return !Array.isArray(value) && Object.hasOwn(value, step)
      ? (value as Record<string, unknown>)[step]
      : undefined
  if (!Array.isArray(value)) return undefined
  return typeof step === 'number' ? value[step] : value.find(each => matches(each, step))
}

/** Ids are numbers in one system and texts in the next, so keys are compared as texts. */
export function matches(item: unknown, { key, is }: Match): boolean {
  return singleText(valueAt(item, key)) === is
}

/** 'lines', 0, 'id' → 'lines[0].id'. */
export function pathText(steps: readonly Step[]): string {
  return steps.map(stepText).join('').replace(/^\./, '')
}

function stepText(step: Step): string {
  if (typeof step === 'number') return `[${step}]`
  if (typeof step === 'object') return `[${step.key}=${step.is}]`
  return /[.[\]]/.test(step) ? `["${step}"]` : `.${step}`
}

const NAME = /\.?([^.[\]]+)/y
const PLACE = /\[(\d{1,6})\]/y
const QUOTED = /\["([^"]+)"\]/y
const MATCH = /\[([^.[\]=]+)=([^\]]*)\]/y
const LONGEST = 300

function stepsIn(text: string, start: number): Step[] {
  if (text.length > LONGEST) throw new RangeError(`A path has at most ${LONGEST} characters.`)
  const steps: Step[] = []
  let at = start
  while (at < text.length) {
    const found = stepAt(text, at, steps.length === 0 && start === 0)
    if (found === null) throw new RangeError(badPath(text, at))
    steps.push(found.step)
    at = found.end
  }
  return steps
}

function stepAt(
  text: string,
  at: number,
  first: boolean,
): { readonly step: Step; readonly end: number } | null {
  const dotted = text[at] === '.'
  const name = dotted === !first ? read(NAME, text, at) : null
  if (name) return { step: safe(name[1] ?? '', text), end: NAME.lastIndex }
  const place = read(PLACE, text, at)
  if (place) return { step: Number(place[1]), end: PLACE.lastIndex }
  const quoted = read(QUOTED, text, at)
  if (quoted) return { step: safe(quoted[1] ?? '', text), end: QUOTED.lastIndex }
  const match = read(MATCH, text, at)
  return match && { step: { key: safe(match[1] ?? '', text), is: match[2] ?? '' }, end: MATCH.lastIndex }
}

function read(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

// These names reach what all objects share; a row or a target has no business there.
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype'])

function safe(name: string, path: string): string {
  if (FORBIDDEN.has(name)) throw new RangeError(`"${path}" names ${name}, which no mapping may touch.`)
  if (name.trim() !== name) throw new RangeError(`"${path}" has a blank beside a name. Take it out.`)
  return name
}

function badPath(text: string, at: number): string {
  return `"${text}" is not a path (character ${at + 1}). Paths look like billing.email, lines[0].id or meta_data[key=po].value.`
}
