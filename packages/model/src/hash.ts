import { hash } from 'node:crypto'

/**
 * A short name for a content: equal for equal values whatever the order of their keys, and for a key that is missing
 * or undefined. 128 bits of SHA-256 over JSON with sorted keys, as 32 hex digits.
 */
export function contentHash(value: unknown): string {
  return textHash(stableJson(value))
}

export function textHash(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32)
}

/**
 * JSON with the keys of every object in order and undefined left out. Every record that is read comes through here, often
 * more than once: texts that are added up take half as long as lists that are joined.
 */
export function stableJson(value: unknown): string {
  if (typeof value === 'string') return textJson(value)
  if (Array.isArray(value)) return listJson(value)
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const fields = value as Readonly<Record<string, unknown>>
  let text = ''
  for (const name of sorted(Object.keys(fields))) {
    const field = fields[name]
    if (field !== undefined) text += (text === '' ? '' : ',') + quoted(name) + stableJson(field)
  }
  return `{${text}}`
}

/** Most texts hold nothing that JSON writes in another way. */
const textJson = (text: string) => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text))
const PLAIN = /^[ !#-[\]-~]*$/

/** In place. Objects have few names, mostly in order: for them this takes a third of what sorting takes. */
function sorted(names: string[]): readonly string[] {
  if (names.length > MOST_BY_HAND) return names.sort()
  for (let end = 1; end < names.length; end += 1) {
    const name = names[end] as string
    let at = end
    for (; at > 0 && (names[at - 1] as string) > name; at -= 1) names[at] = names[at - 1] as string
    names[at] = name
  }
  return names
}

const MOST_BY_HAND = 50

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
