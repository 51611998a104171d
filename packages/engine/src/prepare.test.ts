import type { Delivery } from '@linchpin/store'
import { expect, test } from 'vitest'
import { prepare, type Preparing } from './prepare.ts'
import type { Flow } from './setup.ts'

const flow = { name: 'orders', entity: 'SalesOrder', from: 'shop', to: 'erp' } as Flow
const connector = { entities: { SalesOrder: { get: async () => [] } } }
const deps = {
  setup: { connections: new Map(['shop', 'erp'].map(name => [name, { name, connector }])) },
  world: { now: () => 3 },
} as unknown as Preparing
/** Taken over at 2, and read before that. */
const delivery = (gone: boolean) =>
  ({
    flow: 'orders',
    entity: 'SalesOrder',
    from: 'shop',
    to: 'erp',
    id: '1',
    readAfter: 2,
    intent: null,
    record: { readAt: 1, problem: null, canonical: {}, gone },
  }) as unknown as Delivery

test('what was read before its flow changed hands is read first; what is gone cannot be, and is left', async () => {
  expect(await prepare(delivery(false), flow, 0, deps)).toEqual({ do: 'read' })
  expect(await prepare(delivery(true), flow, 0, deps)).toMatchObject({ do: 'skip' })
})
