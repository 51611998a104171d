import { Problem, Unanswered, type Io } from '@linchpin/connector'
import { decoded, type FieldTypes } from './decode.ts'
import type { Settings } from './settings.ts'
import { connect, type Call, type Connected } from './transport.ts'
import { dialectOf, type Dialect } from './versions.ts'

/** A row as Odoo names it, with `False` for nothing made null and floats made decimal texts. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: number }
export type Domain = readonly (string | readonly [string, string, unknown])[]
export interface Query {
  readonly domain: Domain
  readonly fields: readonly string[]
  readonly order?: string
  readonly limit?: number
  readonly context?: Readonly<Record<string, unknown>>
}

export interface Session {
  readonly settings: Settings
  readonly io: Io
  /** Whether something was sent that may have changed Odoo. */
  sent: boolean
  /** Signs in at the first use, so that a session can be opened while Odoo is down. */
  readonly connected: () => Promise<Connected>
  /** What was looked up and holds for a while, by name. */
  readonly remember: <Value>(name: string, find: () => Promise<Value>) => Promise<Value>
}

/** Long enough to spare most look-ups, short enough to notice a new custom field or an upgrade. */
const REMEMBERED_MS = 10 * 60_000

export function openSession(settings: Settings, io: Io): Session {
  const memory = new Map<string, { readonly at: number; readonly found: Promise<unknown> }>()
  const remember = <Value>(name: string, find: () => Promise<Value>): Promise<Value> => {
    const known = memory.get(name)
    if (known && io.now() - known.at < REMEMBERED_MS) return known.found as Promise<Value>
    const found = find()
    memory.set(name, { at: io.now(), found })
    // A failure is not remembered: the next call tries again.
    found.catch(() => memory.delete(name))
    return found
  }
  return {
    settings,
    io,
    sent: false,
    remember,
    connected: () => remember('connected', () => connect(settings, io)),
  }
}

const READING =
  /^(search|search_read|search_count|read|fields_get|context_get|has_access|check_access_rights)$/

export async function call<Result>(
  session: Session,
  model: string,
  method: string,
  how: Call,
): Promise<Result> {
  const { transport } = await session.connected()
  const { company } = session.settings
  const context = {
    // Imported dates are taken as the user's own time, labels come in the user's language: make both plain.
    lang: 'en_US',
    tz: 'UTC',
    ...(company && { allowed_company_ids: [company] }),
    ...how.context,
  }
  if (!READING.test(method)) session.sent = true
  return (await transport.call(model, method, { ...how, context })) as Result
}

export async function searchRead(session: Session, model: string, query: Query): Promise<Row[]> {
  const types = await fieldsOf(session, model)
  const { domain, order, limit, context } = query
  const rows = await call<Record<string, unknown>[]>(session, model, 'search_read', {
    args: {
      domain,
      fields: existing(query.fields, types),
      ...(order && { order }),
      ...(limit !== undefined && { limit }),
    },
    ...(context && { context }),
  })
  return listIn(rows, model).map(row => decoded(row, types))
}

/** A proxy, or a maintenance page that is JSON by chance, may answer anything. */
function listIn<Item>(answer: readonly Item[], model: string): readonly Item[] {
  if (Array.isArray(answer)) return answer
  throw new Unanswered('passing', `Odoo answered a search of ${model} with something else than a list.`)
}

/** These records in the order asked for; one that does not exist (any more), or is hidden from us, is left out. */
export async function readRows(
  session: Session,
  model: string,
  ids: readonly number[],
  fields: readonly string[],
  context: Readonly<Record<string, unknown>> = {},
): Promise<Row[]> {
  if (ids.length === 0) return []
  const unique = [...new Set(ids)]
  const rows = await searchRead(session, model, {
    domain: [['id', 'in', unique]],
    fields,
    context: { active_test: false, ...context },
  })
  const byId = new Map(rows.map(row => [row.id, row]))
  return unique.flatMap(id => byId.get(id) ?? [])
}

export async function dialect(session: Session): Promise<Dialect> {
  return dialectOf((await session.connected()).major)
}

/** The fields of a model and their types, as this Odoo with its modules has them. */
export function fieldsOf(session: Session, model: string): Promise<FieldTypes> {
  return session.remember(`fields ${model}`, async () => {
    const fields = await call<Record<string, { type: string }>>(session, model, 'fields_get', {
      args: { attributes: ['type'] },
    })
    if (fields === null || typeof fields !== 'object' || !('id' in fields))
      throw new Unanswered('passing', `Odoo does not tell the fields of ${model}.`)
    return new Map(Object.entries(fields).map(([name, { type }]) => [name, type]))
  })
}

/** What we want and is there, and all fields that the operator added (their names begin with x_). */
function existing(wanted: readonly string[], types: FieldTypes): string[] {
  const custom = [...types].filter(([name, type]) => name.startsWith('x_') && type !== 'binary')
  return [...new Set([...wanted.filter(name => types.has(name)), ...custom.map(([name]) => name)])]
}

/** Our ids are texts, Odoo's are numbers: what is not one cannot be a record there. */
function numberOf(id: string): number | null {
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : null
}

export function numbersOf(ids: readonly string[]): number[] {
  return ids.flatMap(id => numberOf(id) ?? [])
}

export function needNumber(id: string, what: string): number {
  const number = numberOf(id)
  if (number === null) throw new Problem('refused', `${what} ${id} is not an id of Odoo.`)
  return number
}
