import type { Connector } from '@linchpin/connector'
import { z } from 'zod'
import { call, type Session } from './client.ts'
import { memory } from './memory.ts'
import { orderRow, salesOrder } from './orders.ts'
import { changesOf } from './records.ts'
import type { Settings } from './settings.ts'

/** Memory as it would be if it ignored our key but could be searched for it. */
export const memoryFinds = withOrders(writer => ({
  ...writer,
  repeat: 'find',
  settleMs: 5000,
  find: async (session, writes) => {
    const found = new Map<string, string>()
    const rows = z.array(z.object({ id: z.string() }))
    for (const { key } of writes) {
      const [row] = await call(session, `/orders?reference=${encodeURIComponent(key)}`, rows)
      if (row) found.set(key, row.id)
    }
    return found
  },
}))

/** Memory as it would be if nothing could be searched either. */
export const memoryAsks = withOrders(writer => ({ ...writer, repeat: 'ask' }))

/** Memory as it would be if its orders were a queue that wants to hear which pages are safe. */
export const memoryQueues: Connector<Settings, Session> = {
  ...memory,
  entities: {
    SalesOrder: {
      ...salesOrder,
      changes: async (session, after, limit) => {
        const { at = null } = after === null ? {} : (JSON.parse(after) as QueueCursor)
        const page = await changesOf(session, '/orders', orderRow, at, limit)
        const ids = page.items.map(({ id }) => id)
        return { ...page, next: JSON.stringify({ at: page.next, ids } satisfies QueueCursor) }
      },
      acknowledge: async (session, cursor) => {
        const { ids = [] } = JSON.parse(cursor) as QueueCursor
        if (ids.length > 0) await call(session, '/receipts', z.object({}), { method: 'POST', body: { ids } })
      },
    },
  },
}

/** Where it stands, and what the page before it told. */
interface QueueCursor {
  readonly at?: string
  readonly ids?: readonly string[]
}

type OrderWriter = NonNullable<typeof salesOrder.writer>
type Common = Pick<OrderWriter, 'schema' | 'mapping' | 'batch' | 'write'>

function withOrders(change: (writer: Common) => OrderWriter): Connector<Settings, Session> {
  const { schema, mapping, batch, write } = salesOrder.writer as OrderWriter
  const writer = change({ schema, mapping, batch, write })
  return { ...memory, entities: { SalesOrder: { ...salesOrder, writer } } }
}
