import type { Snapshot } from '@linchpin/connector'
import type { Compared, Delivery, FoundDiscrepancy, Side } from '@linchpin/store'
import { prepare } from '../prepare.ts'
import { readerOf, type Item } from '../reader.ts'
import type { Flow } from '../setup.ts'
import { imagined } from '../sync.ts'
import type { Discrepancy } from './discrepancy.ts'
import { judge, judgeGone, type Verdict } from './judge.ts'
import { othersOf, readNow, sourceRows, targetRows, type Deps } from './sides.ts'

export interface Looked {
  readonly rows: readonly Compared[]
  readonly removed: readonly { readonly side: Side; readonly id: string }[]
  readonly found: readonly FoundDiscrepancy[]
  readonly right: readonly { readonly side: Side; readonly id: string }[]
}

export const NOTHING_SEEN: Looked = { rows: [], removed: [], found: [], right: [] }

/** What stands in a discrepancy's place while its delivery is owed: it says nothing yet, and is looked at again. */
export const UNDER_WAY = 'under way'

/**
 * Both sides of these records as they are now. What looks wrong is believed only after this second look, and never while
 * a delivery is under way: systems are read one after the other, and orders go on.
 */
export async function secondLook(
  ids: readonly string[],
  flow: Flow,
  since: number,
  deps: Deps,
): Promise<Looked> {
  const moving = new Set(await deps.store.owed(flow.name, ids))
  const still = ids.filter(id => !moving.has(id))
  const sources = await sourcesNow(still, flow, deps)
  const deliveries = await imagined(flow, sources, deps)
  const targets = await targetsNow(deliveries, flow, deps)
  const verdicts = new Map<string, Verdict>()
  for (const delivery of deliveries) {
    const step = await prepare(delivery, flow, since, deps)
    verdicts.set(
      delivery.id,
      await judge({ delivery, step, target: targets.of(delivery.targetId) }, flow, deps),
    )
  }
  const gone = await goneOf(
    still.filter(id => !verdicts.has(id)),
    flow,
    deps,
  )
  return {
    ...outcome(ids, moving, verdicts, gone),
    rows: await rowsOf(sources, targets.items, flow, since, deps),
  }
}

function outcome(
  ids: readonly string[],
  moving: ReadonlySet<string>,
  verdicts: ReadonlyMap<string, Verdict>,
  gone: ReadonlyMap<string, Discrepancy | null>,
): Omit<Looked, 'rows'> {
  const found: FoundDiscrepancy[] = []
  const right: string[] = []
  for (const id of ids) {
    const verdict = verdicts.get(id) ?? gone.get(id) ?? null
    if (moving.has(id)) found.push({ side: 'source', id, kind: UNDER_WAY, detail: {} })
    else if (verdict !== null && typeof verdict === 'object')
      found.push({ side: 'source', id, kind: verdict.is, detail: verdict })
    else right.push(id)
  }
  const ofSource = (id: string) => ({ side: 'source' as const, id })
  return { found, right: right.map(ofSource), removed: [...gone.keys()].map(ofSource) }
}

/** Of a source that cannot be asked for one record, what it told last. */
async function sourcesNow(ids: readonly string[], flow: Flow, deps: Deps): Promise<readonly Item[]> {
  if (readerOf(flow.from, flow.entity, deps).get) return readNow(flow.from, ids, flow, deps)
  const keys = ids.map(id => ({ connection: flow.from, entity: flow.entity, id }))
  const records = await Promise.all(keys.map(key => deps.store.record(key)))
  return records.flatMap(record => (record === null || record.gone ? [] : [record]))
}

async function targetsNow(deliveries: readonly Delivery[], flow: Flow, deps: Deps) {
  const ids = [...new Set(deliveries.flatMap(({ targetId }) => targetId ?? []))]
  const { get } = readerOf(flow.to, flow.entity, deps)
  const items = await readNow(flow.to, ids, flow, deps)
  const byId = new Map<string, Snapshot<unknown>>(items.map(item => [item.id, item]))
  const of = (id: string | null) => (id === null || !get ? undefined : (byId.get(id) ?? null))
  return { items, of }
}

/** Records that the source does not have any more: wrong only while the target still has what they are linked to. */
async function goneOf(
  ids: readonly string[],
  flow: Flow,
  deps: Deps,
): Promise<ReadonlyMap<string, Discrepancy | null>> {
  const { entity, from, to } = flow
  const links = await deps.store.links(ids.map(id => ({ entity, connection: from, id, to })))
  const linked = links.filter(link => link !== null)
  const there = new Set((await readNow(to, linked, flow, deps)).map(({ id }) => id))
  return new Map(
    ids.map((id, index) => {
      const targetId = links[index] ?? null
      return [id, targetId !== null && there.has(targetId) ? judgeGone(id, targetId, flow) : null]
    }),
  )
}

async function rowsOf(
  sources: readonly Item[],
  targets: readonly Item[],
  flow: Flow,
  since: number,
  deps: Deps,
): Promise<readonly Compared[]> {
  const others = await othersOf(targets, flow, deps)
  return [
    ...(await sourceRows(sources, flow, since, deps)),
    ...(await targetRows(targets, others, flow, deps)),
  ]
}
