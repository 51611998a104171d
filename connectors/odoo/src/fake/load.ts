import { OdooError, pythonError } from './errors.ts'
import { labelOf, type Orm, type Vals } from './orm.ts'

export interface Loaded {
  readonly ids: readonly number[] | false
  readonly messages: readonly { readonly type: 'error'; readonly message: string; readonly record?: number }[]
  readonly nextrow: number
}
type Rows = readonly (readonly unknown[])[]

/**
 * Odoo's import: rows of texts, upserted by external id, all or nothing. Lines nested in a row are added to the record
 * each time, also when it was there: loading an order with its lines twice doubles them.
 */
export function load(orm: Orm, model: string, fields: readonly string[], data: Rows): Loaded {
  for (const row of data)
    for (const cell of row)
      if (typeof cell !== 'string')
        throw pythonError(
          'AttributeError',
          `'${typeof cell === 'number' ? 'int' : typeof cell}' object has no attribute 'strip'`,
        )
  try {
    const ids = orm.transaction(() =>
      recordsIn(fields, data).map(record => loadOne(orm, model, fields, record)),
    )
    return { ids, messages: [], nextrow: 0 }
  } catch (error) {
    if (!(error instanceof OdooError)) throw error
    return { ids: false, messages: [{ type: 'error', message: error.message, record: 0 }], nextrow: 0 }
  }
}

/** A row without an id and without own columns goes on with the lines of the record before it. */
function recordsIn(fields: readonly string[], data: Rows): Rows[] {
  const own = fields.flatMap((field, index) => (isNested(field) ? [] : [index]))
  const records: (readonly unknown[])[][] = []
  for (const row of data)
    if (records.length > 0 && own.every(index => row[index] === '')) records.at(-1)?.push(row)
    else records.push([row])
  return records
}

function isNested(field: string): boolean {
  return /\/(?!\.?id$)/.test(field)
}

function loadOne(orm: Orm, model: string, fields: readonly string[], rows: Rows): number {
  const [row = []] = rows
  const vals: Record<string, unknown> = {}
  let key: string | null = null
  fields.forEach((field, index) => {
    const cell = textAt(row, index)
    if (field === 'id') key = cell
    else if (!isNested(field)) vals[field.split('/')[0] ?? field] = converted(orm, model, field, cell)
  })
  const nested = nestedLines(orm, model, fields, rows)
  return upsert(orm, model, key, { ...vals, ...nested })
}

function nestedLines(orm: Orm, model: string, fields: readonly string[], rows: Rows): Vals {
  const lines: Record<string, unknown[]> = {}
  for (const row of rows) {
    const line: Record<string, Record<string, unknown>> = {}
    fields.forEach((field, index) => {
      const [parent = '', ...rest] = field.split('/')
      if (!isNested(field) || row[index] === '') return
      const relation = orm.field(model, parent)?.relation ?? ''
      const name = rest[0] ?? ''
      line[parent] = { ...line[parent], [name]: converted(orm, relation, rest.join('/'), textAt(row, index)) }
    })
    for (const [parent, values] of Object.entries(line)) (lines[parent] ??= []).push([0, 0, values])
  }
  return lines
}

function converted(orm: Orm, model: string, column: string, cell: string): unknown {
  const [name = '', by] = column.split('/')
  const field = orm.fieldsOf(model)[name]
  if (!field) throw new OdooError('odoo.exceptions.UserError', `Unknown field "${name}" in ${model}`, 422)
  if (cell === '') return false
  if (field.type === 'many2one')
    return by === '.id'
      ? existing(orm, field.relation ?? '', cell, name)
      : byName(orm, field.relation ?? '', cell, by, name)
  if (field.type === 'boolean') return ['1', 'true', 'yes'].includes(cell.toLowerCase())
  if (field.type === 'integer' || field.type === 'float' || field.type === 'monetary') return Number(cell)
  return cell
}

function existing(orm: Orm, relation: string, cell: string, name: string): number {
  if (orm.get(relation, Number(cell))) return Number(cell)
  throw new OdooError(
    'odoo.exceptions.UserError',
    `No matching record found for database id '${cell}' in field '${labelOf(name)}'`,
    422,
  )
}

function byName(orm: Orm, relation: string, cell: string, by: string | undefined, name: string): number {
  const found =
    by === 'id' ? dataOf(orm, cell)?.['res_id'] : orm.all(relation).find(row => row['name'] === cell)?.id
  if (typeof found === 'number') return found
  throw new OdooError(
    'odoo.exceptions.UserError',
    `No matching record found for ${by === 'id' ? 'external id' : 'name'} '${cell}' in field '${labelOf(name)}'`,
    422,
  )
}

function dataOf(orm: Orm, xmlid: string) {
  const dot = xmlid.indexOf('.')
  const [module, name] = dot < 0 ? ['__import__', xmlid] : [xmlid.slice(0, dot), xmlid.slice(dot + 1)]
  return orm.all('ir.model.data').find(row => row['module'] === module && row['name'] === name)
}

function upsert(orm: Orm, model: string, key: string | null, vals: Vals): number {
  const data = key ? dataOf(orm, key) : undefined
  if (data && orm.get(model, Number(data['res_id']))) {
    orm.write(model, [Number(data['res_id'])], vals)
    return Number(data['res_id'])
  }
  const made = orm.create(model, vals)
  if (!key) return made.id
  const dot = key.indexOf('.')
  const module = dot < 0 ? '__import__' : key.slice(0, dot)
  orm.create('ir.model.data', { module, name: key.slice(dot + 1), model, res_id: made.id })
  return made.id
}

/** Every cell is a text: \`load\` has seen to that. */
function textAt(row: readonly unknown[], index: number): string {
  const cell = row[index]
  return typeof cell === 'string' ? cell : ''
}
