/** As much of JSON Schema as ours have. */
export interface JsonSchema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly required?: readonly string[]
  readonly default?: unknown
  readonly description?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly format?: string
  readonly $ref?: string
}

/** What may stand there, for people: 'whole number, 1 to 1000'. */
export function wordsOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return code(schema.const)
  if (schema.enum) return schema.enum.map(code).join(', ')
  if (schema.anyOf) return [...new Set(schema.anyOf.map(wordsOf))].join(' or ')
  if (schema.type === 'array') return `list of ${schema.items ? wordsOf(schema.items) : 'anything'}`
  if (schema.type === 'object') return objectWords(schema)
  if (schema.type === 'integer' || schema.type === 'number') return numberWords(schema)
  if (schema.type === 'boolean') return '`true` or `false`'
  if (schema.type === 'null') return '`null`'
  if (schema.type === 'string') return TEXTS[schema.format ?? ''] ?? 'text'
  return 'any JSON'
}

const TEXTS: Readonly<Record<string, string>> = {
  uri: 'address (URL)',
  'date-time': 'instant, as `2026-11-23T00:00:00Z`',
}

function objectWords({ properties, additionalProperties }: JsonSchema): string {
  const names = Object.keys(properties ?? {})
  if (names.length === 1 && (names[0] === 'env' || names[0] === 'secret')) return `\`${names[0]}('NAME')\``
  if (names.length > 0) return `object with ${names.map(name => `\`${name}\``).join(', ')}`
  return typeof additionalProperties === 'object'
    ? `name → ${wordsOf(additionalProperties)}`
    : 'name → anything'
}

function numberWords({ type, minimum, maximum }: JsonSchema): string {
  const what = type === 'integer' ? 'whole number' : 'number'
  const least = minimum !== undefined && minimum > -Number.MAX_SAFE_INTEGER
  const most = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
  if (least && most) return `${what}, ${minimum} to ${maximum}`
  if (least) return `${what}, ${minimum} or more`
  return most ? `${what}, up to ${maximum}` : what
}

const code = (value: unknown) => `\`${JSON.stringify(value).replaceAll('"', "'")}\``
export const defaultOf = ({ default: value }: JsonSchema) => (value === undefined ? '' : code(value))
