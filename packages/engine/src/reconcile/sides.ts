import { referencesOf, type Canonical } from '@linchpin/model'
import type { Compared, Delivery } from '@linchpin/store'
import type { Delivering } from '../deliver.ts'
import { linksAhead } from '../links.ts'
import { canonicalOf } from '../normalize.ts'
import { completed, verdict } from '../prepare.ts'
import { moneyProblem } from '../policy.ts'
import type { Reading } from '../read.ts'
import { readerOf, type Item } from '../reader.ts'
import type { Flow } from '../setup.ts'
import { imagined } from '../sync.ts'
import { isDocument, sameId } from './compare.ts'
import { factsOf } from './facts.ts'

export type Deps = Reading & Delivering

/** What is kept of these records of the source. */
export async function sourceRows(
  items: readonly Item[],
  flow: Flow,
  since: number,
  deps: Deps,
): Promise<readonly Compared[]> {
  const deliveries = await imagined(flow, items, deps)
  const links = await linksAhead(deliveries, flow, deps)
  const link = ({ entity, id }: { entity: string; id: string }) => links.get(`${entity} ${id}`) ?? null
  const isReadable = canBeRead(flow, deps)
  return Promise.all(
    deliveries.map(async delivery => {
      const row = { side: 'source' as const, id: delivery.id, other: delivery.targetId, facts: null }
      const canonical = delivery.record?.canonical as Canonical | null
      // It may read again without having changed: a field that was away is back.
      if (canonical === null) return { ...row, state: 'faulty' }
      if (isLeftAlone(delivery, canonical, flow, since, deps)) return { ...row, state: 'left alone' }
      if (delivery.targetId === null) return { ...row, state: null }
      if (!isReadable) return { ...row, state: 'unreadable' }
      const ours = await completed(delivery, canonical, flow, deps)
      return { ...row, state: null, facts: factsOf(ours, flow, deps.setup, link) }
    }),
  )
}

function isLeftAlone(
  delivery: Delivery,
  canonical: Canonical,
  flow: Flow,
  since: number,
  { setup }: Deps,
): boolean {
  if (delivery.targetId === null && flow.trigger === 'asked') return true
  if (verdict(delivery, flow, canonical, since, setup) !== null) return true
  return flow.entity !== 'SalesOrder' && moneyProblem(flow.entity, canonical) !== null
}

export function canBeRead(flow: Flow, deps: Deps): boolean {
  const { get, list } = readerOf(flow.to, flow.entity, deps)
  return get !== undefined || list !== undefined
}

/** The source's records that these of the target are linked to, by the target's ids. */
export async function othersOf(
  items: readonly { readonly id: string }[],
  { entity, from: to, to: connection }: Flow,
  { store }: Pick<Deps, 'store'>,
): Promise<ReadonlyMap<string, string>> {
  const links = await store.links(items.map(({ id }) => ({ entity, connection, id, to })))
  return new Map(
    items.flatMap(({ id }, index) => {
      const other = links[index] ?? null
      return other === null ? [] : [[id, other] as const]
    }),
  )
}

/** What is kept of these records of the target. Of those that are linked to nothing, only what may be wrong. */
export async function targetRows(
  items: readonly Item[],
  others: ReadonlyMap<string, string>,
  flow: Flow,
  deps: Deps,
): Promise<readonly Compared[]> {
  const { entity, to: connection } = flow
  const rows = await Promise.all(
    items.map(async (item): Promise<Compared | null> => {
      const { id } = item
      const read = canonicalOf(deps.setup, connection, entity, item)
      const other = others.get(id) ?? null
      const kept = { side: 'target' as const, id, other, facts: null }
      if ('problem' in read) return other === null ? null : { ...kept, state: 'unreadable' }
      if (other !== null)
        return { ...kept, state: null, facts: factsOf(read.canonical, flow, deps.setup, sameId) }
      return (await isSuspicious(read.canonical, flow, deps)) ? { ...kept, state: null } : null
    }),
  )
  return rows.filter(row => row !== null)
}

/**
 * Only articles can be astray: an ERP has orders, customers and invoices that never saw a shop, and rightly so. One of
 * those is suspicious when it names a record of the source, which then may be there twice.
 */
async function isSuspicious(canonical: Canonical, flow: Flow, deps: Deps): Promise<boolean> {
  if (flow.entity === 'Product') return flow.create && isSold(canonical)
  return isDocument(flow.entity) && (await namedBy(canonical, flow, deps)) !== null
}

export const isSold = (canonical: Canonical) => (canonical as { active?: boolean }).active !== false

/** The record of the source that this one of the target names: by SKU or GTIN, or by the customer's reference. */
export async function namedBy(canonical: Canonical, flow: Flow, { store }: Deps): Promise<string | null> {
  const kinds = isDocument(flow.entity) ? ['buyerReference'] : ['sku', 'gtin']
  const names = referencesOf(flow.entity, canonical as never).filter(({ kind }) => kinds.includes(kind))
  for (const { value } of names) {
    const found = await store.search(value, 20)
    const twin = found.find(each => each.connection === flow.from && each.entity === flow.entity)
    if (twin) return twin.id
  }
  return null
}

/** These records as they are now, those that are there. */
export async function readNow(
  connection: string,
  ids: readonly string[],
  flow: Flow,
  deps: Deps,
): Promise<readonly Item[]> {
  const { get } = readerOf(connection, flow.entity, deps)
  if (!get) return []
  const found: Item[] = []
  for (let start = 0; start < ids.length; start += AT_ONCE)
    found.push(...(await get(ids.slice(start, start + AT_ONCE))))
  return found
}

export const AT_ONCE = 50
