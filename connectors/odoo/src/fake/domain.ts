import { pythonError } from './errors.ts'
import type { Orm, Stored, Value } from './orm.ts'

export type Term = string | readonly [string, string, unknown]
export type Domain = readonly Term[]

/** Polish notation: '&' and '|' take two operands, '!' one, and terms that stand beside each other are joined by and. */
export function matches(orm: Orm, model: string, row: Stored, domain: Domain): boolean {
  let at = 0
  const operand = (): boolean => {
    const term = domain[at++]
    if (term === undefined) throw pythonError('ValueError', `Malformed domain ${JSON.stringify(domain)}`)
    if (term === '!') return !operand()
    if (term === '&' || term === '|') {
      const [left, right] = [operand(), operand()]
      return term === '&' ? left && right : left || right
    }
    if (typeof term === 'string')
      throw pythonError('ValueError', `Malformed domain ${JSON.stringify(domain)}`)
    return holds(orm, model, row, term)
  }
  let all = true
  while (at < domain.length) all = operand() && all
  return all
}

function holds(
  orm: Orm,
  model: string,
  row: Stored,
  [path, operator, wanted]: readonly [string, string, unknown],
): boolean {
  const values = valuesAt(orm, model, row, path.split('.'))
  const some = (test: (value: Value) => boolean) => values.some(test)
  switch (operator) {
    case '=':
      return wanted === false || wanted === null ? values.every(isNothing) : some(value => value === wanted)
    case '!=':
      return wanted === false || wanted === null ? !values.every(isNothing) : !some(value => value === wanted)
    case 'in':
      return some(value => (wanted as unknown[]).includes(value))
    case 'not in':
      return !some(value => (wanted as unknown[]).includes(value))
    case '>':
      return some(value => !isNothing(value) && value > (wanted as Value))
    case '>=':
      return some(value => !isNothing(value) && value >= (wanted as Value))
    case '<':
      return some(value => !isNothing(value) && value < (wanted as Value))
    case '<=':
      return some(value => !isNothing(value) && value <= (wanted as Value))
    case 'like':
      return some(value => String(value).includes(String(wanted)))
    case 'ilike':
      return some(value => String(value).toLowerCase().includes(String(wanted).toLowerCase()))
    case '=like':
      return some(value => pattern(String(wanted), '').test(String(value)))
    case '=ilike':
      return some(value => pattern(String(wanted), 'i').test(String(value)))
    default:
      throw pythonError('ValueError', `Invalid operator ${operator} in domain term`)
  }
}

/** Of a dotted path the values of all records that it leads to; a list of ids counts as its ids. */
function valuesAt(orm: Orm, model: string, row: Stored, [name = 'id', ...rest]: string[]): Value[] {
  const field = orm.fieldsOf(model)[name]
  if (!field) throw pythonError('ValueError', `Invalid field ${model}.${name} in leaf`)
  const value = name === 'id' ? row.id : orm.value(model, row, name)
  const ids = Array.isArray(value) ? (value as number[]) : null
  if (rest.length === 0) return ids ? (ids.length > 0 ? ids : [false]) : [value]
  const targets = (ids ?? [value]).flatMap(id => orm.get(field.relation ?? '', Number(id)) ?? [])
  const values = targets.flatMap(target => valuesAt(orm, field.relation ?? '', target, rest))
  return values.length > 0 ? values : [false]
}

function isNothing(value: Value): boolean {
  return value === false || value === ''
}

/** SQL's % and _, and \ before one that means itself. */
function pattern(wanted: string, flags: string): RegExp {
  const source = wanted.replace(/\\([%_\\])|([%_])|([.*+?^${}()|[\]])/g, (_, literal, wild, special) =>
    literal
      ? `\\x${literal.charCodeAt(0).toString(16)}`
      : wild
        ? wild === '%'
          ? '.*'
          : '.'
        : `\\${special}`,
  )
  return new RegExp(`^${source}$`, `${flags}s`)
}
