import type { Shelf } from '@linchpin/lookalike'
import { KeyError, UserError } from './errors.ts'
import { models, type Field, type Model } from './schema.ts'

export type Row = { id: number } & Record<string, unknown>
/** A value as words, for messages and numbers; nothing for what is none. */
export const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

export type Values = Readonly<Record<string, unknown>>
export type Context = Readonly<Record<string, unknown>>

/** What a model does beyond keeping rows. */
export interface Behaviour {
  /** Fills in and refuses before a row is made or changed. `old` is null for a new one. */
  readonly before?: (books: Books, values: Values, old: Row | null) => Values
  readonly after?: (books: Books, row: Row, isNew: boolean) => void
  readonly beforeDelete?: (books: Books, row: Row) => void
  readonly fields?: Readonly<Record<string, (books: Books, row: Row, context: Context) => unknown>>
}

/**
 * The tables, and how Tryton changes them: one transaction a call, undone as a whole when something is refused. Stamps
 * are those of the transaction's start, and `write_date` is empty until the first change.
 */
export class Books {
  readonly #shelf: Shelf
  readonly #now: () => number
  readonly #behaviours: Readonly<Record<string, Behaviour>>
  readonly #extra = new Map<string, Record<string, Field>>()
  #undo: (() => void)[] | null = null
  #stamp = ''

  constructor(shelf: Shelf, now: () => number, behaviours: Readonly<Record<string, Behaviour>>) {
    this.#shelf = shelf
    this.#now = now
    this.#behaviours = behaviours
  }

  transaction<T>(work: () => T, stamp = this.stampOf(this.#now())): T {
    if (this.#undo !== null) return work()
    this.#undo = []
    this.#stamp = stamp
    try {
      return work()
    } catch (error) {
      for (const undo of this.#undo.toReversed()) undo()
      throw error
    } finally {
      this.#undo = null
    }
  }

  /** Microseconds, as PostgreSQL has them. */
  stampOf(ms: number): string {
    return new Date(ms).toISOString().replace('Z', '000Z')
  }
  today(): string {
    return new Date(this.#now()).toISOString().slice(0, 10)
  }

  model(name: string): Model {
    const model = models[name]
    if (!model) throw new KeyError(name)
    return model
  }
  field(model: string, name: string): Field {
    const found = this.#extra.get(model)?.[name] ?? this.model(model).fields[name]
    if (!found) throw new KeyError(name)
    return found
  }
  /** All fields of a model. */
  fields(model: string): Readonly<Record<string, Field>> {
    return { ...this.model(model).fields, ...this.#extra.get(model) }
  }
  /** A field that a module of the operator's own would add. */
  addField(model: string, name: string, field: Field = { is: 'char' }): void {
    this.#extra.set(model, { ...this.#extra.get(model), [name]: field })
  }

  all(model: string): Row[] {
    this.model(model)
    return this.#table(model)
      .all()
      .toSorted((left, right) => left.id - right.id)
  }
  find(model: string, id: unknown): Row | undefined {
    return this.#table(model).get(String(id))
  }
  need(model: string, id: unknown): Row {
    const row = this.find(model, id)
    if (row) return row
    const { title } = this.model(model)
    throw new UserError(
      `You are trying to read records "${String(id)}" of "${title}" that don't exist anymore.`,
    )
  }
  /** Those with this very value in a field of the row itself. */
  having(model: string, name: string, value: unknown): Row[] {
    this.model(model)
    return this.#table(model)
      .having(name, value)
      .toSorted((left, right) => left.id - right.id)
  }
  where(model: string, keep: (row: Row) => boolean): Row[] {
    return this.all(model).filter(keep)
  }

  /** A field's value: of a relation, ids; of what is computed, what it comes to now. */
  value(model: string, row: Row, name: string, context: Context = {}): unknown {
    const field = this.field(model, name)
    if (field.is === 'one2many') return this.children(field, model, row).map(child => child.id)
    if (field.is === 'many2many') return row[name] ?? []
    if (field.is !== 'function') return row[name] ?? null
    if (field.through !== undefined) {
      const { to } = this.field(model, field.through) as { to: string }
      return this.value(to, this.need(to, row[field.through]), name, context)
    }
    const compute = this.#behaviours[model]?.fields?.[name]
    if (compute) return compute(this, row, context) ?? null
    if (name === 'rec_name') return row['name'] ?? row['number'] ?? String(row.id)
    return null
  }

  children(field: Extract<Field, { is: 'one2many' }>, model: string, row: Row): Row[] {
    const by = this.field(field.to, field.by)
    const mine = by.is === 'reference' ? `${model},${row.id}` : row.id
    const sorted = this.having(field.to, field.by, mine)
    return sorted.toSorted((left, right) => Number(left['sequence'] ?? 0) - Number(right['sequence'] ?? 0))
  }

  create(model: string, given: Values): number {
    const { fields } = this.model(model)
    const defaults = Object.entries(fields).flatMap(([name, field]) =>
      'default' in field ? [[name, field.default]] : [],
    )
    const values = this.#check(model, { ...Object.fromEntries(defaults), ...given }, null)
    const id = this.#shelf.next(model)
    const row: Row = { id, create_date: this.#stamp, write_date: null }
    this.#put(model, { ...row, ...this.#own(model, values, []) })
    this.#relate(model, id, values)
    this.#behaviours[model]?.after?.(this, this.need(model, id), true)
    return id
  }

  write(model: string, id: number, given: Values): void {
    const old = this.find(model, id)
    const { title } = this.model(model)
    if (!old)
      throw new UserError(
        `You are not allowed to write to records "${id}" of "${title}" because of at least one of these rules:\nUser in companies`,
      )
    const values = this.#check(model, given, old)
    this.#put(model, { ...old, ...this.#own(model, values, old), write_date: this.#stamp })
    this.#relate(model, id, values)
    this.#behaviours[model]?.after?.(this, this.need(model, id), false)
  }

  delete(model: string, id: number): void {
    const row = this.need(model, id)
    this.#behaviours[model]?.beforeDelete?.(this, row)
    for (const field of Object.values(this.model(model).fields))
      if (field.is === 'one2many' && field.to.startsWith(model.split('.')[0] ?? ''))
        for (const child of this.children(field, model, row)) this.delete(field.to, child.id)
    this.#remember(model, id)
    this.#table(model).remove(id)
  }

  #check(model: string, values: Values, old: Row | null): Values {
    for (const [name, value] of Object.entries(values)) {
      const field = this.field(model, name)
      if (field.is !== 'many2one' || value === null || value === undefined || this.find(field.to, value))
        continue
      throw new UserError(
        `The value "${text(value)}" for field "${name}" in "${this.model(model).title}" does not exist.`,
      )
    }
    return this.#behaviours[model]?.before?.(this, values, old) ?? values
  }

  /** What stands in the row itself. */
  #own(model: string, values: Values, old: Row | readonly []): Values {
    const own = Object.entries(values).flatMap(([name, value]) => {
      const field = this.field(model, name)
      if (field.is === 'one2many' || field.is === 'function') return []
      const held = Array.isArray(old) ? [] : (((old as Row)[name] ?? []) as number[])
      return [[name, field.is === 'many2many' ? linked(held, value as Command[]) : value]]
    })
    return Object.fromEntries(own)
  }

  #relate(model: string, id: number, values: Values): void {
    for (const [name, value] of Object.entries(values)) {
      const field = this.field(model, name)
      if (field.is !== 'one2many') continue
      const by = this.field(field.to, field.by).is === 'reference' ? `${model},${id}` : id
      for (const [command, ...rest] of (value ?? []) as Command[]) {
        if (command === 'create')
          for (const child of rest[0] as Values[]) this.create(field.to, { ...child, [field.by]: by })
        if (command === 'add')
          for (const child of rest[0] as number[]) this.write(field.to, child, { [field.by]: by })
        if (command === 'write')
          for (const child of rest[0] as number[]) this.write(field.to, child, rest[1] as Values)
        if (command === 'delete') for (const child of rest[0] as number[]) this.delete(field.to, child)
      }
    }
  }

  #put(model: string, row: Row): void {
    this.#remember(model, row.id)
    this.#table(model).put(row.id, row)
  }
  #remember(model: string, id: number): void {
    const table = this.#table(model)
    const before = table.get(id)
    this.#undo?.push(() => void (before === undefined ? table.remove(id) : table.put(id, before)))
  }
  #table(model: string) {
    return this.#shelf.table<Row>(model)
  }
}

type Command = readonly [name: string, ...rest: unknown[]]

function linked(held: readonly number[], commands: readonly Command[]): number[] {
  return commands.reduce<number[]>(
    (ids, [command, some]) => {
      const these = some as number[]
      return command === 'add'
        ? [...new Set([...ids, ...these])]
        : command === 'remove'
          ? ids.filter(id => !these.includes(id))
          : ids
    },
    [...held],
  )
}
