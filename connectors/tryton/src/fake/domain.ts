import { compare as compareDecimals } from '@linchpin/model'
import type { Books, Context, Row } from './books.ts'
import { UserError } from './errors.ts'

/** Whether a row fits a domain: clauses, all of which must hold, or lists that begin with 'OR' or 'AND'. */
export function fits(books: Books, model: string, row: Row, domain: unknown, context: Context): boolean {
  if (!Array.isArray(domain)) return true
  const [first, ...rest] = domain as unknown[]
  if (first === 'OR') return rest.some(each => fits(books, model, row, each, context))
  if (first === 'AND') return rest.every(each => fits(books, model, row, each, context))
  if (typeof first === 'string') return clause(books, model, row, domain as unknown as Clause, context)
  return (domain as unknown[]).every(each => fits(books, model, row, each, context))
}

type Clause = readonly [path: string, operator: string, value: unknown, target?: string]

function clause(
  books: Books,
  model: string,
  row: Row,
  [path, operator, value, target]: Clause,
  context: Context,
): boolean {
  if (operator === 'where') {
    const field = books.field(model, path) as { to: string }
    return (books.value(model, row, path, context) as number[]).some(id =>
      fits(books, field.to, books.need(field.to, id), value, context),
    )
  }
  const found = walk(books, model, row, path.split('.'), target, context)
  if (operator === 'child_of' || operator === 'not child_of') {
    const inside = found.some(id => isChild(books, id, value as number[]))
    return operator === 'child_of' ? inside : !inside
  }
  return found.some(each => test(each, operator, value))
}

/** All values that a path leads to. A reference is followed only into the model that the clause names. */
function walk(
  books: Books,
  model: string,
  row: Row,
  [name = '', ...rest]: string[],
  target: string | undefined,
  context: Context,
): unknown[] {
  const field = books.field(model, name)
  const value = books.value(model, row, name, context)
  const list = Array.isArray(value) ? value : [value]
  if (rest.length === 0) return list.length === 0 ? [null] : list
  const to = 'to' in field ? field.to : field.is === 'reference' ? (target ?? '') : ''
  return list.flatMap(each => {
    const id =
      field.is === 'reference' ? Number(new RegExp(`^${to},(\\d+)$`).exec(String(each))?.[1] ?? NaN) : each
    const next = books.find(to, id)
    return next ? walk(books, to, next, rest, target, context) : [null]
  })
}

function test(left: unknown, operator: string, right: unknown): boolean {
  switch (operator) {
    case '=':
      return same(left, right)
    case '!=':
      // As SQL has it: nothing differs from nothing, but not from something.
      return right === null ? left !== null : left !== null && !same(left, right)
    case 'in':
      return (right as unknown[]).some(each => same(left, each))
    case 'not in':
      return !(right as unknown[]).some(each => same(left, each))
    case 'like':
    case 'ilike':
      return typeof left === 'string' && pattern(String(right), operator === 'ilike').test(left)
    case '>':
    case '>=':
    case '<':
    case '<=':
      return left !== null && ordered(order(left, right), operator)
    default:
      throw new UserError(`The operator "${operator}" is not known.`)
  }
}

const same = (left: unknown, right: unknown) => (left ?? null) === (right ?? null)
const ordered = (sign: number, operator: string) =>
  operator === '>' ? sign > 0 : operator === '>=' ? sign >= 0 : operator === '<' ? sign < 0 : sign <= 0

/** Figures by size, stamps by time: ours have three or six decimals of a second. */
export function order(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  const [one, two] = [String(left), String(right)]
  if (/^-?\d+(\.\d+)?$/.test(one) && /^-?\d+(\.\d+)?$/.test(two)) return compareDecimals(one, two)
  return one < two ? -1 : one > two ? 1 : 0
}

function pattern(text: string, anyCase: boolean): RegExp {
  const parts = text.match(/\\.|%|_|[^\\%_]+/gs) ?? []
  const source = parts.map(part =>
    part === '%' ? '.*' : part === '_' ? '.' : literal(part.replace(/^\\(.)$/s, '$1')),
  )
  return new RegExp(`^${source.join('')}$`, anyCase ? 'isu' : 'su')
}
const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

function isChild(books: Books, id: unknown, of: readonly number[]): boolean {
  const row = books.find('stock.location', id)
  if (!row) return false
  return of.includes(row.id) || isChild(books, row['parent'], of)
}
export const within = (books: Books, id: unknown, warehouse: readonly number[]) =>
  isChild(books, id, warehouse)
