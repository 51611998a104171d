import type { Shelf } from '@linchpin/lookalike'
import { pythonError, missingError, validationError } from './errors.ts'
import { matches, type Domain, type Term } from './domain.ts'
import { schemaOf, type Context, type Field, type Model } from './schema.ts'

export type Value = string | number | boolean | readonly number[]
export type Stored = { readonly id: number } & Readonly<Record<string, Value>>
export type Vals = Readonly<Record<string, unknown>>
export interface Find {
  readonly order?: string
  readonly limit?: number
  readonly offset?: number
  readonly context?: Context
}
/** What a model does besides keeping its fields. */
export interface Behaviour {
  readonly defaults?: (orm: Orm, vals: Vals) => Vals
  /** Values as the database will keep them, of a create and of a write. */
  readonly normal?: (orm: Orm, vals: Vals) => Vals
  readonly created?: (orm: Orm, row: Stored, vals: Vals) => void
  readonly writing?: (orm: Orm, row: Stored, vals: Vals) => Vals
  readonly written?: (orm: Orm, row: Stored, before: Stored) => void
  readonly unlinking?: (orm: Orm, row: Stored) => void
}

/** A small Odoo: models with typed fields on a shelf, and transactions whose stamp is their start. */
export class Orm {
  readonly major: number
  readonly schema: Record<string, Model>
  readonly now: () => number
  /** Whether an Odoo chooses taxes by a fiscal position of its own: then lines without explicit taxes get none. */
  fiscalTrap = false
  /** Whether lowering an order leaves what is to be picked as it was. */
  keepsMoves = false
  /** Of the call that is being done. */
  context: Context = {}
  readonly #shelf: Shelf
  readonly #behaviours: Readonly<Record<string, Behaviour>>
  #staged: Map<string, Stored | null> | null = null
  #stamp = ''

  constructor(
    shelf: Shelf,
    options: {
      readonly major: number
      readonly without: readonly string[]
      readonly now: () => number
      readonly behaviours: Readonly<Record<string, Behaviour>>
    },
  ) {
    this.#shelf = shelf
    this.#behaviours = options.behaviours
    this.major = options.major
    this.now = options.now
    this.schema = { ...schemaOf(options.major, options.without) }
  }

  /** All or nothing. The returned function makes it visible: at once by `transaction`, late by whoever holds it. */
  begin<Result>(work: () => Result): { readonly result: Result; readonly commit: () => void } {
    const outer = this.#staged
    if (outer) return { result: this.#savepoint(outer, work), commit: () => undefined }
    const staged = new Map<string, Stored | null>()
    this.#staged = staged
    this.#stamp = stampOf(this.now())
    try {
      const result = work()
      return { result, commit: () => this.#commit(staged) }
    } finally {
      this.#staged = null
    }
  }

  #savepoint<Result>(staged: Map<string, Stored | null>, work: () => Result): Result {
    const before = [...staged]
    try {
      return work()
    } catch (error) {
      staged.clear()
      for (const [key, row] of before) staged.set(key, row)
      throw error
    }
  }

  transaction<Result>(work: () => Result): Result {
    const { result, commit } = this.begin(work)
    commit()
    return result
  }

  all(model: string): Stored[] {
    const rows = new Map(
      this.#shelf
        .table<Stored>(model)
        .all()
        .map(row => [row.id, row]),
    )
    for (const [key, row] of this.#staged ?? []) {
      const [name, id] = key.split('#')
      if (name !== model) continue
      if (row === null) rows.delete(Number(id))
      else rows.set(Number(id), row)
    }
    return [...rows.values()]
  }

  /** Rows with this very value in a field that is kept, by id. */
  having(model: string, name: string, value: Value): Stored[] {
    const rows = new Map<number, Stored>()
    for (const row of this.#shelf.table<Stored>(model).having(name, value)) rows.set(row.id, row)
    for (const [key, row] of this.#staged ?? []) {
      const [staged, id] = key.split('#')
      if (staged !== model) continue
      if (row?.[name] === value) rows.set(row.id, row)
      else rows.delete(Number(id))
    }
    return [...rows.values()].toSorted((left, right) => left.id - right.id)
  }

  get(model: string, id: number): Stored | undefined {
    const staged = this.#staged?.get(`${model}#${id}`)
    if (staged !== undefined) return staged ?? undefined
    return this.#shelf.table<Stored>(model).get(id)
  }

  need(model: string, id: number): Stored {
    const row = this.get(model, id)
    if (!row) throw missingError(model, id)
    return row
  }

  /** A field's value as it is kept or computed: ids for relations, `false` for nothing. */
  value(model: string, row: Stored, name: string, context: Context = {}): Value {
    const field = this.field(model, name)
    if (field === null) {
      const template =
        model === 'product.product' ? this.get('product.template', Number(row['product_tmpl_id'])) : undefined
      if (template && this.field('product.template', name))
        return this.value('product.template', template, name, context)
      throw pythonError('ValueError', `Invalid field '${name}' on model '${model}'`)
    }
    if (name === 'display_name') return this.nameOf(model, row)
    if (field.compute) return field.compute(this, row, context)
    if (field.type === 'one2many') return this.linesOf(field, row.id).map(line => line.id)
    return row[name] ?? emptyOf(field)
  }

  number(model: string, row: Stored, name: string, context: Context = {}): number {
    return Number(this.value(model, row, name, context))
  }

  ids(model: string, row: Stored, name: string): number[] {
    const value = this.value(model, row, name)
    return Array.isArray(value) ? (value as number[]) : []
  }

  related(model: string, row: Stored, name: string): Stored | undefined {
    const relation = this.field(model, name)?.relation
    const id = this.value(model, row, name)
    return relation && typeof id === 'number' ? this.get(relation, id) : undefined
  }

  field(model: string, name: string): Field | null {
    return this.schema[model]?.[name] ?? null
  }

  /** Fields of a model, with those that a variant borrows from its template. */
  fieldsOf(model: string): Model {
    const own = this.schema[model] ?? {}
    return model === 'product.product' ? { ...this.schema['product.template'], ...own } : own
  }

  linesOf(field: Field, id: number): Stored[] {
    const { relation = '', inverse = '' } = field
    return this.having(relation, inverse, id).toSorted(
      (a, b) => Number(a['sequence'] || 0) - Number(b['sequence'] || 0) || a.id - b.id,
    )
  }

  nameOf(model: string, row: Stored): string {
    const own = row['name']
    if (model === 'product.product') {
      const name = String(this.value(model, row, 'name'))
      return row['default_code'] ? `[${String(row['default_code'])}] ${name}` : name
    }
    if (model === 'res.country.state') {
      const country = this.related(model, row, 'country_id')
      return `${String(own)} (${String(country?.['code'] ?? '')})`
    }
    return typeof own === 'string' ? own : `${model},${row.id}`
  }

  search(model: string, domain: Domain, { order, limit, offset = 0, context = {} }: Find = {}): Stored[] {
    const archives = 'active' in this.fieldsOf(model) && context['active_test'] !== false
    const hides = archives && !domain.some(term => Array.isArray(term) && term[0] === 'active')
    const found = this.#candidates(model, domain).filter(
      row => (!hides || row['active'] !== false) && matches(this, model, row, domain),
    )
    const sorted = found.toSorted(this.#by(model, order ?? 'id'))
    return sorted.slice(offset, limit ? offset + limit : undefined)
  }

  /** No more rows than need be looked at: those that one of the terms, all of which must hold, names. */
  #candidates(model: string, domain: Domain): Stored[] {
    const terms = domain.every(term => Array.isArray(term))
      ? (domain as readonly Exclude<Term, string>[])
      : []
    for (const [name, operator, wanted] of terms) {
      if (name === 'id' && operator === 'in' && Array.isArray(wanted))
        return [...new Set(wanted as number[])].flatMap(id => this.get(model, id) ?? [])
      const field = this.field(model, name)
      const isKept = field && !field.compute && !field.type.endsWith('2many') && name !== 'display_name'
      if (isKept && operator === '=' && wanted) return this.having(model, name, wanted as Value)
    }
    return this.all(model)
  }

  create(model: string, vals: Vals): Stored {
    const id = this.#shelf.next(model)
    const behaviour = this.#behaviours[model]
    const given = behaviour?.normal?.(this, vals) ?? vals
    const whole: Record<string, unknown> = {
      ...('active' in this.fieldsOf(model) && { active: true }),
      ...behaviour?.defaults?.(this, given),
      ...given,
    }
    if (model === 'product.product' && !whole['product_tmpl_id'])
      Object.assign(whole, { product_tmpl_id: this.create('product.template', this.#borrowed(whole)).id })
    const row = { ...this.#plain(model, id, whole), id, create_date: this.#stamp } as Stored
    this.#stage(model, row)
    for (const [name, field] of Object.entries(this.schema[model] ?? {}))
      if (
        field.required &&
        field.type !== 'one2many' &&
        !this.need(model, id)[name] &&
        !(name in whole && field.compute)
      )
        throw validationError(`Missing required value for the field '${labelOf(name)}' (${name})`)
    this.#lines(model, id, whole)
    behaviour?.created?.(this, this.need(model, id), whole)
    return this.need(model, id)
  }

  write(model: string, ids: readonly number[], vals: Vals): void {
    for (const id of ids) {
      const before = this.need(model, id)
      const behaviour = this.#behaviours[model]
      const given = behaviour?.normal?.(this, vals) ?? vals
      const wanted = behaviour?.writing?.(this, before, given) ?? given
      if (model === 'product.product') this.#writeBorrowed(before, wanted)
      this.#stage(model, { ...before, ...this.#plain(model, id, wanted) } as Stored)
      this.#lines(model, id, wanted)
      behaviour?.written?.(this, this.need(model, id), before)
    }
  }

  unlink(model: string, ids: readonly number[]): void {
    for (const id of ids) {
      this.#behaviours[model]?.unlinking?.(this, this.need(model, id))
      for (const data of this.all('ir.model.data'))
        if (data['model'] === model && data['res_id'] === id)
          this.#staged?.set(`ir.model.data#${data.id}`, null)
      this.#staged?.set(`${model}#${id}`, null)
    }
  }

  /** The operator adds a field of text, as with Odoo Studio. */
  addField(model: string, name: string): void {
    this.schema[model] = { ...this.schema[model], [name]: { type: 'char' } }
  }

  next(sequence: string, first = 1): number {
    return this.#shelf.next(sequence, first)
  }

  /** The values that a row keeps: no lines, nothing computed, ids as numbers. */
  #plain(model: string, id: number, vals: Vals): Record<string, Value> {
    const kept: Record<string, Value> = {}
    for (const [name, value] of Object.entries(vals)) {
      const field = this.field(model, name)
      if (!field) {
        if (name in this.fieldsOf(model)) continue
        throw pythonError('ValueError', `Invalid field ${JSON.stringify(name)} in ${model}`)
      }
      if (field.type === 'one2many' || field.compute) continue
      if (field.type === 'many2many') kept[name] = this.#links(this.get(model, id)?.[name], value)
      else kept[name] = (value ?? false) as Value
    }
    return kept
  }

  #links(before: Value | undefined, value: unknown): number[] {
    const ids = new Set(Array.isArray(before) ? (before as number[]) : [])
    for (const command of (value || []) as (number | [number, number, number[]])[]) {
      if (typeof command === 'number') ids.add(command)
      else if (command[0] === 4) ids.add(command[1])
      else if (command[0] === 3) ids.delete(command[1])
      else if (command[0] === 5) ids.clear()
      else if (command[0] === 6) {
        ids.clear()
        for (const id of command[2]) ids.add(id)
      }
    }
    return [...ids]
  }

  #lines(model: string, id: number, vals: Vals): void {
    for (const [name, commands] of Object.entries(vals)) {
      const field = this.field(model, name)
      if (field?.type !== 'one2many' || field.compute) continue
      const { relation = '', inverse = '' } = field
      for (const [verb, line, values] of (commands || []) as [number, number, Vals][]) {
        if (verb === 0) this.create(relation, { ...values, [inverse]: id })
        else if (verb === 1) this.write(relation, [line], values)
        else if (verb === 2) this.unlink(relation, [line])
        else if (verb === 5)
          this.unlink(
            relation,
            this.linesOf(field, id).map(row => row.id),
          )
      }
    }
  }

  #borrowed(vals: Vals): Vals {
    const template = this.schema['product.template'] ?? {}
    const own = this.schema['product.product'] ?? {}
    const borrowed = Object.entries(vals).filter(([name]) => name in template && !(name in own))
    const price = vals['lst_price']
    return { ...Object.fromEntries(borrowed), ...(price !== undefined && { list_price: price }) }
  }

  #writeBorrowed(row: Stored, vals: Vals): void {
    const borrowed = this.#borrowed(vals)
    if (Object.keys(borrowed).length > 0)
      this.write('product.template', [Number(row['product_tmpl_id'])], borrowed)
  }

  #stage(model: string, row: Stored): void {
    if (!this.#staged) throw new Error('a look-alike writes only inside a transaction')
    this.#staged.set(`${model}#${row.id}`, { ...row, write_date: this.#stamp })
  }

  #commit(staged: ReadonlyMap<string, Stored | null>): void {
    for (const [key, row] of staged) {
      const [model = '', id = ''] = key.split('#')
      if (row === null) this.#shelf.table(model).remove(id)
      else this.#shelf.table<Stored>(model).put(id, row)
    }
  }

  #by(model: string, order: string): (left: Stored, right: Stored) => number {
    const terms = order.split(',').map(term => term.trim().split(/\s+/))
    return (left, right) => {
      for (const [name = 'id', way] of terms) {
        const a = this.value(model, left, name)
        const b = this.value(model, right, name)
        if (a !== b) return (a < b ? -1 : 1) * (way?.toLowerCase() === 'desc' ? -1 : 1)
      }
      return 0
    }
  }
}

/** PostgreSQL keeps microseconds; the API will show whole seconds. */
function stampOf(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '')
}

function emptyOf(field: Field): Value {
  if (field.type === 'one2many' || field.type === 'many2many') return []
  return field.type === 'float' || field.type === 'monetary' || field.type === 'integer' ? 0 : false
}

export function labelOf(name: string): string {
  const words = name.replace(/_ids?$/, '').replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
