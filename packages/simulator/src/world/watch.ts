import type { Setup } from '@linchpin/engine'
import type { Delivery, DeliveryClaim, Store } from '@linchpin/store'
import { keyOf } from '../twin/tables.ts'
import type { Twin } from '../twin/twin.ts'
import type { Drift } from './drift.ts'
import type { Names } from './names.ts'

/** Looks at what the nodes ask of the store: what must hold at every step, and cannot be seen at the end. */
export function watched(
  store: Store,
  {
    twin,
    setup,
    violate,
    isThere,
    drift,
    names,
  }: {
    readonly twin: Twin
    readonly setup: Setup
    readonly violate: (words: string) => void
    readonly isThere: (record: Delivery) => boolean
    readonly drift: Drift
    readonly names: Names
  },
): { readonly store: Store; readonly missedMost: () => number } {
  let most = 0
  const priorityOf = new Map(setup.flows.map(flow => [flow.name, flow.priority]))
  const own: Store = {
    ...store,
    async saveRead(page) {
      const result = await store.saveRead(page)
      const hole = page.records.find(
        record => record.problem === null && drift.isHole(page.connection, record),
      )
      if (hole)
        violate(`${hole.entity} ${hole.id} of ${page.connection} was read without a field that it needs`)
      if (page.gone.length > 0) most = Math.max(most, missedNow(twin, page))
      return result
    },
    async settle(settlements, now) {
      const results = await store.settle(settlements, now)
      for (const [index, settlement] of settlements.entries()) {
        if (results[index] === 'settled') names.settled(settlement)
        if (
          settlement.is === 'skipped' &&
          settlement.words.startsWith('It is gone') &&
          isThere(settlement.delivery)
        )
          violate(
            `${settlement.delivery.entity} ${settlement.delivery.id} of ${settlement.delivery.from} was given up as gone, and was there all the time`,
          )
      }
      return results
    },
    async claimDeliveries(claim) {
      const claimed = await store.claimDeliveries(claim)
      const overtaken = overtakenBy(claimed, twin, priorityOf, claim)
      if (overtaken !== null) violate(overtaken)
      return claimed
    },
  }
  return { store: own, missedMost: () => most }
}

/** Records of this kind that were not found just now, when they are more than one in twenty. */
function missedNow({ tables }: Twin, { connection, entity }: RecordKind): number {
  const here = [...tables.records.values()].filter(
    row => row.connection === connection && row.entity === entity,
  )
  const missed = here.filter(row => row.missedAt !== null && row.goneAt === null).length
  return missed >= here.length * 0.05 ? missed : 0
}

interface RecordKind {
  readonly connection: string
  readonly entity: string
}

/** Orders go before catalogue: nothing is claimed while something that matters more is ready for the same target. */
function overtakenBy(
  claimed: readonly Delivery[],
  { tables }: Twin,
  priorityOf: ReadonlyMap<string, number>,
  { flows, now, runs = {} }: DeliveryClaim,
): string | null {
  const priority = ({ flow }: { readonly flow: string }) => priorityOf.get(flow) ?? Infinity
  const last = claimed.toSorted((left, right) => priority(left) - priority(right)).at(-1)
  if (!last) return null
  for (const row of tables.deliveries.values()) {
    if (row.state !== 'ready' || row.runAt > now || !flows.includes(row.flow) || row.to !== last.to) continue
    // It waits for the next run of its flow.
    if (!row.force && row.tries === 0 && row.owedAt > (runs[row.flow] ?? Infinity)) continue
    if (priority(row) < priority(last) && !tables.lanes.has(keyOf(row.to, row.lane)))
      return `${last.flow} ${last.id} went before ${row.flow} ${row.id}`
  }
  return null
}
