import type { Chance } from '../chance.ts'
import type { Kernel } from '../kernel.ts'
import type { RemoteFaults } from '../plan.ts'
import { createPast } from './past.ts'

/** A row of a simulated system. Times in ms; `changed` is the stamp that it tells. */
export interface Row {
  readonly id: string
  readonly rev: number
  readonly changed: number
  /** From then on it is found by searches. */
  readonly searchableAt: number
  /** Our key, where it was created by us. */
  readonly key: string | null
  readonly fields: Fields
}
export type Fields = Readonly<Record<string, unknown>>

export interface Request {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: Fields
  readonly token: string
  /** From Linchpin: the key that a create carries. */
  readonly key: string | null
}
export interface Reply {
  readonly status: number
  readonly body: unknown
  readonly retryAfter?: number
}

/** A shop or an ERP: tables of rows, with the habits of real ones. */
export interface Remote {
  readonly name: string
  readonly rows: (table: string) => readonly Row[]
  readonly row: (table: string, id: string) => Row | undefined
  /** What its own people and programs do. Becomes visible when its transaction ends, perhaps late. */
  readonly edit: (table: string, id: string | null, change: (fields: Fields) => Fields) => string
  /** Its people throw a row away; `back` after so many ms they take it out of the bin, as it was. */
  readonly bin: (table: string, id: string, back: number | null) => void
  /** What has been there for long, known to every search. */
  readonly furnish: (table: string, id: string | null, fields: Fields) => string
  readonly handle: (request: Request) => Reply
  /** Takes a backup. What it answers brings everything back to this moment, the next id included. */
  readonly backUp: () => Backup
}

export interface Backup {
  readonly has: (table: string, id: string) => boolean
  readonly restore: () => void
}

export interface RemoteOptions {
  readonly kernel: Kernel
  readonly name: string
  readonly faults: RemoteFaults
  /** Whether a second create with one key answers the first row. */
  readonly honoursKeys: boolean
  readonly calm: () => boolean
  /** The instant whose state a read is answered from: now, or behind a replica that lags earlier. */
  readonly asOf: () => number
  /** How a row is told, by the version of its schema that it has just now. */
  readonly told: (table: string, row: Fields) => Fields
  /** Whether this row cannot be seen by its id just now. */
  readonly hides: (table: string, id: string) => boolean
  /** Called when a row was changed and can be seen; `ours`: by a request. */
  readonly onChange: (table: string, row: Row, how: 'created' | 'updated', ours: boolean) => void
  /** Called when a row was thrown away, for a while or for good. */
  readonly onGone: (table: string, row: Row, comesBack: boolean) => void
  /** A reason to refuse a write for good. */
  readonly objection: (table: string, fields: Fields, isNew: boolean) => string | null
  /** What a write of ours becomes: a closed order stays closed. */
  readonly settleFields?: (table: string, before: Fields, after: Fields) => Fields
}

export function createRemote(options: RemoteOptions): Remote {
  const { kernel, name, faults } = options
  const chance = kernel.chance(`remote ${name}`)
  const tables = new Map<string, Map<string, Row>>()
  const commits = new Map<string, number>()
  const binned = new Set<string>()
  const table = (which: string) => {
    const found = tables.get(which) ?? new Map<string, Row>()
    tables.set(which, found)
    return found
  }
  const past = createPast(() => kernel.now())
  const set = (which: string, row: Row) => {
    table(which).set(row.id, row)
    if (faults.staleMs > 0) past.note(which, row.id, row)
  }
  let last = 1000
  let restores = 0
  const put = (
    which: string,
    id: string,
    stamp: number,
    key: string | null,
    fields: Fields,
    ours: boolean,
  ) => {
    const known = table(which).get(id)
    const floored = Math.floor(stamp / faults.stampMs) * faults.stampMs
    // Where replicas lag, no two states bear one stamp.
    const changed = faults.staleMs > 0 ? Math.max(floored, (known?.changed ?? 0) + 1) : floored
    const searchableAt = known?.searchableAt ?? kernel.now() + lag(faults.indexLagMs, chance, options.calm())
    const row = { id, rev: (known?.rev ?? 0) + 1, changed, searchableAt, key: known?.key ?? key, fields }
    set(which, row)
    options.onChange(which, row, known ? 'updated' : 'created', ours)
    return row
  }
  const store = {
    table,
    seen: (which: string) => past.at(which, options.asOf()) ?? table(which),
    nextId: () => String((last += 1)),
    put: (which: string, id: string, key: string | null, fields: Fields) =>
      put(which, id, kernel.now(), key, fields, true),
  }
  return {
    name,
    rows: which => [...table(which).values()],
    row: (which, id) => table(which).get(id),
    furnish(which, known, fields) {
      const id = known ?? store.nextId()
      set(which, { id, rev: 1, changed: kernel.now(), searchableAt: 0, key: null, fields })
      return id
    },
    edit(which, known, change) {
      const id = known ?? store.nextId()
      const [stamp, began] = [kernel.now(), restores]
      // One transaction after the other for one row, each with the stamp of its beginning.
      const at = Math.max(
        (commits.get(`${which} ${id}`) ?? -1) + 1,
        stamp + lag(faults.lateCommitMs, chance, options.calm()),
      )
      commits.set(`${which} ${id}`, at)
      kernel.at(at, `${name} commits ${which} ${id}`, () => {
        // What was under way when the system broke down is no more; its id goes to another.
        if (restores !== began) return
        const before = table(which).get(id)
        // It was thrown away meanwhile, or forgotten.
        if (!before && known !== null && (restores > 0 || binned.has(`${which} ${id}`))) return
        put(which, id, Math.max(stamp, before?.changed ?? 0), null, change(before?.fields ?? {}), false)
      })
      return id
    },
    bin(which, id, back) {
      const row = table(which).get(id)
      if (!row) return
      table(which).delete(id)
      if (faults.staleMs > 0) past.note(which, id, undefined)
      binned.add(`${which} ${id}`)
      options.onGone(which, row, back !== null)
      if (back === null) return
      kernel.at(kernel.now() + back, `${name} takes ${which} ${id} back`, () => {
        table(which).set(id, row)
        put(which, id, kernel.now(), row.key, row.fields, false)
      })
    },
    handle: request => handle(request, store, options),
    backUp() {
      const saved = new Map([...tables].map(([which, rows]) => [which, new Map(rows)]))
      const next = last
      return {
        has: (which, id) => saved.get(which)?.has(id) ?? false,
        restore() {
          tables.clear()
          for (const [which, rows] of saved) tables.set(which, new Map(rows))
          if (faults.staleMs > 0) past.restore(saved)
          last = next
          restores += 1
        },
      }
    },
  }
}

const lag = (most: number, chance: Chance, calm: boolean) => (most > 0 && !calm ? chance.between(0, most) : 0)

interface Shelf {
  /** As it is told to who reads it. */
  readonly seen: (which: string) => ReadonlyMap<string, Row>
  readonly table: (which: string) => Map<string, Row>
  readonly nextId: () => string
  readonly put: (which: string, id: string, key: string | null, fields: Fields) => Row
}

function handle(request: Request, shelf: Shelf, options: RemoteOptions): Reply {
  const [, which = '', id] = request.path.split('/')
  const table = shelf.table(which)
  if (request.method === 'GET')
    return { status: 200, body: { ok: true, rows: search(which, shelf.seen(which), request.query, options) } }
  if (id === 'batch') return batch(request, which, shelf, options)
  const refused = options.objection(which, request.body, id === undefined)
  if (refused !== null) return { status: 422, body: { ok: false, error: refused } }
  if (id === undefined)
    return {
      status: 201,
      body: { ok: true, row: tell(create(request, which, shelf, options), options, which) },
    }
  const row = table.get(id)
  if (!row) return { status: 404, body: { ok: false, error: `There is no ${which} ${id}.` } }
  const wanted = { ...row.fields, ...request.body }
  const after = options.settleFields?.(which, row.fields, wanted) ?? wanted
  const same = JSON.stringify(after) === JSON.stringify(row.fields)
  return {
    status: 200,
    body: { ok: true, row: tell(same ? row : shelf.put(which, id, row.key, after), options, which) },
  }
}

/** Many writes in one request, each with a result of its own; what fails there says nothing of the others. */
function batch(request: Request, which: string, shelf: Shelf, options: RemoteOptions): Reply {
  const items = request.body['items'] as readonly Item[]
  const results = items.map(({ key, id, body }) => {
    const path = id === null ? `/${which}` : `/${which}/${id}`
    const method = id === null ? 'POST' : 'PUT'
    const { status, body: answer } = handle({ ...request, method, path, key, body }, shelf, options)
    return { key, status, ...(answer as object) }
  })
  return { status: 200, body: { ok: true, results: told(results, options) } }
}

interface Item {
  readonly key: string
  readonly id: string | null
  readonly body: Fields
}

/** What of a batch's results reaches its sender. */
function told<Result>(results: readonly Result[], { kernel, name, faults, calm }: RemoteOptions): Result[] {
  if (calm()) return [...results]
  const chance = kernel.chance(`batch of ${name} at ${kernel.now()}`)
  const kept = results.filter(() => !chance.happens(faults.itemsDropped))
  const doubled = kept.flatMap(each => (chance.happens(faults.itemsDoubled) ? [each, each] : [each]))
  return chance.happens(faults.itemsReordered) ? doubled.toReversed() : doubled
}

function create({ key, body }: Request, which: string, shelf: Shelf, options: RemoteOptions): Row {
  const known =
    options.honoursKeys && key !== null
      ? [...shelf.table(which).values()].find(row => row.key === key)
      : undefined
  return known ?? shelf.put(which, shelf.nextId(), key, options.settleFields?.(which, {}, body) ?? body)
}

function search(
  which: string,
  table: ReadonlyMap<string, Row>,
  query: URLSearchParams,
  options: RemoteOptions,
): unknown[] {
  const { kernel, hides } = options
  const all = (found: readonly Row[]) => found.map(row => tell(row, options, which))
  const rows = [...table.values()]
  const ids = query.get('ids')?.split(',')
  if (ids) return all(rows.filter(row => ids.includes(row.id) && !hides(which, row.id)))
  const searchable = rows.filter(row => row.searchableAt <= kernel.now())
  const key = query.get('key')
  if (key !== null) return all(searchable.filter(row => row.key === key))
  const field = query.get('field')
  if (field !== null) return all(searchable.filter(row => row.fields[field] === query.get('is')))
  const [from, after] = [Number(query.get('from') ?? 0), query.get('after') ?? '']
  const inOrder = rows
    .filter(row => row.changed > from || (row.changed === from && row.id > after))
    .toSorted((a, b) => a.changed - b.changed || (a.id < b.id ? -1 : 1))
  return all(inOrder.slice(0, Number(query.get('limit') ?? 100)))
}

const tell = ({ id, rev, changed, key, fields }: Row, { told }: RemoteOptions, table: string) => ({
  ...told(table, fields),
  id,
  rev,
  changed: stampOf(changed),
  key,
})

/** The same few stamps are told again and again, and writing one is dear. */
function stampOf(ms: number): string {
  let stamp = stamps.get(ms)
  if (stamp === undefined) {
    if (stamps.size >= MOST_STAMPS) stamps.clear()
    stamps.set(ms, (stamp = new Date(ms).toISOString()))
  }
  return stamp
}

const stamps = new Map<number, string>()
const MOST_STAMPS = 10_000
