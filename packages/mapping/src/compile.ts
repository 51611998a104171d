import { compileCalculation } from './calculate.ts'
import { compileCondition } from './condition.ts'
import { formats, type Format } from './format.ts'
import type { Expression, Fields, Json, LinkRequest, MappingContext, MatchKeys, Table } from './mapping.ts'
import { parsePath, readPath } from './path.ts'
import { nearest } from './nearest.ts'
import { compileTarget } from './target.ts'
import { textOf } from './texts.ts'
import { shown, Wrong, wrongAt } from './wrong.ts'

/** Finds one value; undefined is nothing, and null never comes out. */
export type Evaluate = (item: unknown, run: Run) => unknown
export type Compile = (expression: Expression) => Evaluate

/** One application of a mapping to one record. */
export interface Run {
  readonly root: unknown
  readonly context: MappingContext
  readonly missing: Map<string, LinkRequest>
  /** Told of every path that is read, for those who ask why. */
  readonly onRead?: (path: string, value: unknown) => void
  /** Told of every value that a table of the mapping was asked for, and whether it has it. */
  readonly onLookup?: (table: string, value: string, has: boolean) => void
}

export interface CompiledField {
  /** The target field as the mapping writes it. */
  readonly name: string
  readonly expression: Expression
  readonly evaluate: Evaluate
}

export type Tables = Readonly<Record<string, Table>>
export type Of<Key extends string> = Extract<Exclude<Expression, string>, { readonly [key in Key]: unknown }>

export function compileFields(fields: Fields, tables: Tables): readonly CompiledField[] {
  return Object.entries(fields).map(([name, expression]) => compileField(name, expression, tables))
}

function compileField(name: string, expression: Expression, tables: Tables): CompiledField {
  try {
    const evaluate = compileExpression(expression, tables)
    return { name, expression, evaluate: toldAt(name, expression, evaluate) }
  } catch (error) {
    throw wrongAt(name, error, expression)
  }
}

function toldAt(name: string, expression: Expression, evaluate: Evaluate): Evaluate {
  return (item, run) => {
    try {
      return evaluate(item, run)
    } catch (error) {
      throw wrongAt(name, error, expression)
    }
  }
}

/** Throws a RangeError or Wrong when the expression is none. */
export function compileExpression(expression: Expression, tables: Tables): Evaluate {
  const compile: Compile = inner => compileExpression(inner, tables)
  if (typeof expression === 'string') return compilePath(expression)
  if ('path' in expression) return compilePath(expression.path)
  if ('constant' in expression) return compileConstant(expression.constant)
  if ('template' in expression) return compileTemplate(expression)
  if ('lookup' in expression) return compileLookup(expression, tables, compile)
  if ('format' in expression) return compileFormat(expression, compile)
  if ('first' in expression) return compileFirst(expression, compile)
  if ('when' in expression) return compileWhen(expression, compile)
  if ('each' in expression) return compileEach(expression, tables)
  if ('object' in expression) return compileObject(expression.object, tables)
  if ('calculate' in expression) return compileCalculation(expression, compile)
  if ('link' in expression) return compileLink(expression, compile)
  throw new Wrong(`This is no expression: ${JSON.stringify(expression)}.`, expression)
}

function compilePath(text: string): Evaluate {
  const path = parsePath(text)
  return (item, run) => {
    const value = readPath(path, item, run.root)
    run.onRead?.(text, value)
    return value
  }
}

/** Each record gets a copy of its own, so that no one who changes it changes the mapping. */
function compileConstant(constant: Json): Evaluate {
  if (constant === null) return () => undefined
  if (typeof constant !== 'object') return () => constant
  return () => copyOf(constant)
}

function compileTemplate(expression: Of<'template'>): Evaluate {
  const parts = expression.template.split(/(\{[^{}]*\})/)
  const texts = parts.map((part, index) =>
    index % 2 === 0 ? () => part : compilePath(part.slice(1, -1).trim()),
  )
  if (/[{}]/.test(parts.filter((_, index) => index % 2 === 0).join('')))
    throw new Wrong(
      'A brace in a template needs its partner, with a path between them.',
      expression.template,
      expression,
    )
  return (item, run) =>
    texts
      .map(part => part(item, run))
      .map(value => (value === undefined ? '' : told(expression, value, () => textOf(value))))
      .join('')
}

function compileLookup(expression: Of<'lookup'>, tables: Tables, compile: Compile): Evaluate {
  const table = new Map(Object.entries(tableOf(expression, tables)))
  const of = compile(expression.of)
  const otherwise = expression.else === undefined ? undefined : compile(expression.else)
  return (item, run) => {
    const value = of(item, run)
    const key = value === undefined ? undefined : told(expression, value, () => textOf(value))
    if (key !== undefined && key !== '' && typeof expression.lookup === 'string')
      run.onLookup?.(expression.lookup, key, table.has(key))
    if (key !== undefined && table.has(key)) return copyOf(table.get(key))
    if (otherwise) return otherwise(item, run)
    if (key === undefined || key === '') return undefined
    const name = typeof expression.lookup === 'string' ? `table ${expression.lookup}` : 'its table'
    throw new Wrong(
      `${shown(value)} is not in ${name}. Add it there, or say what else to take.`,
      value,
      expression,
    )
  }
}

export function tableOf(expression: Of<'lookup'>, tables: Tables): Table {
  if (typeof expression.lookup !== 'string') return expression.lookup
  if (Object.hasOwn(tables, expression.lookup)) return tables[expression.lookup] ?? {}
  const near = nearest(expression.lookup, Object.keys(tables))
  throw new Wrong(
    `There is no table ${expression.lookup}${near ? `; the nearest is ${near}` : ''}.`,
    expression.lookup,
    expression,
  )
}

/** Ten times faster than structuredClone on what mappings hold. */
function copyOf(value: Json | undefined): unknown {
  if (typeof value !== 'object' || value === null) return value ?? undefined
  if (Array.isArray(value)) return value.map(copyInside)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copyInside(inner)]))
}

function copyInside(value: Json): unknown {
  return typeof value === 'object' && value !== null ? copyOf(value) : value
}

function compileFormat(expression: Of<'format'>, compile: Compile): Evaluate {
  const format = formatOf(expression)
  const of = compile(expression.of)
  const settings = Object.entries(expression.with ?? {}).map(
    ([name, value]) => [name, compile(value)] as const,
  )
  return (item, run) => {
    const value = of(item, run)
    if (value === undefined) return undefined
    const set = Object.fromEntries(settings.map(([name, setting]) => [name, setting(item, run)]))
    return told(expression, value, () => format.apply(value, set))
  }
}

export function formatOf(expression: Of<'format'>): Format {
  if (Object.hasOwn(formats, expression.format)) return formats[expression.format]
  const near = nearest(expression.format, Object.keys(formats))
  throw new Wrong(
    `There is no format ${expression.format}${near ? `; the nearest is ${near}` : ''}.`,
    expression.format,
    expression,
  )
}

function compileFirst(expression: Of<'first'>, compile: Compile): Evaluate {
  const choices = expression.first.map(compile)
  return (item, run) => {
    for (const choice of choices) {
      const value = choice(item, run)
      if (value !== undefined && value !== '') return value
    }
    return undefined
  }
}

function compileWhen(expression: Of<'when'>, compile: Compile): Evaluate {
  const holds = compileCondition(expression.when, compile)
  const then = compile(expression.then)
  const otherwise = expression.else === undefined ? () => undefined : compile(expression.else)
  return (item, run) => (holds(item, run) ? then(item, run) : otherwise(item, run))
}

function compileEach(expression: Of<'each'>, tables: Tables): Evaluate {
  const list = compileExpression(expression.each, tables)
  const where =
    expression.where && compileCondition(expression.where, inner => compileExpression(inner, tables))
  const as = compileItem(expression.as, tables)
  return (item, run) => {
    const items = list(item, run)
    if (items === undefined) return undefined
    if (!Array.isArray(items)) throw new Wrong(`${shown(items)} is not a list.`, items, expression)
    const made: unknown[] = []
    for (const [index, each] of (items as readonly unknown[]).entries()) {
      try {
        const value = where && !where(each, run) ? undefined : as(each, run)
        if (value !== undefined) made.push(value)
      } catch (error) {
        throw wrongAt(index, error)
      }
    }
    return made
  }
}

/** A list keeps an item whose fields all came to nothing: a line that is not understood must not vanish silently. */
function compileItem(as: Of<'each'>['as'], tables: Tables): Evaluate {
  if (isSingle(as)) return compileExpression(as.value, tables)
  const object = compileObject(as, tables)
  return (item, run) => object(item, run) ?? {}
}

/** `as: { value }` with nothing else makes a list of values, not of objects. */
export function isSingle(as: Of<'each'>['as']): as is { readonly value: Expression } {
  return Object.keys(as).length === 1 && Object.hasOwn(as, 'value')
}

function compileObject(fields: Fields, tables: Tables): Evaluate {
  const compiled = compileFields(fields, tables)
  const assemble = compileTarget(Object.keys(fields))
  return (item, run) => assemble(compiled.map(field => field.evaluate(item, run)))
}

function compileLink(expression: Of<'link'>, compile: Compile): Evaluate {
  const of = compile(expression.of)
  const by = Object.entries(expression.by ?? {}).map(([key, value]) => [key, compile(value)] as const)
  return (item, run) => {
    const value = of(item, run)
    if (value === undefined || value === '') return undefined
    const id = told(expression, value, () => textOf(value))
    const keys = by.map(([key, found]) => [key, found(item, run)] as const)
    const request: LinkRequest = { entity: expression.link, id, by: matchKeys(expression, keys) }
    const linked = run.context.link(request)
    if (linked === null && expression.optional !== true) run.missing.set(`${request.entity} ${id}`, request)
    return linked ?? undefined
  }
}

function matchKeys(expression: Expression, keys: readonly (readonly [string, unknown])[]): MatchKeys {
  const there = keys.filter(([, value]) => value !== undefined && value !== '')
  return Object.fromEntries(there.map(([key, value]) => [key, told(expression, value, () => textOf(value))]))
}

function told<Result>(expression: Expression, value: unknown, act: () => Result): Result {
  try {
    return act()
  } catch (error) {
    throw new Wrong(error instanceof Error ? error.message : 'It cannot be read.', value, expression, error)
  }
}
