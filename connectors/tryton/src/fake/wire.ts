import { plainDecimal, wire as types } from '../wire.ts'
import type { Books, Context, Row } from './books.ts'
import type { Field, Kind } from './schema.ts'

/** A row as `read` answers it: each field by its kind, and related fields under the relation's name with a dot. */
export function presented(
  books: Books,
  model: string,
  row: Row,
  fields: readonly string[],
  context: Context,
): Record<string, unknown> {
  const groups = new Map<string, string[]>()
  for (const path of ['id', ...fields]) {
    const [name = '', ...rest] = path.split('.')
    groups.set(name, [...(groups.get(name) ?? []), ...(rest.length > 0 ? [rest.join('.')] : [])])
  }
  const entries = [...groups].flatMap(([name, inner]) => {
    const field = books.field(model, name)
    const value = books.value(model, row, name, context)
    const own = [name, encoded(field, value)] as const
    return inner.length === 0
      ? [own]
      : [own, [`${name}.`, related(books, field, value, inner, context)] as const]
  })
  return Object.fromEntries(entries)
}

function related(
  books: Books,
  field: Field,
  value: unknown,
  fields: readonly string[],
  context: Context,
): unknown {
  const to =
    'to' in field
      ? field.to
      : field.is === 'function' && typeof field.as === 'object'
        ? Object.values(field.as)[0]
        : ''
  const one = (id: unknown) => {
    const row = books.find(String(to), id)
    return row ? presented(books, String(to), row, fields, context) : null
  }
  return Array.isArray(value) ? value.map(one) : one(value)
}

function encoded(field: Field, value: unknown): unknown {
  const kind = field.is === 'function' ? field.as : field.is
  return value === null || value === undefined || typeof kind !== 'string'
    ? (value ?? null)
    : typed(kind as Kind, value)
}

function typed(kind: Kind, value: unknown): unknown {
  if (kind === 'numeric') return types.decimal(plainDecimal(String(value)))
  if (kind === 'date') return types.date(String(value))
  if (kind === 'datetime') return types.datetime(String(value))
  return value
}
