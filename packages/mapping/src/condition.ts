import { compare } from '@linchpin/model'
import { compileExpression, type Compile, type Evaluate, type Run } from './compile.ts'
import { decimalOf } from './figures.ts'
import type { Condition, Expression } from './mapping.ts'
import { singleText } from './texts.ts'
import { conditionInWords } from './words.ts'
import { asWrong, MappingError, shown, Wrong } from './wrong.ts'

type Holds = (item: unknown, run: Run) => boolean

export function compileCondition(condition: Condition, compile: Compile): Holds {
  if ('is' in condition) return both(condition.is, compile, same)
  if ('not' in condition) {
    const inner = compileCondition(condition.not, compile)
    return (item, run) => !inner(item, run)
  }
  if ('any' in condition) {
    const inner = condition.any.map(each => compileCondition(each, compile))
    return (item, run) => inner.some(holds => holds(item, run))
  }
  if ('all' in condition) {
    const inner = condition.all.map(each => compileCondition(each, compile))
    return (item, run) => inner.every(holds => holds(item, run))
  }
  if ('has' in condition) return one(condition.has, compile, isThere)
  if ('in' in condition) {
    const [of, values] = condition.in
    return one(of, compile, value => values.some(each => same(value, each)))
  }
  if ('greater' in condition) return both(condition.greater, compile, greater)
  throw new Wrong(`This is no condition: ${JSON.stringify(condition)}.`, condition)
}

/** Whether a condition holds of a whole record: the filter of a flow. It knows no links. Throws a MappingError. */
export function holds(condition: Condition, record: unknown): boolean {
  try {
    let compiled = known.get(condition)
    if (!compiled)
      known.set(condition, (compiled = compileCondition(condition, each => compileExpression(each, {}))))
    return compiled(record, { root: record, context: { link: () => null }, missing: new Map() })
  } catch (error) {
    throw new MappingError(`Condition "${conditionInWords(condition)}"`, asWrong(error))
  }
}

const known = new WeakMap<Condition, Holds>()

function one(expression: Expression, compile: Compile, test: (value: unknown) => boolean): Holds {
  const of: Evaluate = compile(expression)
  return (item, run) => test(of(item, run))
}

function both(
  [left, right]: readonly [Expression, Expression],
  compile: Compile,
  test: (left: unknown, right: unknown) => boolean,
): Holds {
  const [first, second] = [compile(left), compile(right)]
  return (item, run) => test(first(item, run), second(item, run))
}

function isThere(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false
  return !Array.isArray(value) || value.length > 0
}

/** Single values are the same when their texts are: 7 is '7', as in tables and paths. Nothing is the same as nothing. */
function same(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (left === undefined || left === null) return right === undefined || right === null
  if (right === undefined || right === null) return false
  const [one, other] = [singleText(left), singleText(right)]
  if (one !== undefined || other !== undefined) return one === other
  if (typeof left !== 'object' || typeof right !== 'object') return false
  return sameParts(left, right)
}

function sameParts(left: object, right: object): boolean {
  if (Array.isArray(left) !== Array.isArray(right)) return false
  const names = Object.keys(left)
  return (
    names.length === Object.keys(right).length &&
    names.every(name => Object.hasOwn(right, name) && same(partOf(left, name), partOf(right, name)))
  )
}

const partOf = (value: object, name: string) => (value as Record<string, unknown>)[name]

/** Figures by size; texts that are no figures (instants, days) by their letters. Nothing is greater than nothing. */
function greater(left: unknown, right: unknown): boolean {
  if (!isThere(left) || !isThere(right)) return false
  if (isFigure(left) && isFigure(right)) return compare(decimalOf(left), decimalOf(right)) > 0
  if (typeof left === 'string' && typeof right === 'string') return left > right
  throw new Wrong(`${shown(left)} and ${shown(right)} cannot be compared.`, [left, right])
}

function isFigure(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\s*[+-]?\.?\d[\d.]*\s*$/.test(value))
}
