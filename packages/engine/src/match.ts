import { Problem } from '@linchpin/connector'
import type { MatchKeys } from '@linchpin/mapping'
import { matchKeysOf, referencesOf, type Canonical } from '@linchpin/model'
import type { Delivery } from '@linchpin/store'
import type { Delivering } from './deliver.ts'
import { canonicalOf } from './normalize.ts'
import type { Reading } from './read.ts'
import { freshness, isThere, readerOf, type Told } from './reader.ts'
import { entityOf, known, type Flow } from './setup.ts'
import { flowHere, imagined, pageOf } from './sync.ts'

/** How sure it is that a record of the target is the same as one of the source. */
export type Likeness = 'linked' | 'sure' | 'likely' | 'ambiguous' | 'unmatched'

export interface Matched {
  readonly id: string
  readonly label: string | null
  readonly is: Likeness
  readonly words: string
  /** Records of the target that carry one of its keys. */
  readonly candidates: readonly { readonly id: string; readonly label: string | null; readonly by: string }[]
}

type Deps = Reading & Delivering

/**
 * Which records of a page of the source are in the target already, by SKU, GTIN, VAT number, e-mail or number. Nothing is
 * linked, nothing is created: a person reads it first.
 */
export async function match(
  request: { readonly flow: string; readonly cursor: string | null },
  deps: Deps,
): Promise<{
  readonly matched: readonly Matched[]
  readonly next: string | null
  /** How fresh the source is where another process speaks to it; null: it was asked now. */
  readonly told: Told | null
}> {
  const flow = flowHere(request.flow, deps)
  const page = await pageOf(flow, request.cursor, {}, deps)
  const unique = [...new Map(page.items.filter(isThere).map(item => [item.id, item])).values()]
  const deliveries = await imagined(flow, unique, deps)
  const told = freshness(flow.from, page.items, deps)
  return { matched: await matchAll(deliveries, flow, deps), next: page.next, told }
}

interface Found {
  readonly id: string
  readonly by: string
  readonly canonical: Canonical | null
  /** The record of the source that it is linked to already. */
  readonly owner: string | null
}

async function matchAll(
  deliveries: readonly Delivery[],
  flow: Flow,
  deps: Deps,
): Promise<readonly Matched[]> {
  const asked = deliveries.filter(({ targetId, record }) => targetId === null && record?.canonical != null)
  const keys = asked.map(({ record }) => matchKeysOf(flow.entity, record?.canonical as never))
  const found = await candidatesOf(keys, flow, deps)
  const byId = new Map(
    asked.map((delivery, index) => [delivery.id, { keys: keys[index], found: found[index] }]),
  )
  return deliveries.map(delivery => {
    const canonical = delivery.record?.canonical as Canonical | null
    const label = canonical && (referencesOf(flow.entity, canonical as never)[0]?.value ?? null)
    const about = { id: delivery.id, label, candidates: [] }
    if (delivery.targetId !== null)
      return { ...about, is: 'linked', words: `Linked to ${delivery.targetId}.` }
    const { keys: wanted = {}, found: there = [] } = byId.get(delivery.id) ?? {}
    const candidates = there.map(each => ({ id: each.id, label: labelOf(each, flow), by: each.by }))
    return { ...about, ...judged(wanted, canonical, there, flow), candidates }
  })
}

const labelOf = ({ canonical }: Found, { entity }: Flow) =>
  canonical && (referencesOf(entity, canonical as never)[0]?.value ?? null)

async function candidatesOf(
  keys: readonly MatchKeys[],
  flow: Flow,
  deps: Deps,
): Promise<readonly (readonly Found[])[]> {
  const { match: search } = entityOf(known(deps.setup.connections, flow.to), flow.entity)
  const { get } = readerOf(flow.to, flow.entity, deps)
  if (!search)
    throw new Problem(
      'refused',
      `${flow.to} cannot be searched for ${flow.entity} records by what they are recognised by.`,
    )
  const session = await deps.sourceLane(flow.to).session()
  const withKeys = keys.filter(each => Object.keys(each).length > 0)
  const answers = withKeys.length === 0 ? [] : await search(session, withKeys)
  const ids = [...new Set(answers.flat().map(({ id }) => id))]
  const items = get && ids.length > 0 ? await get(ids) : []
  const rows = new Map(items.map(item => [item.id, canonicalOf(deps.setup, flow.to, flow.entity, item)]))
  const { entity, to: connection, from } = flow
  const owners = await deps.store.links(ids.map(id => ({ entity, connection, id, to: from })))
  return keys.map(each => {
    const answer = answers[withKeys.indexOf(each)] ?? []
    return answer.map(({ id, by }) => {
      const read = rows.get(id)
      const canonical = read && 'canonical' in read ? read.canonical : null
      return { id, by, canonical, owner: owners[ids.indexOf(id)] ?? null }
    })
  })
}

/** Pure: what to think of what was found. */
export function judged(
  keys: MatchKeys,
  canonical: Canonical | null,
  found: readonly Found[],
  { entity, from, to }: Pick<Flow, 'entity' | 'from' | 'to'>,
): Pick<Matched, 'is' | 'words'> {
  const [only, ...others] = found
  if (only === undefined) {
    const words =
      Object.keys(keys).length === 0
        ? 'It has nothing to be recognised by.'
        : `Nothing in ${to} carries its keys.`
    return { is: 'unmatched', words }
  }
  if (others.length > 0) return { is: 'ambiguous', words: `${found.length} records of ${to} could be it.` }
  if (only.owner !== null)
    return { is: 'ambiguous', words: `${only.id} of ${to} is linked to ${only.owner} of ${from} already.` }
  const theirs = only.canonical === null ? {} : matchKeysOf(entity, only.canonical as never)
  const conflict = conflictOf(keys, theirs)
  if (conflict !== null)
    return {
      is: 'likely',
      words: `The same ${only.by}, but ${conflict.name} ${conflict.theirs} instead of ${conflict.ours}.`,
    }
  const names = [canonical, only.canonical].map(nameOf)
  // Families and offices share an address: the name says whether it is one person.
  if (isByEmailAlone(keys, theirs) && names[0] !== names[1])
    return { is: 'likely', words: `The same ${only.by}, and another name: ${names[1] ?? 'none'}.` }
  return { is: 'sure', words: `The same ${only.by}.` }
}

function conflictOf(ours: MatchKeys, theirs: MatchKeys) {
  for (const [name, value] of Object.entries(ours) as [keyof MatchKeys, string][]) {
    const other = theirs[name]
    if (other !== undefined && other !== value) return { name, ours: value, theirs: other }
  }
  return null
}

function isByEmailAlone(ours: MatchKeys, theirs: MatchKeys): boolean {
  const shared = Object.keys(ours).filter(name => Object.hasOwn(theirs, name))
  return ours.email !== undefined && shared.every(name => name === 'email')
}

function nameOf(canonical: Canonical | null): string | null {
  const { name } = (canonical ?? {}) as { name?: string }
  return name?.trim().toLowerCase() ?? null
}
