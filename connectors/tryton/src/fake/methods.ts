import { wire as types } from '../wire.ts'
import { decode } from '../wire.ts'
import { order as compare, fits } from './domain.ts'
import { KeyError, UserWarning } from './errors.ts'
import type { Books, Context, Row, Values } from './books.ts'
import { models } from './schema.ts'
import { button, cancelInvoice, cancelShipment, ignore } from './sales.ts'
import { presented } from './wire.ts'

/** What a method does. Its parameters come decoded, without the context. */
export interface Call {
  readonly books: Books
  readonly params: readonly unknown[]
  readonly context: Context
  /** Files of invoices: [extension, bytes]. */
  readonly print: (invoice: Row) => readonly [string, Uint8Array]
  readonly denied: ReadonlySet<string>
  /** Warnings that the next call of a method meets, by its name. */
  readonly warnings: Map<string, { readonly name: string; readonly message: string }>
}

/** Answers a result, or null for a method that Tryton does not offer over RPC (403). */
export function perform(method: string, call: Call): { readonly result: unknown } | null {
  const { books, params } = call
  warn(method, call)
  const special = SPECIAL[method]
  if (special) return { result: special(call) }
  const [, kind = '', model = '', name = ''] = /^(model|wizard|report)\.(.+)\.(\w+)$/.exec(method) ?? []
  if (kind === 'wizard') return wizard(model, name, call)
  if (kind === 'report') return name === 'execute' ? { result: report(call) } : null
  if (!(model in models)) throw new KeyError(model)
  const ids = params[0] as number[]
  switch (name) {
    case 'search':
      return { result: search(model, call).map(row => row.id) }
    case 'search_read':
      return {
        result: search(model, call).map(row =>
          presented(books, model, row, params[4] as string[], call.context),
        ),
      }
    case 'read':
      return {
        result: ids.map(id =>
          presented(books, model, books.need(model, id), params[1] as string[], call.context),
        ),
      }
    case 'create':
      return { result: (params[0] as Values[]).map(values => books.create(model, values)) }
    case 'write':
      for (const id of ids) books.write(model, id, params[1] as Values)
      return { result: null }
    case 'delete':
      for (const id of ids) books.delete(model, id)
      return { result: null }
    case 'fields_get':
      return { result: definitions(books, model, params[0] as string[]) }
    default:
      return press(model, name, call)
  }
}

/** Of the named fields, or of all when none is named. */
function definitions(books: Books, model: string, names: readonly string[]): object {
  const fields = Object.entries(books.fields(model)).filter(
    ([name]) => names.length === 0 || names.includes(name),
  )
  return Object.fromEntries(
    fields.map(([name, field]) => {
      const kind = field.is === 'function' ? field.as : field.is
      const type = typeof kind === 'string' ? kind : 'one' in kind ? 'many2one' : 'many2many'
      return [name, { name, type, digits: name === 'unit_price' ? '[16, 4]' : null }]
    }),
  )
}

function press(model: string, name: string, { books, params }: Call): { readonly result: unknown } | null {
  const ids = params[0] as number[]
  const act =
    model === 'sale.sale' && ['quote', 'confirm', 'process', 'draft', 'cancel'].includes(name)
      ? (id: number) => button(books, name, id)
      : model === 'stock.shipment.out' && name === 'cancel'
        ? (id: number) => cancelShipment(books, id)
        : model === 'account.invoice' && name === 'cancel'
          ? (id: number) => cancelInvoice(books, id)
          : null
  if (act === null) return null
  ids.forEach(act)
  return { result: null }
}

function search(model: string, { books, params, context }: Call): Row[] {
  const [domain, offset = 0, limit = null, sorting = null] = params as [
    unknown,
    number?,
    (number | null)?,
    ([string, string][] | null)?,
  ]
  const isActive = (row: Row) =>
    context['active_test'] === false || row['active'] !== false || mentions(domain, 'active')
  const found = candidates(books, model, domain).filter(
    row => isActive(row) && fits(books, model, row, domain, context),
  )
  const sorted = found.toSorted((left, right) => {
    for (const [path, direction] of sorting ?? []) {
      const sign = ordered(at(books, model, left, path), at(books, model, right, path))
      if (sign !== 0) return direction === 'DESC' ? -sign : sign
    }
    return left.id - right.id
  })
  return sorted.slice(offset, limit === null ? undefined : offset + limit)
}

/** No more rows than need be looked at: those that one of the clauses, all of which must hold, names. */
function candidates(books: Books, model: string, domain: unknown): Row[] {
  const clauses = Array.isArray(domain) && domain.every(Array.isArray) ? (domain as unknown[][]) : []
  for (const [path, operator, wanted] of clauses) {
    if (path === 'id' && operator === 'in' && Array.isArray(wanted))
      return [...new Set(wanted)].flatMap(id => books.find(model, id) ?? [])
    const isPlain = typeof path === 'string' && operator === '=' && (wanted ?? false) !== false
    const field = isPlain ? books.fields(model)[path] : undefined
    if (field && ['char', 'many2one', 'reference'].includes(field.is))
      return books.having(model, String(path), wanted)
  }
  return books.all(model)
}

/** As PostgreSQL sorts: nothing comes last. */
function ordered(left: unknown, right: unknown): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1
  return compare(left, right)
}

function at(books: Books, model: string, row: Row, path: string): unknown {
  const [name = '', ...rest] = path.split('.')
  const value = books.value(model, row, name)
  if (rest.length === 0) return value
  const field = books.field(model, name) as { to: string }
  const next = books.find(field.to, value)
  return next ? at(books, field.to, next, rest.join('.')) : null
}

const mentions = (domain: unknown, field: string): boolean =>
  Array.isArray(domain) && (domain[0] === field || domain.some(each => mentions(each, field)))

const SPECIAL: Readonly<Record<string, (call: Call) => unknown>> = {
  'model.res.user.get_preferences': () => ({
    language: 'en',
    company: 1,
    groups: [1],
    'company.rec_name': 'Look-alike Wares',
  }),
  'model.ir.date.today': ({ books }) => types.date(books.today()),
  'model.ir.model.access.get_access': ({ params, denied }) =>
    Object.fromEntries(
      (params[0] as string[]).map(model => [
        model,
        Object.fromEntries(
          ['read', 'write', 'create', 'delete'].map(right => [right, !denied.has(`${model}:${right}`)]),
        ),
      ]),
    ),
}

const WIZARDS: Readonly<Record<string, 'moves' | 'invoices'>> = {
  'sale.handle.shipment.exception': 'moves',
  'sale.handle.invoice.exception': 'invoices',
}

/** The two wizards that ask what to do about something cancelled. */
function wizard(
  name: string,
  step: string,
  { books, params, context }: Call,
): { readonly result: unknown } | null {
  const what = WIZARDS[name]
  if (what === undefined) return null
  if (step === 'create') return { result: [1, 'ask', 'end'] }
  if (step === 'delete') return { result: null }
  const [, answers, state] = params as [number, Record<string, Record<string, unknown>>, string]
  if (state === 'ask')
    return { result: { view: { defaults: { [`recreate_${what}`]: [], [`domain_${what}`]: [] } } } }
  // Every field of the form must come back; the real one fails inside when one is missing.
  if (!(`domain_${what}` in (answers['ask'] ?? {}))) throw new KeyError(`domain_${what}`)
  ignore(books, Number(context['active_id']), what)
  return { result: {} }
}

function report({ books, params, print }: Call): unknown {
  const [[id]] = params as [number[]]
  const invoice = books.need('account.invoice', id)
  const [extension, bytes] = print(invoice)
  return [
    extension,
    { __class__: 'bytes', base64: Buffer.from(bytes).toString('base64') },
    false,
    `Invoice-${String(invoice['number'])}`,
  ]
}

/** A warning stands in the way until it is acknowledged by its name; one acknowledgement is good for once. */
function warn(method: string, { books, warnings }: Call): void {
  const warning = warnings.get(method)
  if (!warning) return
  const answered = books.where('res.user.warning', row => row['name'] === warning.name)[0]
  if (!answered) throw new UserWarning(warning.name, warning.message)
  books.delete('res.user.warning', answered.id)
  warnings.delete(method)
}

export const decodeParams = (params: readonly unknown[]): readonly unknown[] =>
  decode(params) as readonly unknown[]
