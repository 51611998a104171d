import { checkExpression, checkOperand, SINGLE, type At } from './check-expression.ts'
import type { Condition, Expression } from './mapping.ts'
import { nearest } from './nearest.ts'
import { valuesOf, type Shape } from './shape.ts'
import { inWords } from './words.ts'
import { shown } from './wrong.ts'

/** A condition that can never hold, because the value it asks for does not exist, is a fault too. */
export function checkCondition(condition: Condition, at: At): void {
  if ('is' in condition) checkIs(condition.is, at)
  else if ('not' in condition) checkCondition(condition.not, at)
  else if ('any' in condition) condition.any.forEach(each => checkCondition(each, at))
  else if ('all' in condition) condition.all.forEach(each => checkCondition(each, at))
  else if ('has' in condition) read(condition.has, at)
  else if ('in' in condition) checkIn(condition.in, at)
  else if ('greater' in condition) condition.greater.forEach(each => checkOperand(each, at, SINGLE))
  else at.checking.fault(at.field, `this is no condition: ${JSON.stringify(condition)}.`)
}

function checkIs([left, right]: readonly [Expression, Expression], at: At): void {
  const [first, second] = [read(left, at), read(right, at)]
  mayBe(left, first, valuesOf(second) ?? [], at)
  mayBe(right, second, valuesOf(first) ?? [], at)
}

function checkIn([of, values]: Extract<Condition, { in: unknown }>['in'], at: At): void {
  const shape = read(of, at)
  for (const value of values) mayBe(of, shape, value === null ? [] : [value], at)
}

function read(expression: Expression, at: At): Shape {
  return checkExpression(expression, { ...at, target: 'any' })
}

function mayBe(
  expression: Expression,
  shape: Shape,
  values: readonly unknown[],
  { field, checking }: At,
): void {
  const possible = valuesOf(shape)?.map(String)
  if (!possible || values.length === 0 || values.some(value => possible.includes(String(value)))) return
  // A constant is told about by its partner.
  if (typeof expression === 'object' && 'constant' in expression) return
  const near = nearest(String(values[0]), possible)
  checking.fault(
    field,
    `${inWords(expression)} is never ${shown(values[0])}; ${near === undefined ? `it is one of ${possible.join(', ')}` : `the nearest is ${shown(near)}`}.`,
  )
}
