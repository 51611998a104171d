/**
 * How a field of the operator's own mapping is written on the screen: five everyday forms with fields of their own, and
 * everything else as data. The server checks what comes of it, as it is typed.
 */
export const FORMS = ['path', 'constant', 'template', 'lookup', 'data', 'none'] as const
export type Form = (typeof FORMS)[number]

/** null: the connector's field is left out. */
export function formOf(expression: unknown): Form {
  if (expression === null) return 'none'
  if (typeof expression === 'string') return 'path'
  const of = (expression ?? {}) as Readonly<Record<string, unknown>>
  const names = Object.keys(of).join()
  if (names === 'path') return 'path'
  if (names === 'constant') return 'constant'
  if (names === 'template') return 'template'
  return isLookup(of) ? 'lookup' : 'data'
}

const isLookup = ({ lookup, of, ...rest }: Readonly<Record<string, unknown>>) =>
  typeof lookup === 'string' && typeof of === 'string' && Object.keys(rest).length === 0

/** What stands in the form's text field. */
export function textOf(expression: unknown): string {
  const of = (expression ?? {}) as Readonly<Record<string, unknown>>
  switch (formOf(expression)) {
    case 'none':
      return ''
    case 'path':
      return typeof expression === 'string' ? expression : String(of['path'])
    case 'constant':
      return typeof of['constant'] === 'string' ? of['constant'] : JSON.stringify(of['constant'])
    case 'template':
      return String(of['template'])
    case 'lookup':
      return String(of['of'])
    case 'data':
      return JSON.stringify(expression, null, 2)
  }
}

export const tableOf = (expression: unknown) =>
  formOf(expression) === 'lookup' ? String((expression as { lookup: unknown }).lookup) : ''

/** The expression that a form's text stands for; undefined: what is typed is no data yet. */
export function expressionOf(form: Form, text: string, table: string): unknown {
  switch (form) {
    case 'none':
      return null
    case 'path':
      return text
    case 'constant':
      return { constant: valueOf(text) }
    case 'template':
      return { template: text }
    case 'lookup':
      return { lookup: table, of: text }
    case 'data':
      return parsed(text)
  }
}

/** true, 12 and null are what they are; everything else is a text. */
export function valueOf(text: string): unknown {
  return /^(true|false|null|-?\d+(\.\d+)?)$/.test(text) ? (JSON.parse(text) as unknown) : text
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
