import { createHash } from 'node:crypto'

/**
 * A short name for a content: equal for equal values whatever the order of their keys, and for a key that is missing
 * or undefined. 128 bits of SHA-256 over JSON with sorted keys, as 32 hex digits.
 */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(stableJson(value)).digest('hex').slice(0, 32)
}

/** JSON with the keys of every object in order and undefined left out. */
export function stableJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(item => stableJson(item ?? null)).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined)
    fields.sort(([left], [right]) => (left < right ? -1 : 1))
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${stableJson(field)}`).join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}
