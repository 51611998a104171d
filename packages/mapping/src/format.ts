import { absolute, divide, floorDivide, fromMinor, multiply, negate, round, toMinor } from '@linchpin/model'
import { decimalOf, numberOf, scaleOf } from './figures.ts'
import type { FormatName } from './mapping.ts'
import { familyNameOf, givenNameOf, plainText, textOf } from './texts.ts'
import { dayOf, epochOf, instantOf, spacedTimeOf } from './times.ts'
import { shown } from './wrong.ts'

/** One way to write a value. `apply` gets a value that is there; undefined means nothing; what is wrong is a RangeError. */
export interface Format {
  readonly gives: 'text' | 'number' | 'boolean'
  /** The names that `with` may have. */
  readonly settings: readonly string[]
  readonly apply: (value: unknown, settings: Settings) => unknown
}
type Settings = Readonly<Record<string, unknown>>

export const formats: Readonly<Record<FormatName, Format>> = {
  text: text(value => (typeof value === 'object' ? JSON.stringify(value) : textOf(value))),
  trim: text(value => textOf(value).trim()),
  lower: text(value => textOf(value).toLowerCase()),
  upper: text(value => textOf(value).toUpperCase()),
  join: text(joined, ['separator']),
  plain: text(value => plainText(textOf(value))),
  givenName: text(value => givenNameOf(textOf(value))),
  familyName: text(value => familyNameOf(textOf(value))),
  decimal: figure('text', decimalTo, ['scale']),
  fromMinor: figure('text', (value, { currency }) => fromMinor(decimalOf(value), currencyOf(currency)), [
    'currency',
  ]),
  toMinor: figure('number', (value, { currency }) => toMinor(decimalOf(value), currencyOf(currency)), [
    'currency',
  ]),
  negate: figure('text', value => negate(decimalOf(value))),
  absolute: figure('text', value => absolute(decimalOf(value))),
  number: figure('number', numberOf),
  integer: figure('number', value => numberOf(floorDivide(decimalOf(value), '1'))),
  percent: figure('text', value => multiply(decimalOf(value), '100')),
  fraction: figure('text', value => divide(decimalOf(value), '100', 110)),
  boolean: figure('boolean', booleanOf),
  instant: figure('text', instantOf),
  day: figure('text', dayOf),
  spacedTime: figure('text', spacedTimeOf),
  epoch: figure('number', epochOf),
}

function text(apply: Format['apply'], settings: readonly string[] = []): Format {
  return { gives: 'text', settings, apply }
}

/** Shops send an empty text for a price or a date that is not there. */
function figure(gives: Format['gives'], apply: Format['apply'], settings: readonly string[] = []): Format {
  const orNothing: Format['apply'] = (value, set) =>
    typeof value === 'string' && value.trim() === '' ? undefined : apply(value, set)
  return { gives, settings, apply: orNothing }
}

function joined(value: unknown, { separator = ' ' }: Settings): string {
  const parts = Array.isArray(value) ? value : [value]
  const texts = parts.filter(part => part !== null && part !== undefined).map(textOf)
  return texts.filter(part => part.trim() !== '').join(textOf(separator))
}

function decimalTo(value: unknown, { scale }: Settings): string {
  const decimal = decimalOf(value)
  return scale === undefined ? decimal : round(decimal, scaleOf(scale))
}

function currencyOf(currency: unknown): string {
  if (typeof currency === 'string' && /^[A-Za-z]{3}$/.test(currency)) return currency.toUpperCase()
  throw new RangeError(`${shown(currency)} is not a currency like EUR; it says how many decimals there are.`)
}

const YES = new Set(['true', '1', 'yes'])
const NO = new Set(['false', '0', 'no'])

function booleanOf(value: unknown): boolean {
  const word = textOf(value).trim().toLowerCase()
  if (YES.has(word)) return true
  if (NO.has(word)) return false
  throw new RangeError(`${shown(value)} is neither yes nor no.`)
}
