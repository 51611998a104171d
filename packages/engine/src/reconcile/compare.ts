import {
  explainMapping,
  type CompiledMapping,
  type ExplainedField,
  type LinkRequest,
} from '@linchpin/mapping'
import {
  contentHash,
  equal,
  type Canonical,
  type EntityName,
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
}

/**
 * What the flow's mapping makes of the source's record, against what it makes of the target's own, as if that had been
 * the source: so exactly what the flow carries is compared, in the target's terms, an operator's own fields included.
 * What the target does not tell us cannot differ.
 */
export function fieldsThatDiffer({ ours, theirs, write, read, link }: Comparing): readonly FieldDifference[] {
  const wanted = explainMapping(write, ours, { link }).fields
  const found = explainMapping(write, theirs, { link: ({ id }) => id }).fields
  const told = Object.keys(read.mapping.fields)
  return wanted.flatMap((field, index) => {
    const other = found[index]
    if (other === undefined || field.problem !== null || other.problem !== null) return []
    if (![...pathsOf(field), ...pathsOf(other)].every(path => isTold(path, told))) return []
    // What the flow leaves out stays there as it is.
    if (field.outcome === undefined || isAlike(field.outcome, other.outcome)) return []
    return [{ field: field.field, ours: field.outcome, theirs: other.outcome }]
  })
}

const pathsOf = ({ reads }: ExplainedField) => reads.map(({ path }) => path)

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
  return contentHash(plain(left)) === contentHash(plain(right))
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
  return { field: 'totals.payable', ours: words(left), theirs: words(right) }
}

function totalOf(record: Canonical): { readonly amount: string; readonly currency: string } | null {
  const { totals, currency } = record as Partial<SalesOrder>
  return totals === undefined || currency === undefined ? null : { amount: totals.payable, currency }
}

/** What must be the same of two documents besides their totals. */
export function statesThatDiffer(
  entity: EntityName,
  ours: Canonical,
  theirs: Canonical,
): readonly FieldDifference[] {
  const pairs: [string, unknown, unknown][] = [['cancelled', isCancelled(ours), isCancelled(theirs)]]
  if (entity === 'Shipment') pairs.push(['tracking', parcelsOf(ours), parcelsOf(theirs)])
  return pairs
    .filter(([, left, right]) => !isAlike(left, right))
    .map(([field, left, right]) => ({ field, ours: left, theirs: right }))
}

const isCancelled = (record: Canonical) => (record as { status?: string }).status === 'cancelled'
const parcelsOf = (record: Canonical) => (record as Shipment).tracking.map(({ number }) => number).toSorted()
