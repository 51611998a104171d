import { entityNames } from '@linchpin/model'
import { formats } from './format.ts'
import { nearest } from './nearest.ts'
import { parsePath, parseTarget } from './path.ts'
import { kindOf } from './shape.ts'
import { shown } from './wrong.ts'

/** Told of everything that is wrong with data that should be a mapping; messages have no full stop, as zod's. */
export type Report = (path: readonly (string | number)[], message: string) => void
type Check = (value: unknown, report: Report) => void
/** The keys of an object, each with its check. */
type Keys = Readonly<Record<string, Check>>

export const checkOwnMapping: Check = (value, report) => {
  checkKeys(
    value,
    report,
    'a mapping',
    {
      fields: dictionary(orNull(checkExpressionData), checkOwnField),
      tables: dictionary(orNull(table)),
      from: text,
      to: text,
    },
    null,
  )
}

const checkExpressionData: Check = (value, report) => {
  if (typeof value === 'string') return path(value, report)
  checkOne(value, report, 'an expression', expressions)
}

export const checkConditionData: Check = (value, report) => checkOne(value, report, 'a condition', conditions)

const checkFields: Check = (value, report) => dictionary(checkExpressionData, checkField)(value, report)

const text: Check = (value, report) => {
  if (typeof value !== 'string') report([], `must be a text, not ${shown(value)}`)
}
const path: Check = (value, report) =>
  typeof value === 'string' ? orReport(() => parsePath(value), report) : text(value, report)
const json: Check = (value, report) => {
  if (!isJson(value))
    report([], `must be plain data (texts, numbers, yes or no, lists, objects), not ${shown(value)}`)
}
const flag: Check = (value, report) => {
  if (typeof value !== 'boolean') report([], `must be true or false, not ${shown(value)}`)
}
const scale: Check = (value, report) => {
  if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > 100)
    report([], `must be a whole number from 0 to 100, not ${shown(value)}`)
}
const table = dictionary(json)
const tableOrName: Check = (value, report) => (typeof value === 'string' ? undefined : table(value, report))

/** The first key says which expression it is; the second list names those that may be left out. */
const expressions: Readonly<Record<string, readonly [Keys, readonly string[]]>> = {
  path: [{ path }, []],
  constant: [{ constant: json }, []],
  template: [{ template: text }, []],
  lookup: [{ lookup: tableOrName, of: checkExpressionData, else: checkExpressionData }, ['else']],
  format: [
    {
      format: oneOf(() => Object.keys(formats)),
      of: checkExpressionData,
      with: dictionary(checkExpressionData),
    },
    ['with'],
  ],
  first: [{ first: listOf(checkExpressionData) }, []],
  when: [{ when: checkConditionData, then: checkExpressionData, else: checkExpressionData }, ['else']],
  each: [{ each: checkExpressionData, where: checkConditionData, as: checkFields }, ['where']],
  object: [{ object: checkFields }, []],
  calculate: [
    {
      calculate: oneOf(() => ['add', 'subtract', 'multiply', 'divide', 'sum']),
      of: listOf(checkExpressionData),
      scale,
    },
    ['scale'],
  ],
  link: [
    { link: oneOf(() => entityNames), of: checkExpressionData, by: matchKeys, optional: flag },
    ['by', 'optional'],
  ],
}

const conditions: typeof expressions = {
  is: [{ is: pair(checkExpressionData, checkExpressionData) }, []],
  not: [{ not: checkConditionData }, []],
  any: [{ any: listOf(checkConditionData) }, []],
  all: [{ all: listOf(checkConditionData) }, []],
  has: [{ has: checkExpressionData }, []],
  in: [{ in: pair(checkExpressionData, listOf(json)) }, []],
  greater: [{ greater: pair(checkExpressionData, checkExpressionData) }, []],
}

function matchKeys(value: unknown, report: Report): void {
  const check = checkExpressionData
  checkKeys(value, report, 'by', { sku: check, gtin: check, email: check, vatId: check, number: check }, null)
}

/** An object that is one of several kinds, told apart by a key that only this kind has. */
function checkOne(value: unknown, report: Report, what: string, kinds: typeof expressions): void {
  if (!isObject(value))
    return report([], `must be ${what}: an object with one of ${listed(kinds)}; it is ${shown(value)}`)
  const found = Object.keys(value).filter(key => Object.hasOwn(kinds, key))
  const [name = '', other] = found
  if (other !== undefined)
    return report([], `has both ${name} and ${other}; ${what} has one of them. Put one inside the other`)
  const kind = kinds[name]
  if (!kind)
    return report(
      [],
      `is no ${what.replace(/^an? /, '')}: it has none of ${listed(kinds)}${meant(Object.keys(value), Object.keys(kinds))}`,
    )
  checkKeys(value, report, name, kind[0], kind[1])
}

/** `optional` null: all keys may be left out. */
function checkKeys(
  value: unknown,
  report: Report,
  what: string,
  keys: Keys,
  optional: readonly string[] | null,
): void {
  if (!isObject(value)) return report([], `must be an object, not ${shown(value)}`)
  for (const [key, inner] of Object.entries(value)) {
    const check = Object.hasOwn(keys, key) ? keys[key] : undefined
    if (check) check(inner, under(key, report))
    else
      report(
        [],
        `has a key "${key}" that ${what} does not know${meant([key], Object.keys(keys)) || `; it knows ${Object.keys(keys).join(', ')}`}`,
      )
  }
  const missing = Object.keys(keys).filter(
    key => optional !== null && !optional.includes(key) && !Object.hasOwn(value, key),
  )
  for (const key of missing) report([], `has ${what}, but no "${key}"`)
}

function dictionary(check: Check, checkName?: Check): Check {
  return (value, report) => {
    if (!isObject(value)) return report([], `must be an object of names and values, not ${shown(value)}`)
    for (const [name, inner] of Object.entries(value)) {
      checkName?.(name, under(name, report))
      check(inner, under(name, report))
    }
  }
}

function listOf(check: Check): Check {
  return (value, report) => {
    if (!Array.isArray(value)) return report([], `must be a list, not ${shown(value)}`)
    value.forEach((each, index) => check(each, under(index, report)))
  }
}

function pair(first: Check, second: Check): Check {
  return (value, report) => {
    if (!Array.isArray(value) || value.length !== 2)
      return report(
        [],
        `must be a list of two, like ["status", { "constant": "open" }]; it is ${shown(value)}`,
      )
    first(value[0], under(0, report))
    second(value[1], under(1, report))
  }
}

/** A function, for the names come from modules that may load later than this one. */
function oneOf(names: () => readonly string[]): Check {
  return (value, report) => {
    const known = names()
    if (typeof value === 'string' && known.includes(value)) return
    report(
      [],
      `cannot be ${shown(value)}${meant([String(value)], known) || `; it is one of ${known.join(', ')}`}`,
    )
  }
}

function orNull(check: Check): Check {
  return (value, report) => (value === null ? undefined : check(value, report))
}

function checkField(name: unknown, report: Report): void {
  orReport(() => parseTarget(String(name)), report)
}

/** 'lines[].sku' reaches into the connector's lists. */
function checkOwnField(name: unknown, report: Report): void {
  for (const part of String(name).split('[].')) checkField(part, report)
}

function orReport(act: () => unknown, report: Report): void {
  try {
    act()
  } catch (error) {
    report([], error instanceof Error ? error.message.replace(/\.$/, '') : 'is not readable')
  }
}

function under(step: string | number, report: Report): Report {
  return (path, message) => report([step, ...path], message)
}

function meant(written: readonly string[], known: readonly string[]): string {
  const near = written.map(key => nearest(key, known)).find(each => each !== undefined)
  return near === undefined ? '' : `; did you mean "${near}"?`
}

function isJson(value: unknown): boolean {
  if (value === null) return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (Array.isArray(value)) return value.every(isJson)
  if (isObject(value)) return !Object.hasOwn(value, '__proto__') && Object.values(value).every(isJson)
  return kindOf(value) === 'text' || kindOf(value) === 'boolean'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const listed = (kinds: Readonly<Record<string, unknown>>) => Object.keys(kinds).join(', ')
