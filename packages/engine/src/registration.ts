import type { Registration } from '@linchpin/store'
import { nextPoll, pollers } from './schedule.ts'
import { isDeliveredHere, known, type Flow, type Setup } from './setup.ts'
import { MOST_PATIENCE, SEND_BY_MS, TIMEOUT_MS } from './world.ts'

/** What the store must know of connections, flows and polls before any work begins. */
export function registration(setup: Setup, now: number): Registration {
  const asked = pollers(setup)
  const polls = new Map(
    setup.flows
      .filter(({ from }) => setup.here.has(from))
      .filter(flow => known(setup.connections, flow.from).connector.entities[flow.entity]?.changes)
      .map(({ from, entity }) => {
        const by = nextPoll(asked, from, entity, now)
        return [`${from} ${entity}`, { connection: from, entity, by }]
      }),
  )
  for (const connection of setup.here)
    for (const entity of setup.published(connection)) {
      const key = `${connection} ${entity}`
      if (!polls.has(key)) polls.set(key, { connection, entity, by: now })
    }
  return {
    connections: [...setup.connections.values()].map(({ name, connector }) => ({
      name,
      connector: connector.id,
    })),
    flows: setup.flows.map(flow => ({
      name: flow.name,
      entity: flow.entity,
      from: flow.from,
      to: flow.to,
      priority: flow.priority,
      ...(flow.batch && isDeliveredHere(flow, setup) ? { batch: true } : {}),
      inFlightMs: SEND_BY_MS * MOST_PATIENCE + TIMEOUT_MS,
      unseenMs: unseenMs(flow, setup),
    })),
    polls: [...polls.values()],
  }
}

function unseenMs({ entity, to, create }: Flow, { connections }: Setup): number | null {
  const writer = known(connections, to).connector.entities[entity]?.writer
  if (!create || !writer || writer.updatesOnly || writer.repeat === 'safe') return null
  return writer.repeat === 'find' ? writer.settleMs : 0
}
