import { stampIn } from '../changes.ts'
import { textOf, type Held } from './books.ts'
import { RestError } from './errors.ts'

/** Columns by which lists can be filtered, and the names under which the look-alike keeps them. */
const COLUMNS: Readonly<Record<string, string>> = {
  rowid: 'rowid',
  tms: 'tms',
  ref: 'ref',
  ref_ext: 'ref_ext',
  ref_client: 'ref_client',
  email: 'email',
  tva_intra: 'tva_intra',
  code_client: 'code_client',
  client: 'client',
  barcode: 'barcode',
  fk_product_type: 'type',
  fk_statut: 'statut',
  type: 'type',
}

/**
 * Keeps the rows that pass a `sqlfilters` text: criteria `(t.column:operator:value)`, joined by `and`, `or` and
 * brackets. As in 16.0.3 a wrong column, or a text that is no filter, is MariaDB's error with status 503.
 */
export function filtered(rows: readonly Held[], sqlfilters: string, timeZone: string): Held[] {
  if (sqlfilters === '') return [...rows]
  const tests: ((row: Held) => boolean)[] = []
  const shape = sqlfilters.replace(/\(([^:'()]+:[^:'()]+:[^()]+)\)/g, (_, criterion: string) => {
    const [operand = '', operator = '', ...value] = criterion.split(':')
    // `!=` loses its sign: it filters for what it should leave out (seen on 16.0.3).
    const plain = operator.trim().toLowerCase().replace('!', '')
    tests.push(testOf(operand.trim(), plain, value.join(':').trim(), timeZone))
    return ` #${tests.length - 1} `
  })
  const words = shape.match(/#\d+|and|or|[()]|\S+/gi) ?? []
  const passes = either(words, tests)
  return rows.filter(passes)
}

type Test = (row: Held) => boolean

function either(words: string[], tests: readonly Test[]): Test {
  const left = both(words, tests)
  if (words[0]?.toLowerCase() !== 'or') return left
  words.shift()
  const right = either(words, tests)
  return row => left(row) || right(row)
}

function both(words: string[], tests: readonly Test[]): Test {
  const left = single(words, tests)
  if (words[0]?.toLowerCase() !== 'and') return left
  words.shift()
  const right = both(words, tests)
  return row => left(row) && right(row)
}

function single(words: string[], tests: readonly Test[]): Test {
  const word = words.shift() ?? ''
  if (word === '(') {
    const inner = either(words, tests)
    words.shift()
    return inner
  }
  const test = tests[Number(word.slice(1))]
  if (word.startsWith('#') && test) return test
  throw new RestError(503, `Error when retrieve list : Unknown column '${word}' in 'WHERE'`)
}

function testOf(operand: string, operator: string, given: string, timeZone: string): Test {
  const column = COLUMNS[operand.replace(/^t\./, '')]
  if (column === undefined)
    throw new RestError(503, `Error when retrieve list : Unknown column '${operand}' in 'WHERE'`)
  const value = given.replace(/^'(.*)'$/s, '$1')
  const held = (row: Held) => (column === 'tms' ? stampIn(row.tms, timeZone) : textOf(row[column]))
  if (operator === 'in') return row => given.split(',').includes(held(row))
  if (operator === 'like') return row => likePattern(value).test(held(row))
  const wanted = column === 'tms' ? value.replace(/\D/g, '') : value
  return row => compared(held(row), operator, wanted)
}

function compared(held: string, operator: string, wanted: string): boolean {
  const numbers = /^-?\d+$/.test(held) && /^-?\d+$/.test(wanted)
  // Letters have no case in MariaDB's usual collation.
  const [left, right] = numbers ? [Number(held), Number(wanted)] : [held.toLowerCase(), wanted.toLowerCase()]
  switch (operator) {
    case '=':
      return left === right
    case '<>':
      return left !== right
    case '>':
      return left > right
    case '>=':
      return left >= right
    case '<':
      return left < right
    default:
      return left <= right
  }
}

function likePattern(pattern: string): RegExp {
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.')
  return new RegExp(`^${source}$`, 'isu')
}
