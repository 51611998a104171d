import { checkPath } from './check-path.ts'
import { checkCondition } from './check-condition.ts'
import { formatOf, isSingle, tableOf, type Of, type Tables } from './compile.ts'
import type { Expression, Fields, Json } from './mapping.ts'
import { nearest } from './nearest.ts'
import { itemsOf, kindOf, kindsOf, union, valuesOf, type Kind, type Shape } from './shape.ts'
import { singleText } from './texts.ts'
import { inWords } from './words.ts'
import { shown } from './wrong.ts'

export interface Checking {
  readonly tables: Tables
  readonly declaredOnly: boolean
  readonly complete: boolean
  readonly names: { readonly source: string; readonly target: string }
  readonly fault: (field: string, words: string) => void
  readonly checkFields: (
    fields: Fields,
    scope: Scope,
    target: Shape,
    prefix: string,
    checking: Checking,
  ) => void
}
interface Scope {
  readonly item: Shape
  readonly root: Shape
}
export interface At {
  readonly scope: Scope
  /** What the place takes that the value goes to: any for operands. */
  readonly target: Shape
  readonly field: string
  readonly checking: Checking
}

/** Checks an expression and tells what shape its value has. */
export function checkExpression(expression: Expression, at: At): Shape {
  if (typeof expression === 'string') return fits(pathShape(expression, at), expression, at)
  if ('path' in expression) return fits(pathShape(expression.path, at), expression, at)
  if ('constant' in expression) return checkConstant(expression.constant, expression, at)
  if ('template' in expression) return checkTemplate(expression, at)
  if ('lookup' in expression) return checkLookup(expression, at)
  if ('format' in expression) return checkFormat(expression, at)
  if ('first' in expression) return union(expression.first.map(each => checkExpression(each, at)))
  if ('when' in expression) return checkWhen(expression, at)
  if ('each' in expression) return checkEach(expression, at)
  if ('object' in expression) return checkObject(expression, at)
  if ('calculate' in expression) return checkCalculation(expression, at)
  if ('link' in expression) return checkLink(expression, at)
  at.checking.fault(at.field, `this is no expression: ${JSON.stringify(expression)}.`)
  return 'any'
}

/** Checks a value that is only read; it must be single unless lists are welcome. */
export function checkOperand(expression: Expression, at: At, wanted: readonly Kind[]): Shape {
  const shape = checkExpression(expression, { ...at, target: 'any' })
  const kinds = kindsOf(shape)
  if (kinds && kinds.size > 0 && ![...kinds].some(kind => wanted.includes(kind)))
    at.checking.fault(
      at.field,
      `${inWords(expression)} is ${a(kinds)}; ${a(new Set(wanted))} is needed here.`,
    )
  return shape
}

export const SINGLE: readonly Kind[] = ['text', 'number', 'boolean']
const FIGURE: readonly Kind[] = ['text', 'number']

function pathShape(path: string, { scope, field, checking }: At): Shape {
  return checkPath(path, scope, field, checking)
}

/** Compares what an expression gives with what its target takes. */
function fits(given: Shape, expression: Expression, at: At): Shape {
  const kinds = kindsOf(given)
  const values = valuesOf(given)
  const taken = valuesOf(at.target)
  if (kinds && !fitsKind(kinds, expression, at)) return given
  if (values && taken && !values.some(value => taken.includes(value)))
    at.checking.fault(
      at.field,
      `${inWords(expression)} is one of ${values.map(shown).join(', ')}, and the target takes only ${taken.map(shown).join(', ')}.`,
    )
  return given
}

function fitsKind(
  kinds: ReadonlySet<Kind>,
  expression: Expression,
  { target, field, checking }: At,
): boolean {
  const taken = kindsOf(target)
  if (!taken || taken.size === 0 || kinds.size === 0 || [...kinds].some(kind => taken.has(kind))) return true
  const fix = remedy(kinds, taken)
  checking.fault(field, `${inWords(expression)} gives ${a(kinds)}, and the target takes ${a(taken)}.${fix}`)
  return false
}

function remedy(kinds: ReadonlySet<Kind>, taken: ReadonlySet<Kind>): string {
  if (taken.has('text') && [...kinds].every(kind => SINGLE.includes(kind)))
    return ' Use the format text or decimal.'
  if (taken.has('number') && kinds.has('text')) return ' Use the format number or integer.'
  if (taken.has('boolean') && !kinds.has('list') && !kinds.has('object')) return ' Use the format boolean.'
  if (kinds.has('list') && taken.has('text')) return ' Take one item, or use the format join.'
  return ''
}

function fitsValue(value: Json, { target, field, checking }: At): void {
  const taken = valuesOf(target)
  if (value === null || !taken || taken.includes(value)) return
  const near = nearest(singleText(value) ?? '', taken.map(String))
  checking.fault(
    field,
    `the target does not take ${shown(value)}${near === undefined ? `; it takes ${taken.map(shown).join(', ')}.` : `; the nearest is ${shown(near)}.`}`,
  )
}

function checkConstant(constant: Json, expression: Expression, at: At): Shape {
  const kind = kindOf(constant)
  if (kind === undefined) return []
  if (fitsKind(new Set([kind]), expression, at)) fitsValue(constant, at)
  return literal(kind, constant)
}

function checkTemplate(expression: Of<'template'>, at: At): Shape {
  for (const [, path = ''] of expression.template.matchAll(/\{([^{}]*)\}/g))
    checkOperand(path.trim(), at, SINGLE)
  return fits(ofKind('text'), expression, at)
}

function checkLookup(expression: Of<'lookup'>, at: At): Shape {
  checkOperand(expression.of, at, SINGLE)
  const table = attempt(() => tableOf(expression, at.checking.tables), at)
  const shapes = Object.values(table ?? {}).map(value => checkConstant(value, expression, at))
  const otherwise = expression.else === undefined ? [] : checkExpression(expression.else, at)
  return table ? union([...shapes, otherwise]) : 'any'
}

function checkFormat(expression: Of<'format'>, at: At): Shape {
  const format = attempt(() => formatOf(expression), at)
  if (!format) return 'any'
  const wanted: readonly Kind[] =
    expression.format === 'text'
      ? [...SINGLE, 'object', 'list']
      : expression.format === 'join'
        ? [...SINGLE, 'list']
        : SINGLE
  checkOperand(expression.of, at, wanted)
  for (const [name, value] of Object.entries(expression.with ?? {})) {
    if (!format.settings.includes(name))
      at.checking.fault(at.field, unknownSetting(expression.format, name, format.settings))
    checkOperand(value, at, SINGLE)
  }
  if (expression.format.endsWith('Minor') && expression.with?.['currency'] === undefined)
    at.checking.fault(at.field, `${expression.format} needs the currency: with: { currency: 'currency' }.`)
  return fits(ofKind(format.gives), expression, at)
}

function unknownSetting(format: string, name: string, known: readonly string[]): string {
  return `${format} knows no ${name}; ${known.length === 0 ? 'it takes no settings' : `it takes ${known.join(', ')}`}.`
}

function checkWhen(expression: Of<'when'>, at: At): Shape {
  checkCondition(expression.when, at)
  const then = checkExpression(expression.then, at)
  return expression.else === undefined ? then : union([then, checkExpression(expression.else, at)])
}

function checkEach(expression: Of<'each'>, at: At): Shape {
  const list = checkOperand(expression.each, at, ['list'])
  const scope = { item: itemsOf(list) ?? 'any', root: at.scope.root }
  const target = itemsOf(at.target) ?? 'any'
  if (expression.where) checkCondition(expression.where, { ...at, scope, target: 'any' })
  const shape = fits(ofKind('list'), expression, at)
  if (!isSingle(expression.as)) {
    at.checking.checkFields(expression.as, scope, target, at.field, at.checking)
    return shape
  }
  const item = checkExpression(expression.as.value, { ...at, scope, target })
  return item === 'any' ? shape : listOf(item)
}

function checkObject(expression: Of<'object'>, at: At): Shape {
  const shape = fits(ofKind('object'), expression, at)
  at.checking.checkFields(expression.object, at.scope, onlyObjects(at.target), at.field, at.checking)
  return shape
}

function checkCalculation(expression: Of<'calculate'>, at: At): Shape {
  const wanted: readonly Kind[] = expression.calculate === 'sum' ? [...FIGURE, 'list'] : FIGURE
  for (const operand of expression.of) checkOperand(operand, at, wanted)
  return fits(ofKind('text'), expression, at)
}

function checkLink(expression: Of<'link'>, at: At): Shape {
  checkOperand(expression.of, at, SINGLE)
  for (const key of Object.values(expression.by ?? {})) checkOperand(key, at, SINGLE)
  return fits(ofKind('text'), expression, at)
}

function attempt<Result>(act: () => Result, { field, checking }: At): Result | undefined {
  try {
    return act()
  } catch (error) {
    checking.fault(field, error instanceof Error ? error.message : 'it cannot be read.')
    return undefined
  }
}

const TYPES: Readonly<Record<Kind, string>> = {
  text: 'string',
  number: 'number',
  boolean: 'boolean',
  list: 'array',
  object: 'object',
}

function ofKind(kind: Kind): Shape {
  return partOf({ type: TYPES[kind], ...(kind === 'object' ? { additionalProperties: true } : {}) })
}

function literal(kind: Kind, value: Json): Shape {
  return kind === 'list' || kind === 'object' ? ofKind(kind) : partOf({ type: TYPES[kind], const: value })
}

function listOf(item: Exclude<Shape, 'any'>): Shape {
  const [only] = item
  return only && item.length === 1
    ? [{ ...only, schema: { type: 'array', items: only.schema } }]
    : ofKind('list')
}

function partOf(schema: Readonly<Record<string, unknown>>): Shape {
  return [{ schema, defs: {}, root: schema }]
}

function onlyObjects(shape: Shape): Shape {
  return shape === 'any' ? shape : shape.filter(part => kindsOf([part])?.has('object') ?? true)
}

function a(kinds: ReadonlySet<Kind>): string {
  return [...kinds].map(kind => (kind === 'object' ? 'an object' : `a ${kind}`)).join(' or ')
}
