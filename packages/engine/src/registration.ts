import type { Registration } from '@linchpin/store'
import { nextPoll } from './schedule.ts'
import { known, type Setup } from './setup.ts'

/** What the store must know of connections, flows and polls before any work begins. */
export function registration(setup: Setup, now: number): Registration {
  const polls = new Map(
    setup.flows
      .filter(flow => known(setup.connections, flow.from).connector.entities[flow.entity]?.changes)
      .map(({ from, entity }) => {
        const by = nextPoll(setup.flows, from, entity, now)
        return [`${from} ${entity}`, { connection: from, entity, by }]
      }),
  )
  return {
    connections: [...setup.connections.values()].map(({ name, connector }) => ({
      name,
      connector: connector.id,
    })),
    flows: setup.flows.map(({ name, entity, from, to, priority, batch }) => ({
      name,
      entity,
      from,
      to,
      priority,
      ...(batch ? { batch: true } : {}),
    })),
    polls: [...polls.values()],
  }
}
