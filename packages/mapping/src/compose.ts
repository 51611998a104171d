import { isSingle } from './compile.ts'
import type { Condition, Expression, Fields, Json, Mapping } from './mapping.ts'
import { parsePath, parseTarget, pathText, type Path, type Step } from './path.ts'
import {
  rewritten,
  rewrittenCondition,
  rewrittenItem,
  withTables,
  type EachExpression,
  type Rewriting,
} from './rewrite.ts'

/** Why two mappings cannot be made one: the field that it is about, and the place in the canonical record. */
export class NotComposable extends Error {
  override readonly name = 'NotComposable'
}

/**
 * One mapping of two: from one vendor's row to the other's, with nothing in between. Each canonical field that `write`
 * reads is put in as `read` fills it. `own` names canonical fields that no row tells, because Linchpin adds them (what
 * may be promised of a stock): they are read first from the row's own field `linchpin`. Throws NotComposable.
 */
export function composeMappings(read: Mapping, write: Mapping, own: readonly string[] = []): Mapping {
  const scope: Scope = { fields: withTables(read.fields, read.tables ?? {}), root: null, own }
  const fields = withTables(write.fields, write.tables ?? {})
  const composed = Object.entries(fields).map(([name, expression]) => {
    try {
      return [name, within(expression, scope)] as const
    } catch (error) {
      if (error instanceof NotComposable) throw new NotComposable(`${name}: ${error.message}`)
      throw error
    }
  })
  return { from: read.from, to: write.to, fields: Object.fromEntries(composed) }
}

/** Where canonical paths start, and what fills the fields there. */
interface Scope {
  /** Null: what is here is the vendor's own, item for item. */
  readonly fields: Fields | { readonly value: Expression } | null
  /** The whole record's scope; null: this is it. */
  readonly root: Scope | null
  readonly own: readonly string[]
}

const NOTHING: Expression = { constant: null }

function within(expression: Expression, scope: Scope): Expression {
  return rewritten(expression, howIn(scope))
}

function howIn(scope: Scope): Rewriting {
  return {
    path: text => found(parsePath(text), scope),
    template: text => filled(text, scope),
    each: each => overItems(within(each.each, scope), each, scope),
  }
}

/** What fills a canonical path, in the vendor's words. */
function found(path: Path, scope: Scope): Expression {
  if (path.fromRoot && scope.root) return fromRoot(found({ ...path, fromRoot: false }, scope.root))
  const { fields } = scope
  if (fields === null) return path.text
  if (path.steps.length === 0) return isSingle(fields) ? fields.value : { object: fields as Fields }
  if (isSingle(fields)) throw new NotComposable(`${path.text} is inside a single value.`)
  const inner = inFields(path.steps, fields)
  const isOwn = scope.root === null && scope.own.some(each => begins(path.steps, parsePath(each).steps))
  return isOwn ? { first: [`linchpin.${pathText(path.steps)}`, inner] } : inner
}

function inFields(steps: readonly Step[], fields: Fields): Expression {
  const parts: [string, Expression][] = []
  for (const [name, expression] of Object.entries(fields)) {
    const target = parseTarget(name).steps
    if (begins(steps, target)) return further(expression, steps.slice(target.length))
    if (begins(target, steps)) parts.push([pathText(target.slice(steps.length)), expression])
  }
  return parts.length === 0 ? NOTHING : { object: Object.fromEntries(parts) }
}

const begins = (steps: readonly Step[], start: readonly Step[]) =>
  start.length <= steps.length &&
  start.every((step, index) => pathText([step]) === pathText([steps[index] ?? '']))

/** What stands at these steps inside what an expression comes to. */
function further(expression: Expression, steps: readonly Step[]): Expression {
  if (steps.length === 0) return expression
  if (typeof expression === 'string') return longer(expression, steps)
  if ('path' in expression) return longer(expression.path, steps)
  if ('object' in expression) return inFields(steps, expression.object)
  if ('constant' in expression) return { constant: inside(expression.constant, steps) }
  if ('when' in expression) {
    const otherwise = expression.else === undefined ? {} : { else: further(expression.else, steps) }
    return { when: expression.when, then: further(expression.then, steps), ...otherwise }
  }
  if ('first' in expression) return firstOf(expression.first, steps)
  if ('each' in expression) return inItem(expression, steps)
  return NOTHING
}

function longer(path: string, steps: readonly Step[]): string {
  const { fromRoot: isFromRoot, steps: start } = parsePath(path)
  const text = pathText([...start, ...steps])
  if (!isFromRoot) return text
  return text.startsWith('[') ? `$${text}` : `$.${text}`
}

function inside(constant: Json, steps: readonly Step[]): Json {
  let value: Json | undefined = constant
  for (const step of steps) {
    if (typeof step === 'object' || typeof value !== 'object' || value === null) return null
    value = (value as Readonly<Record<string | number, Json>>)[step]
  }
  return value ?? null
}

/** The first that is there decides, also for what it lacks. */
function firstOf(choices: readonly Expression[], steps: readonly Step[]): Expression {
  return choices.reduceRight<Expression>(
    (otherwise, choice) => ({ when: { has: choice }, then: further(choice, steps), else: otherwise }),
    NOTHING,
  )
}

/** `lines[0].id`, of a list that is the vendor's list item for item. */
function inItem({ each, where, as }: EachExpression, [place, ...rest]: readonly Step[]): Expression {
  const list = typeof each === 'string' ? each : 'path' in each ? each.path : null
  if (typeof place !== 'number' || where || list === null)
    throw new NotComposable('one item of a list is asked for, and which one that is in the row is not plain.')
  const item = isSingle(as)
    ? further(as.value, rest)
    : rest.length === 0
      ? { object: as }
      : inFields(rest, as)
  const at = longer(list, [place])
  return moved(item, text => (text === '.' ? at : longer(at, parsePath(text).steps)))
}

/** A list made of a list is a list made of the vendor's list. */
function overItems(list: Expression, wanted: EachExpression, scope: Scope): Expression {
  if (typeof list !== 'string') {
    if ('when' in list) {
      const otherwise = list.else === undefined ? {} : { else: overItems(list.else, wanted, scope) }
      return { when: list.when, then: overItems(list.then, wanted, scope), ...otherwise }
    }
    if ('first' in list) return { first: list.first.map(each => overItems(each, wanted, scope)) }
    if ('each' in list) return overEach(list, wanted, scope)
    if ('constant' in list && list.constant === null) return NOTHING
    if (!('path' in list) && !('constant' in list))
      throw new NotComposable('what it lists is made, not read.')
  }
  return overEach({ each: list, as: { value: '.' } }, wanted, scope, null)
}

function overEach(
  list: EachExpression,
  wanted: EachExpression,
  scope: Scope,
  fields: Scope['fields'] = list.as,
): Expression {
  const inner: Scope = { fields, root: scope.root ?? scope, own: [] }
  const how = howIn(inner)
  const where = both(list.where, wanted.where && rewrittenCondition(wanted.where, how))
  return { each: list.each, ...(where ? { where } : {}), as: rewrittenItem(wanted.as, how) }
}

function both(left: Condition | undefined, right: Condition | undefined): Condition | undefined {
  return left && right ? { all: [left, right] } : (left ?? right)
}

/** The same, asked from inside an item: what started at the row starts at `$` now. */
function fromRoot(expression: Expression): Expression {
  return moved(expression, text => (text === '.' ? '$' : longer('$', parsePath(text).steps)))
}

/** With its paths moved; those that start at `$`, and those inside the items of lists, stand where they stood. */
function moved(expression: Expression, move: (text: string) => string): Expression {
  const how: Rewriting = {
    path: text => (text.startsWith('$') ? text : move(text)),
    template: text => ({
      template: text.replace(/\{([^{}]*)\}/g, (_all, path: string) => `{${how.path(path.trim()) as string}}`),
    }),
    each: ({ each, ...rest }) => ({ ...rest, each: rewritten(each, how) }),
  }
  return rewritten(expression, how)
}

/** A text with canonical values in it. Where such a value is no plain path of the row, the text cannot hold it. */
function filled(template: string, scope: Scope): Expression {
  const [only] = /^\{([^{}]*)\}$/.exec(template)?.slice(1) ?? []
  if (only !== undefined) return found(parsePath(only.trim()), scope)
  const text = template.replace(/\{([^{}]*)\}/g, (_all, path: string) =>
    plainly(found(parsePath(path.trim()), scope), path),
  )
  return { template: text }
}

function plainly(expression: Expression, path: string): string {
  if (typeof expression === 'string') return `{${expression}}`
  if ('path' in expression) return `{${expression.path}}`
  if ('template' in expression) return expression.template
  if ('format' in expression && expression.format === 'text') return plainly(expression.of, path)
  if ('constant' in expression)
    return expression.constant === null ? '' : String(expression.constant as string)
  throw new NotComposable(`a text holds ${path}, which is made, not read.`)
}
