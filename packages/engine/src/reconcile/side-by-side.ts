import { explainMapping, type CompiledMapping, type LinkRequest } from '@linchpin/mapping'
import type { Canonical } from '@linchpin/model'
import { healingOf, type Healing } from '../healing.ts'
import { applyWithLinks } from '../links.ts'
import { canonicalOf } from '../normalize.ts'
import { completed, type Preparing } from '../prepare.ts'
import { isDeliveredHere, wayBack, type Flow, type Setup } from '../setup.ts'
import { flowHere, pageOf } from '../sync.ts'
import { isThere } from '../reader.ts'
import {
  DOCUMENT_FIELDS,
  fieldsCompared,
  isAlike,
  isDocument,
  statesOf,
  totalsThatDiffer,
  totalOf,
} from './compare.ts'
import { readNow, type Deps } from './sides.ts'

/**
 * Why a side wins a field, or neither does:
 * - `carried`: the flow's mapping writes it, so that its source counts;
 * - `both ways`: another flow carries the entity back, so that who changed it last counts, and comparing this flow its source;
 * - `person`: a sum, or whether a document is called off; neither side's word is enough;
 * - `not told`: the target does not tell it, so that it cannot differ;
 * - `never changed`: the flow finds or creates records, and never changes what is there.
 */
export type WinsBecause = 'carried' | 'both ways' | 'person' | 'not told' | 'never changed'

/** One field that a flow carries, in the target's own words. */
export interface FieldOfBoth {
  readonly field: string
  readonly ours: unknown
  readonly theirs: unknown
  /** Null: nobody has asked the target for it yet. */
  readonly same: boolean | null
  /** The connection whose word counts; null: neither's. */
  readonly wins: string | null
  readonly because: WinsBecause
  /** What is done when it differs. */
  readonly heal: Healing
  /** How the mapping makes it ('decimal of price'); null: it does not come of one. */
  readonly made: string | null
}

/** Both records as far as they are known, or as they were just read. */
export interface Both {
  readonly id: string
  readonly ours: Canonical
  readonly theirs: Canonical | null
}

/** What the flow carries of a record, which side wins each field and why. Asks nobody. */
export async function sideBySide(both: Both, flow: Flow, deps: Preparing): Promise<readonly FieldOfBoth[]> {
  return isDocument(flow.entity) ? documentFields(both, flow) : contentFields(both, flow, deps)
}

async function contentFields(
  { id, ours: record, theirs }: Both,
  flow: Flow,
  deps: Preparing,
): Promise<readonly FieldOfBoth[]> {
  const { setup } = deps
  const { entity, from, to } = flow
  const ours = await completed({ entity, from, id }, record, flow, deps)
  const [write, read] = [setup.writeMapping(flow), setup.readMapping(to, entity)]
  const link = await linkFor(write, ours, flow, deps)
  const found = theirs === null ? [] : fieldsCompared({ ours, theirs, write, read, link, owner: from })
  const compared = new Map(found.map(each => [each.field, each]))
  const winner = winnerOf(flow, setup)
  return explainMapping(write, ours, { link })
    .fields.filter(({ outcome }) => outcome !== undefined)
    .map(({ field, outcome, words }) => {
      const other = compared.get(field)
      return {
        field,
        ours: outcome,
        theirs: other?.theirs ?? null,
        same: other?.same ?? null,
        ...(theirs !== null && other === undefined ? NOT_TOLD : winner),
        heal: healOf(field, flow),
        made: words,
      }
    })
}

/** A record that the mapping cannot make is shown without what it is linked to. */
async function linkFor(write: CompiledMapping, ours: Canonical, flow: Flow, { store }: Preparing) {
  const nothing = (_request: LinkRequest) => null
  return applyWithLinks(write, ours, flow, store).then(
    ({ link }) => link,
    () => nothing,
  )
}

const NOT_TOLD = { wins: null, because: 'not told' } as const

function winnerOf(flow: Flow, setup: Setup): Pick<FieldOfBoth, 'wins' | 'because'> {
  if (!flow.update) return { wins: null, because: 'never changed' }
  return { wins: flow.from, because: wayBack(flow, setup)?.update ? 'both ways' : 'carried' }
}

function healOf(field: string, { heal, entity }: Flow): Healing {
  const policy = heal ?? healingOf(entity)
  return policy.fields[field] ?? policy.otherwise
}

function healOfDocument(field: string, flow: Flow): Healing {
  const heal = healOf(field, flow)
  return field === 'total' && heal !== 'ignore' ? 'ask' : heal
}

/** A document is compared by its sum and by what became of it; another sum is never mended by writing. */
function documentFields({ ours, theirs }: Both, flow: Flow): readonly FieldOfBoth[] {
  const [left, right] = [factsOf(ours, flow), theirs && factsOf(theirs, flow)]
  return DOCUMENT_FIELDS.filter(field => left[field] !== undefined).map(field => {
    const isTold = right?.[field] !== undefined
    const same =
      field === 'total' && theirs
        ? totalsThatDiffer(ours, theirs) === null
        : isAlike(left[field], right?.[field])
    const isOurs = field === 'tracking'
    return {
      field,
      ours: left[field],
      theirs: right?.[field] ?? null,
      same: isTold ? same : null,
      wins: isOurs ? flow.from : null,
      because: theirs !== null && !isTold ? 'not told' : isOurs ? 'carried' : 'person',
      heal: healOfDocument(field, flow),
      made: null,
    }
  })
}

function factsOf(record: Canonical, { entity }: Flow): Readonly<Record<string, unknown>> {
  const total = totalOf(record)
  return { ...statesOf(entity, record), ...(total && { total: `${total.amount} ${total.currency}` }) }
}

/** Both records as they are now in their systems; null: the source does not have it. */
export async function bothNow(name: string, id: string, deps: Deps): Promise<Both | null> {
  const flow = flowHere(name, deps)
  const page = await pageOf(flow, null, { ids: [id] }, deps)
  const [item] = page.items.filter(isThere)
  if (item === undefined) return null
  const ours = canonicalOf(deps.setup, flow.from, flow.entity, item)
  if (!('canonical' in ours)) return null
  const [targetId] = await deps.store.links([{ entity: flow.entity, connection: flow.from, id, to: flow.to }])
  const [other] = targetId == null ? [] : await readNow(flow.to, [targetId], flow, deps)
  const theirs = other && canonicalOf(deps.setup, flow.to, flow.entity, other)
  return { id, ours: ours.canonical, theirs: theirs && 'canonical' in theirs ? theirs.canonical : null }
}

/** What comparisons of this flow may be told to leave out. */
export function comparedFields(flow: Flow, setup: Setup): readonly string[] {
  // Only a parcel can be followed.
  if (isDocument(flow.entity))
    return DOCUMENT_FIELDS.filter(field => field !== 'tracking' || flow.entity === 'Shipment')
  return Object.keys(setup.writeMapping(flow).mapping.fields)
}

/** One of a flow's two records written over the other: by which flow, and how its source calls it. */
export type Push =
  { readonly flow: Flow; readonly id: string } | { readonly flow: Flow | null; readonly not: PushNot }

/**
 * Why one side cannot be written over the other: `no flow` carries it that way; the flow `never changes` what is there;
 * it is a `trial` that writes nothing; another process delivers it (`elsewhere`); or the side that it would come from has
 * no such record (`not there`).
 */
export type PushNot = 'no flow' | 'never changes' | 'trial' | 'elsewhere' | 'not there'

/** What would carry this record of the flow's source to that side, if anything does. */
export function pushOf(
  record: { readonly id: string; readonly targetId: string | null },
  to: string,
  flow: Flow,
  setup: Setup,
): Push {
  const way = to === flow.to ? flow : wayBack(flow, setup)
  if (way === null) return { flow: null, not: 'no flow' }
  const id = to === flow.to ? record.id : record.targetId
  if (id === null) return { flow: way, not: 'not there' }
  if (!isDeliveredHere(way, setup)) return { flow: way, not: 'elsewhere' }
  if (way.shadow) return { flow: way, not: 'trial' }
  const isNew = to === flow.to && record.targetId === null
  if (!way.update && !isNew) return { flow: way, not: 'never changes' }
  return { flow: way, id }
}
