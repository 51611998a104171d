import { layerOf, type CompiledField, type CompiledMapping, type LinkRequest } from '@linchpin/mapping'
import {
  equal,
  stableJson,
  type Canonical,
  type EntityName,
  type Payment,
  type SalesOrder,
  type Shipment,
} from '@linchpin/model'

/** One field in which the target is not what the flow would make it, in the target's own words. */
export interface FieldDifference {
  readonly field: string
  /** What the flow would write there. */
  readonly ours: unknown
  /** Undefined: nothing. */
  readonly theirs: unknown
  /** The connection whose word counts in this flow; null: neither's, a person decides. */
  readonly owner: string | null
}

export interface Comparing {
  /** Canonical records of the source and of the target. */
  readonly ours: Canonical
  readonly theirs: Canonical
  /** The flow's mapping to the target's rows, and the target's own from its rows. */
  readonly write: CompiledMapping
  readonly read: CompiledMapping
  /** The target's id of a record of the source. */
  readonly link: (request: LinkRequest) => string | null
  /** The flow's source. */
  readonly owner: string
}

/**
 * What the flow's mapping makes of the source's record, against what it makes of the target's own, as if that had been
 * the source: so exactly what the flow carries is compared, in the target's terms, an operator's own fields included.
 * What the target does not tell us cannot differ.
 */
export function fieldsThatDiffer(comparing: Comparing): readonly FieldDifference[] {
  return fieldsCompared(comparing)
    .filter(({ same }) => !same)
    .map(({ same: _same, ...difference }) => difference)
}

/** Each field that the flow carries and the target tells, and whether both have the same. */
export function fieldsCompared(
  comparing: Comparing,
): readonly (FieldDifference & { readonly same: boolean })[] {
  const { ours, theirs, write, read, link, owner } = comparing
  const wanted = carried(write, read, ours, link)
  const found = new Map(carried(write, read, theirs, sameId).map(field => [field.name, field]))
  return wanted.flatMap(({ name, outcome, adds }) => {
    const other = found.get(name)
    // What the flow leaves out stays there as it is.
    if (other === undefined || outcome === undefined) return []
    // A mapping that adds something ('Mug (MUG-1)') would add it to its own work once more.
    const seen = seenIn(other)
    const isSeen = seen.some(value => isAlike(outcome, value))
    const same = (!adds && isAlike(outcome, other.outcome)) || isSeen
    const shown = isSeen ? outcome : seen[0]
    return [{ field: name, ours: outcome, theirs: adds ? shown : other.outcome, owner, same }]
  })
}

export const sameId = ({ id }: LinkRequest): string => id

/** What the flow's mapping makes of a record, as far as the target tells it; but for fields that it cannot make. */
export function carried(
  write: CompiledMapping,
  read: CompiledMapping,
  record: Canonical,
  link: (request: LinkRequest) => string | null,
): readonly Carried[] {
  const told = toldBy(read)
  const missing = new Map<string, LinkRequest>()
  const fields: Carried[] = []
  for (const field of write.fields) {
    const reads: Read[] = []
    const run = {
      root: record,
      context: { link },
      missing,
      onRead: listener(reads),
    }
    const outcome = outcomeOf(field, record, run)
    if (outcome === CANNOT || !reads.every(({ path }) => tells(read, path, told))) continue
    fields.push({ name: field.name, outcome, reads, adds: mayAdd(write, field) && !takesAway(reads, read) })
  }
  return fields
}

function listener(reads: Read[]): (path: string, value: unknown) => void {
  return (path, value) => void reads.push({ path, value })
}

const CANNOT = Symbol('a field that cannot be made')

function outcomeOf(field: CompiledField, record: Canonical, run: Parameters<CompiledField['evaluate']>[1]) {
  try {
    return field.evaluate(record, run)
  } catch {
    return CANNOT
  }
}

interface Carried {
  readonly name: string
  readonly outcome: unknown
  /** What it was made of. */
  readonly reads: readonly Read[]
  /** An operator's own template may add something to what it reads: making it of the target's own proves nothing. */
  readonly adds: boolean
}

interface Read {
  readonly path: string
  readonly value: unknown
}

/** The values that a field was made of; but for those of paths that it read for each item of a list. */
function seenIn({ reads }: Carried): readonly unknown[] {
  const isAlone = ({ path }: Read) => reads.filter(other => other.path === path).length === 1
  return reads.filter(isAlone).map(({ value }) => value)
}

/** What the operator's own reading takes away again is no addition. */
function takesAway(reads: readonly Read[], { mapping }: CompiledMapping): boolean {
  return reads.some(({ path }) => layerOf(mapping, path.split(/[.[]/)[0] ?? '') !== 'connector')
}

/** The same for every record: comparing millions of them asks for it each time. */
const additions = new WeakMap<CompiledField, boolean>()

function mayAdd({ mapping }: CompiledMapping, field: CompiledField): boolean {
  const known = additions.get(field)
  if (known !== undefined) return known
  const isOwn = layerOf(mapping, field.name) !== 'connector'
  const adds = isOwn && JSON.stringify(field.expression).includes('"template":')
  additions.set(field, adds)
  return adds
}

const toldPaths = new WeakMap<CompiledMapping, Map<string, boolean>>()

function toldBy(read: CompiledMapping): Map<string, boolean> {
  const known = toldPaths.get(read) ?? new Map<string, boolean>()
  toldPaths.set(read, known)
  return known
}

function tells(read: CompiledMapping, path: string, known: Map<string, boolean>): boolean {
  const found = known.get(path)
  if (found !== undefined) return found
  const told = isTold(path, Object.keys(read.mapping.fields))
  known.set(path, told)
  return told
}

/** Whether the target's read mapping fills this path of the canonical record, a part of it, or what it is in. */
function isTold(path: string, told: readonly string[]): boolean {
  return told.some(name => name === path || isInside(path, name) || isInside(name, path))
}

function isInside(path: string, of: string): boolean {
  return path.startsWith(`${of}.`) || path.startsWith(`${of}[`)
}

/**
 * The same but for how it is written ('12.00' and 12, blanks around a text, an empty text and nothing), and for the ids
 * of parts: each system has its own, and those that matter are linked.
 */
export function isAlike(left: unknown, right: unknown): boolean {
  return likeness(left) === likeness(right)
}

/** One text for all values that are alike. */
export function likeness(value: unknown): string {
  return stableJson(plain(value))
}

function plain(value: unknown): unknown {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return plainText(value.trim())
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(plain)
  if (value === null || typeof value !== 'object') return value ?? undefined
  const fields = Object.entries(value).map(([name, field]) => [name, plain(field)] as const)
  const filled = fields.filter(([name, field]) => name !== 'id' && field !== undefined)
  return filled.length === 0 ? undefined : Object.fromEntries(filled)
}

function plainText(text: string): string | undefined {
  if (text === '') return undefined
  // A GTIN keeps its leading zeros: it is a name made of digits, not a figure.
  return /^-?(0|[1-9]\d*)\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text
}

/** Documents are compared by what they are about: the sum, whether they stand, and where their parcels are. */
const DOCUMENTS = [
  'SalesOrder',
  'Shipment',
  'Invoice',
  'CreditNote',
  'Payment',
  'Refund',
  'ReturnAuthorization',
]

/** The fields that documents are compared by. */
export const DOCUMENT_FIELDS: readonly string[] = ['total', 'cancelled', 'tracking']

export function isDocument(entity: EntityName): boolean {
  return DOCUMENTS.includes(entity)
}

/** Null where one of the two has no total (a shipment), and where both are called off: some systems then say zero. */
export function totalsThatDiffer(ours: Canonical, theirs: Canonical): FieldDifference | null {
  if (isCancelled(ours) && isCancelled(theirs)) return null
  const [left, right] = [totalOf(ours), totalOf(theirs)]
  if (left === null || right === null) return null
  if (left.currency === right.currency && equal(left.amount, right.amount)) return null
  const words = (each: typeof left) => `${each.amount} ${each.currency}`
  return { field: 'total', ours: words(left), theirs: words(right), owner: null }
}

/** What a document is about in money: an order's sum, a payment's amount. */
export function totalOf(record: Canonical): { readonly amount: string; readonly currency: string } | null {
  const { totals, amount, currency } = record as Partial<
    Pick<SalesOrder, 'totals'> & Pick<Payment, 'amount' | 'currency'>
  >
  const sum = totals?.payable ?? amount
  return sum === undefined || currency === undefined ? null : { amount: sum, currency }
}

/** Two documents, by their sum and by what became of them. */
export function documentsDiffer(
  entity: EntityName,
  ours: Canonical,
  theirs: Canonical,
  owner: string,
): readonly FieldDifference[] {
  const total = totalsThatDiffer(ours, theirs)
  return [...(total === null ? [] : [total]), ...statesThatDiffer(entity, ours, theirs, owner)]
}

/** What must be the same of two documents besides their totals. */
export function statesThatDiffer(
  entity: EntityName,
  ours: Canonical,
  theirs: Canonical,
  owner: string,
): readonly FieldDifference[] {
  const [left, right] = [statesOf(entity, ours), statesOf(entity, theirs)]
  return (
    Object.keys(left)
      .filter(field => !isAlike(left[field], right[field]))
      // Either side may call a document off.
      .map(field => ({
        field,
        ours: left[field],
        theirs: right[field],
        owner: field === 'cancelled' ? null : owner,
      }))
  )
}

export function statesOf(entity: EntityName, record: Canonical): Readonly<Record<string, unknown>> {
  const cancelled = isCancelled(record)
  return entity === 'Shipment' ? { cancelled, tracking: parcelsOf(record) } : { cancelled }
}

const isCancelled = (record: Canonical) => (record as { status?: string }).status === 'cancelled'
const parcelsOf = (record: Canonical) => (record as Shipment).tracking.map(({ number }) => number).toSorted()
