import type { DeliveryRow } from '../twin/tables.ts'
import type { World } from '../world/world.ts'
import { deliveriesOf } from './looking.ts'

/** Nothing is left to do, and no write is left of which nobody knows the outcome. */
export function unfinished(world: World): readonly string[] {
  const open = deliveriesOf(world)
    .filter(row => ['ready', 'later', 'running', 'waiting'].includes(row.state))
    .filter(row => !waitsForParked(world, row))
  // What may have been written before our database forgot it is looked for when its customer is there, too.
  const unknown = deliveriesOf(world).filter(row => row.intent !== null && !waitsForParked(world, row))
  return [
    ...open.map(row => `${row.flow} ${row.id} is still ${row.state}: ${row.problem ?? 'no words'}`),
    ...unknown.map(row => `${row.flow} ${row.id} has an open intent and is ${row.state}`),
    ...loadsUnderWay(world),
    ...[...world.twin.tables.notices.values()].map(
      row => `${row.entity} ${row.id} of ${row.connection} is still to be read`,
    ),
  ]
}

/** What somebody asked to be loaded was looked at to the end, or loaded. */
function loadsUnderWay({ twin }: World): readonly string[] {
  return [...twin.tables.loads.values()].flatMap(({ flow, state }) => {
    const { phase, problem } = state as { phase: string; problem: string | null }
    return phase === 'looked' || phase === 'done'
      ? []
      : [`the load of ${flow} is still ${phase}: ${problem ?? 'no words'}`]
  })
}

/** Whoever finds something parked must be told why, in words that are not about our own bugs. */
export function parkedWrongs(world: World): readonly string[] {
  return deliveriesOf(world).flatMap(row => {
    if (row.state !== 'parked') return []
    if (row.problem === null || row.problem.length < 15)
      return [`${row.flow} ${row.id} is parked without words`]
    return /did not foresee/.test(row.problem)
      ? [`${row.flow} ${row.id} is parked for our own surprise: ${row.problem}`]
      : []
  })
}

/** What it needs is parked for a person, who is told why there. Now and then it is woken, and is ready until it has looked. */
export function waitsForParked({ twin }: World, { flow, id, state }: DeliveryRow): boolean {
  if (state !== 'waiting' && state !== 'ready') return false
  const needed = [...twin.tables.waiting.values()].filter(row => row.flow === flow && row.id === id)
  return needed.some(({ entity, from, fromId, to }) =>
    [...twin.tables.deliveries.values()].some(
      row =>
        row.entity === entity &&
        row.from === from &&
        row.id === fromId &&
        row.to === to &&
        row.state === 'parked',
    ),
  )
}
