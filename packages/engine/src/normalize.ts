import type { Snapshot } from '@linchpin/connector'
import { applyMapping, type MappingContext } from '@linchpin/mapping'
import {
  contentHash,
  demandOf,
  entities,
  guestAccount,
  parentsOf,
  referencesOf,
  type Account,
  type Canonical,
  type EntityName,
  type Price,
  type SalesOrder,
} from '@linchpin/model'
import type { Duty, ReadRecord, StoredRecord } from '@linchpin/store'
import { isDirect, mappingVersion, readMappingName, type Setup } from './setup.ts'

/**
 * A row as its system has it, made canonical, with everything that follows from its content alone. A row that our
 * mapping cannot read is kept all the same, with the reason: it parks its deliveries instead of vanishing.
 */
export function normalize(
  connection: string,
  entity: EntityName,
  snapshot: Snapshot<unknown>,
  { setup, route, force }: { setup: Setup; route: Route; force: boolean },
): readonly ReadRecord[] {
  const { id, row } = snapshot
  const mapping = mappingVersion(setup, readMappingName(connection, entity))
  const read = canonicalOf(setup, connection, entity, { id, row })
  const whole = goesWhole(setup, connection, entity)
  return recordsOf(connection, entity, snapshot, read, { route, force, mapping, whole })
}

/** From point to point, also what has no place in the canonical record goes on. */
export function goesWhole({ flows }: Setup, connection: string, entity: EntityName): boolean {
  return flows.some(flow => isDirect(flow) && flow.entity === entity && flow.from === connection)
}

/** What our mapping made of a row, or why it could not. */
export type Canonicalized = ReturnType<typeof canonicalOf>

/** The same, of a row that was made canonical already. */
export function recordsOf(
  connection: string,
  entity: EntityName,
  { id, version, row }: Snapshot<unknown>,
  made: Canonicalized,
  { route, force, mapping, whole }: { route: Route; force: boolean; mapping: number; whole: boolean },
): readonly ReadRecord[] {
  const base = { entity, id, version, row, force, mapping }
  if ('problem' in made) {
    const duties = route(connection, entity, id, null)
    const hash = contentHash(row)
    return [{ ...base, hash, canonical: null, problem: made.problem, references: [], parents: [], duties }]
  }
  const { canonical } = made
  const hash = contentHash(whole ? [canonical, row] : canonical)
  const read = withFacts({ ...base, hash }, connection, canonical, route, changedAt(canonical))
  const guest = entity === 'SalesOrder' ? guestAccount(canonical as SalesOrder) : null
  return guest === null ? [read] : [read, guestRecord(connection, guest, version, route)]
}

/** A record that another process read and made canonical, with everything that follows from its content alone. */
export function heardRecord(
  {
    connection,
    entity,
    id,
    version,
    hash,
    canonical,
    problem,
  }: Omit<StoredRecord, 'readAt' | 'changedAt' | 'gone'>,
  route: Route,
  force: boolean,
): ReadRecord {
  // Its own row stays with whoever read it.
  const base = { entity, id, version, row: canonical ?? {}, force }
  const parsed = problem === null ? entities[entity].safeParse(canonical) : null
  if (parsed?.success) return withFacts({ ...base, hash }, connection, parsed.data, route)
  const faults = parsed?.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []
  const words =
    problem ?? `Its ${entity} came over the bus and does not read as one. ${faults.slice(0, 5).join('; ')}.`
  const duties = route(connection, entity, id, null)
  return { ...base, hash, canonical: null, problem: words, references: [], parents: [], duties }
}

function changedAt(canonical: Canonical): number | undefined {
  const { modifiedAt } = canonical as { modifiedAt?: string }
  return modifiedAt === undefined ? undefined : Date.parse(modifiedAt)
}

/** Which deliveries a record's change makes due; decided in route.ts. */
export type Route = (
  connection: string,
  entity: EntityName,
  id: string,
  canonical: unknown,
) => readonly Duty[]

/** What a system tells is made ours before it is linked. */
const LINKS_NOTHING: MappingContext = { link: () => null }

/** Records of a connection that another process speaks to came canonical. */
export function canonicalOf(
  setup: Setup,
  connection: string,
  entity: EntityName,
  { id, row }: Pick<Snapshot<unknown>, 'id' | 'row'>,
): { readonly canonical: Canonical } | { readonly problem: string } {
  try {
    if (!setup.here.has(connection)) return { canonical: entities[entity].parse(row) }
    const corrected = setup.live.corrected(connection, entity, id, row)
    const { value } = applyMapping(setup.readMapping(connection, entity), corrected, LINKS_NOTHING)
    const parsed = entities[entity].safeParse(value)
    if (parsed.success) return { canonical: withGuestId(entity, parsed.data) }
    const faults = parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`)
    return { problem: `Its ${entity} does not read as one. ${faults.slice(0, 5).join('; ')}.` }
  } catch (error) {
    return {
      problem: `Its ${entity} does not read as one. ${error instanceof Error ? error.message : String(error)}`,
    }
  }
}

/** An order of a guest names the account that we make of the guest. */
function withGuestId(entity: EntityName, canonical: Canonical): Canonical {
  if (entity !== 'SalesOrder') return canonical
  const order = canonical as SalesOrder
  const guest = guestAccount(order)
  return guest === null ? order : { ...order, buyer: { ...order.buyer, id: guest.id } }
}

type Base = Pick<ReadRecord, 'entity' | 'id' | 'version' | 'row' | 'force' | 'mapping' | 'hash'>

/** A million of them are made in a first load: one that is put together of many others takes several times as long. */
function withFacts(
  base: Base,
  connection: string,
  canonical: Canonical,
  route: Route,
  modifiedAt?: number,
): ReadRecord {
  const { entity, id } = base
  const record: { -readonly [key in keyof ReadRecord]: ReadRecord[key] } = {
    ...base,
    canonical,
    problem: null,
    references: referencesOf(entity, canonical as never),
    parents: parentsOf(entity, canonical as never),
    duties: route(connection, entity, id, canonical),
  }
  if (modifiedAt !== undefined) record.modifiedAt = modifiedAt
  if (entity === 'SalesOrder') record.demand = demandOf(canonical as SalesOrder)
  if (entity === 'Price') record.price = pricePoint(canonical as Price)
  return record
}

function guestRecord(connection: string, guest: Account, version: string, route: Route): ReadRecord {
  const base = { entity: 'Account' as const, id: guest.id, version, row: guest, force: false }
  return withFacts({ ...base, hash: contentHash(guest) }, connection, guest, route)
}

function pricePoint(price: Price): NonNullable<ReadRecord['price']> {
  return {
    product: price.product,
    priceList: price.priceList ?? '',
    currency: price.currency,
    list: price.list,
    sale: price.sale?.amount ?? null,
    saleFrom: price.sale?.from ?? null,
    saleTo: price.sale?.to ?? null,
    taxInclusive: price.taxInclusive,
  }
}
