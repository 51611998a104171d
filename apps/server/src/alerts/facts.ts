import { ENDS_MS, type AlertFacts } from '@linchpin/engine'
import { differing, endedRuns, endingCredentials, endingKeys } from '@linchpin/store'
import { shownCauses } from '../desk/parked.ts'
import type { Linchpin } from '../linchpin.ts'
import { isAsked } from '../secrets.ts'

/** How everything stands that alerts tell of; of what this process has in its configuration. */
export async function alertFacts(linchpin: Linchpin): Promise<AlertFacts> {
  const { config, db, desk, store, setup, now } = linchpin
  const flows = new Set(setup.flows.map(({ name }) => name))
  const ours = <Each extends { readonly flow: string }>(all: readonly Each[]) =>
    all.filter(({ flow }) => flows.has(flow))
  const { deliveries } = await desk.open()
  const soon = { from: now() - ENDS_MS, to: now() + ENDS_MS }
  return {
    // Alerts leave the house.
    causes: ours(await shownCauses(linchpin)),
    connections: (await store.connections()).filter(({ name }) => setup.connections.has(name)),
    flows: (await store.flows()).filter(({ name }) => flows.has(name)),
    owed: [...flows].map(flow => owedOf(flow, deliveries)),
    differing: ours(await differing(db)),
    runs: ours(await endedRuns(db)),
    keys: await endingKeys(db, soon),
    // One that has ended is there until another one is entered.
    credentials: (await endingCredentials(db, { ...soon, from: 0 })).filter(
      each => setup.connections.has(each.connection) && isAsked(config, each),
    ),
  }
}

type Deliveries = Awaited<ReturnType<Linchpin['desk']['open']>>['deliveries']

function owedOf(flow: string, deliveries: Deliveries): AlertFacts['owed'][number] {
  const open = deliveries.filter(each => each.flow === flow && each.state !== 'parked')
  const oldest = Math.min(...open.map(each => each.oldest ?? Infinity))
  return {
    flow,
    count: open.reduce((sum, { count }) => sum + count, 0),
    oldest: Number.isFinite(oldest) ? oldest : null,
  }
}
