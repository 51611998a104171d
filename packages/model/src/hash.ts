import { hash } from 'node:crypto'

/**
 * A short name for a content: equal for equal values whatever the order of their keys, and for a key that is missing
 * or undefined. 128 bits of SHA-256 over JSON with sorted keys, as 32 hex digits.
 */
export function contentHash(value: unknown): string {
  return hash('sha256', stableJson(value), 'hex').slice(0, 32)
}

/**
 * JSON with the keys of every object in order and undefined left out. Every record that is read comes through here, often
 * more than once: texts that are added up take half as long as lists that are joined.
 */
export function stableJson(value: unknown): string {
  if (Array.isArray(value)) return listJson(value)
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const fields = value as Readonly<Record<string, unknown>>
  let text = ''
  for (const name of Object.keys(fields).toSorted()) {
    const field = fields[name]
    if (field !== undefined) text += (text === '' ? '' : ',') + quoted(name) + stableJson(field)
  }
  return `{${text}}`
}

function listJson(list: readonly unknown[]): string {
  let text = ''
  for (const item of list) text += (text === '' ? '' : ',') + stableJson(item ?? null)
  return `[${text}]`
}

/** The names of fields are few, and the same in a million records; those that an operator invents have an end, too. */
const known = new Map<string, string>()
const MOST_KNOWN = 5_000

function quoted(name: string): string {
  const found = known.get(name)
  if (found !== undefined) return found
  const made = `${JSON.stringify(name)}:`
  if (known.size < MOST_KNOWN) known.set(name, made)
  return made
}
