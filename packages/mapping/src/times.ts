import type { Day, Instant } from '@linchpin/model'
import { shown } from './wrong.ts'

/**
 * A time of any usual writing as our instant: ISO 8601, a blank for the T, an offset, only a day, RFC 1123 as in HTTP,
 * seconds or milliseconds since 1970. UTC where it names no zone. Undefined for '0000-00-00', as MySQL writes nothing.
 * What is no time, or a day that no calendar has, is a RangeError.
 */
export function instantOf(value: unknown): Instant | undefined {
  if (typeof value === 'number') return fromEpoch(value, value)
  if (value instanceof Date) return fromEpoch(value.getTime() / 1000, value)
  const text = typeof value === 'string' ? value.trim() : ''
  const usual = USUAL.exec(text)
  if (usual) return instantText(text.slice(0, 19), usual[1] ?? '')
  if (text.startsWith('0000-00-00')) return undefined
  if (/^\d{10}(\d{3})?$/.test(text)) return fromEpoch(Number(text), value)
  const iso = ISO.exec(text)
  if (iso)
    return fromParts(
      iso.slice(1, 7).map(part => Number(part ?? 0)),
      iso[7] ?? '',
      iso[8] ?? 'Z',
      value,
    )
  const http = HTTP.exec(text)
  if (!http) throw new RangeError(`${shown(value)} is not a time like 2026-11-23T10:15:00Z.`)
  const [, day, month = '', year, hour, minute, second, zone = 'Z'] = http
  const parts = [year, MONTHS.indexOf(month.toLowerCase()) / 3 + 1, day, hour, minute, second]
  return fromParts(parts.map(Number), '', zone, value)
}

/** The day as its writer saw it, whatever the zone: '2026-11-23T00:00:00+01:00' is the 23rd. */
export function dayOf(value: unknown): Day | undefined {
  const instant = instantOf(value)
  const written = typeof value === 'string' ? /^\s*(\d{4}-\d\d-\d\d)/.exec(value)?.[1] : undefined
  return instant && (written ?? instant.slice(0, 10))
}

/** '2026-11-23 10:15:00', as Odoo and MySQL write UTC. */
export function spacedTimeOf(value: unknown): string | undefined {
  return instantOf(value)?.slice(0, 19).replace('T', ' ')
}

/** Whole seconds since 1970. */
export function epochOf(value: unknown): number | undefined {
  const instant = instantOf(value)
  return instant === undefined ? undefined : Math.floor(Date.parse(instant) / 1000)
}

// As most systems write it, on a day that every month has: nothing is left to be asked of a calendar.
const USUAL =
  /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.(\d{1,9}))?Z$/
const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})\d*)?)?\s?([Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?$/
const HTTP =
  /^(?:[A-Z][a-z]{2},? )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) (GMT|UTC|Z|[+-]\d{4})$/
const MONTHS = 'janfebmaraprmayjunjulaugsepoctnovdec'

function fromParts(parts: readonly number[], fraction: string, zone: string, value: unknown): Instant {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  const same = local.getUTCMonth() === month - 1 && local.getUTCDate() === day && local.getUTCHours() === hour
  if (!same || minute > 59 || second > 59 || year < 1000)
    throw new RangeError(`${shown(value)} names a day or hour that does not exist.`)
  const ms = local.getTime() - offsetMs(zone)
  if (ms > LAST) throw new RangeError(`${shown(value)} is after the year 9999.`)
  return written(ms, fraction)
}

function offsetMs(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? []
  const ms = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000
  return sign === '-' ? -ms : ms
}

/** Under 100 thousand million are seconds (to the year 5138), above are milliseconds (from 1973). */
function fromEpoch(epoch: number, value: unknown): Instant {
  const ms = Math.round(Math.abs(epoch) < 1e11 ? epoch * 1000 : epoch)
  if (!Number.isFinite(ms) || ms < 0 || ms > LAST)
    throw new RangeError(`${shown(value)} is not a time in seconds or milliseconds since 1970.`)
  return written(ms - (ms % 1000), String(ms % 1000).padStart(3, '0'))
}

const LAST = Date.UTC(9999, 11, 31, 23, 59, 59)

function written(ms: number, fraction: string): Instant {
  return instantText(new Date(ms).toISOString().slice(0, 19), fraction)
}

/** One instant, one text: zeros at the end of a fraction are left out. */
function instantText(second: string, fraction: string): Instant {
  const digits = fraction.replace(/0+$/, '')
  return digits === '' ? `${second}Z` : `${second}.${digits}Z`
}
