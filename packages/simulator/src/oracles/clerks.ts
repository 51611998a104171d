import type { World } from '../world/world.ts'

/** What a clerk wrote into a field that is not ours is still there: a field that is left out of a write stays as it is. */
export function clerkWrongs({ erp, noted }: World): readonly string[] {
  return [...noted].flatMap(id =>
    erp.row('orders', id)?.fields['note'] === undefined
      ? [`the clerk's note in order ${id} of the ERP was overwritten`]
      : [],
  )
}

/** Who vanished in a mass, and whether Linchpin stopped to ask: for the time that many are missed at once. */
export function massWrongs({ twin, missedMost }: World): readonly string[] {
  const stopped = twin.tables.journal.some(({ who, what }) => who === 'linchpin' && what === 'paused')
  return missedMost() >= 20 && !stopped
    ? [`${missedMost()} records vanished at once, and nothing was stopped`]
    : []
}
