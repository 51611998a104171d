import { multiply, plain } from '@linchpin/model'

/**
 * Tryton's JSON has its own types. Inside the connector a Decimal is a decimal text, a date a day ('2026-11-23'), a
 * datetime an instant with microseconds, and bytes are bytes; this file is the only place that knows the wire.
 */

/** What the wire calls a value of this type. */
export const wire = {
  decimal: (text: string) => ({ __class__: 'Decimal', decimal: text }),
  date: (day: string) => {
    const [year, month, date] = day.split('-').map(Number)
    return { __class__: 'date', year, month, day: date }
  },
  datetime: (instant: string) => {
    const [, year, month, day, hour, minute, second, fraction = ''] = (INSTANT.exec(instant) ?? []).map(
      (part, index) => (index > 0 && index < 7 ? Number(part) : part),
    )
    const microsecond = Number(String(fraction).padEnd(6, '0').slice(0, 6))
    return { __class__: 'datetime', year, month, day, hour, minute, second, microsecond }
  },
}
const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?Z$/

/**
 * A value of an answer in our types. Tryton answers related fields ('party.name') under the relation's name with a dot
 * at its end; they take the place of the bare id: `party: { id: 5, name: 'Ada' }`.
 */
export function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode)
  if (value === null || typeof value !== 'object') return value
  const held = value as Readonly<Record<string, unknown>>
  switch (held['__class__']) {
    case undefined:
      return decodeFields(held)
    case 'Decimal':
      return plainDecimal(String(held['decimal']))
    case 'date':
      return dayOf(held)
    case 'datetime':
      return `${dayOf(held)}T${two(held, 'hour')}:${two(held, 'minute')}:${two(held, 'second')}.${padded(held['microsecond'], 6)}Z`
    case 'time':
      return `${two(held, 'hour')}:${two(held, 'minute')}:${two(held, 'second')}`
    case 'timedelta':
      return Number(held['seconds'])
    case 'bytes':
      return new Uint8Array(Buffer.from(String(held['base64']), 'base64'))
    default:
      return decodeFields(held)
  }
}

/** Python writes small and large Decimals with an exponent ('0E-4', '1E+2'); ours never have one. */
export function plainDecimal(text: string): string {
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  const shift = Number(exponent)
  const digits = whole + fraction
  const point = whole.length + shift
  const left = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0'
  const right = point > 0 ? digits.slice(point) : '0'.repeat(-point) + digits
  const number = left.replace(/^0+(?=\d)/, '') + (right === '' ? '' : `.${right}`)
  return sign === '-' && /[1-9]/.test(number) ? `-${number}` : number
}

/** Tryton's rates are fractions: '0.19' is 19 %. */
export function percentOf(rate: string): string {
  return plain(multiply(rate, '100'))
}

function decodeFields(held: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const fields = Object.entries(held).filter(([name]) => !(`${name}.` in held))
  return Object.fromEntries(fields.map(([name, value]) => [name.replace(/\.$/, ''), decode(value)]))
}

const dayOf = (held: Readonly<Record<string, unknown>>) =>
  `${padded(held['year'], 4)}-${two(held, 'month')}-${two(held, 'day')}`
const two = (held: Readonly<Record<string, unknown>>, name: string) => padded(held[name], 2)
const padded = (value: unknown, length: number) => String(value).padStart(length, '0')
