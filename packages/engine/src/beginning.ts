import type { Delivering } from './deliver.ts'
import { known, type Flow } from './setup.ts'

/**
 * From when on orders are carried: as configured, or from the first start on, by the clock that dates them. A shop whose
 * clock is an hour slow would else see its first hour of orders taken for old ones.
 */
export async function beginningOf(flow: Flow, deps: Delivering): Promise<number> {
  if (flow.since !== null) return flow.since
  const since = (await deps.control.flow(flow.name))?.since ?? 0
  return flow.entity === 'SalesOrder' ? since + (await aheadMs(flow.from, deps)) : since
}

async function aheadMs(connection: string, { setup, clocks, sourceLane }: Delivering): Promise<number> {
  if (!setup.here.has(connection)) return 0
  if (clocks.aheadMs(connection) === null) {
    // Nothing was read from it since we started: any answer of it tells its time.
    const { connector } = known(setup.connections, connection)
    await sourceLane(connection)
      .session()
      .then(session => connector.health(session))
      .catch(() => {})
  }
  return clocks.aheadMs(connection) ?? 0
}
