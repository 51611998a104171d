import type { Condition, Expression } from './mapping.ts'

/** An expression as people would say it: 'decimal of price', 'total − total_tax'. */
export function inWords(expression: Expression): string {
  if (typeof expression === 'string') return expression
  if ('path' in expression) return expression.path
  if ('constant' in expression) return JSON.stringify(expression.constant)
  if ('template' in expression) return `text "${expression.template}"`
  if ('lookup' in expression) return lookupInWords(expression)
  if ('format' in expression)
    return `${expression.format} of ${inWords(expression.of)}${settings(expression.with)}`
  if ('first' in expression) return `the first of ${list(expression.first)}`
  if ('when' in expression)
    return `${inWords(expression.then)} when ${conditionInWords(expression.when)}${otherwise(expression.else)}`
  if ('each' in expression)
    return `each of ${inWords(expression.each)}${expression.where ? ` where ${conditionInWords(expression.where)}` : ''}`
  if ('object' in expression) return `an object of ${Object.keys(expression.object).join(', ')}`
  if ('calculate' in expression) return calculationInWords(expression)
  return `the ${expression.link} linked to ${inWords(expression.of)}`
}

export function conditionInWords(condition: Condition): string {
  if ('is' in condition) return `${inWords(condition.is[0])} is ${inWords(condition.is[1])}`
  if ('not' in condition) return `not (${conditionInWords(condition.not)})`
  if ('any' in condition) return condition.any.map(conditionInWords).join(' or ')
  if ('all' in condition) return condition.all.map(conditionInWords).join(' and ')
  if ('has' in condition) return `there is ${inWords(condition.has)}`
  if ('in' in condition)
    return `${inWords(condition.in[0])} is one of ${condition.in[1].map(each => JSON.stringify(each)).join(', ')}`
  return `${inWords(condition.greater[0])} is greater than ${inWords(condition.greater[1])}`
}

function lookupInWords(expression: Extract<Expression, { lookup: unknown }>): string {
  const table = typeof expression.lookup === 'string' ? `table ${expression.lookup}` : 'its table'
  return `${inWords(expression.of)} by ${table}${otherwise(expression.else)}`
}

function calculationInWords({ calculate, of, scale }: Extract<Expression, { calculate: unknown }>): string {
  const sign = { add: ' + ', subtract: ' − ', multiply: ' × ', divide: ' ÷ ', sum: '' }[calculate]
  const words = sign === '' ? `the sum of ${list(of)}` : of.map(inWords).join(sign)
  return scale === undefined ? words : `${words}, to ${scale} decimals`
}

function otherwise(expression: Expression | undefined): string {
  return expression === undefined ? '' : `, otherwise ${inWords(expression)}`
}

function settings(values: Readonly<Record<string, Expression>> | undefined): string {
  const each = Object.entries(values ?? {}).map(([name, value]) => `${name} ${inWords(value)}`)
  return each.length === 0 ? '' : ` (${each.join(', ')})`
}

const list = (expressions: readonly Expression[]) => expressions.map(inWords).join(', ')
