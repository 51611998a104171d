import { add, divide, multiply, round, subtract, sum, type Decimal } from '@linchpin/model'
import type { Compile, Evaluate } from './compile.ts'
import { decimalOf, scaleOf } from './figures.ts'
import type { Expression } from './mapping.ts'
import { Wrong } from './wrong.ts'

type Calculation = Extract<Expression, { readonly calculate: unknown }>

/**
 * Exact decimals. A sum leaves out what is nothing; every other calculation comes to nothing when an operand does,
 * because a price less an unknown discount is not the price.
 */
export function compileCalculation(expression: Calculation, compile: Compile): Evaluate {
  const operands = expression.of.map(compile)
  const scale = expression.scale === undefined ? undefined : scaleOf(expression.scale)
  const calculate = calculation(expression.calculate, scale ?? 10)
  return (item, run) => {
    const values = operands.map(operand => operand(item, run))
    try {
      const result = calculate(values)
      return result === undefined || scale === undefined ? result : decimalOf(round(result, scale))
    } catch (error) {
      throw new Wrong(
        error instanceof Error ? error.message : 'It cannot be calculated.',
        values,
        expression,
        error,
      )
    }
  }
}

function calculation(
  name: Calculation['calculate'],
  scale: number,
): (values: readonly unknown[]) => Decimal | undefined {
  switch (name) {
    case 'sum':
      return total
    case 'add':
      return folded(add)
    case 'subtract':
      return folded(subtract)
    case 'multiply':
      return folded(multiply)
    case 'divide':
      return folded((left, right) => divide(left, right, scale))
    default:
      throw new Wrong(
        `There is no calculation ${String(name)}; there are add, subtract, multiply, divide and sum.`,
        name,
      )
  }
}

function total(values: readonly unknown[]): Decimal | undefined {
  const there = values.filter(value => !isNothing(value))
  if (there.length === 0) return undefined
  return sum(
    there
      .flat()
      .filter(value => !isNothing(value))
      .map(decimalOf),
  )
}

function folded(step: (left: Decimal, right: Decimal) => Decimal) {
  return (values: readonly unknown[]): Decimal | undefined => {
    if (values.length === 0 || values.some(isNothing)) return undefined
    // Read again after each step, so that figures cannot grow beyond what is calculated exactly.
    return values.map(decimalOf).reduce((left, right) => decimalOf(step(left, right)))
  }
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}
