import { compileMapping } from '@linchpin/mapping'
import { contentHash } from '@linchpin/model'
import type { Delivery } from '@linchpin/store'
import { expect, test } from 'vitest'
import { z } from 'zod'
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

/** A customer's name goes both ways; the shop's `Ada` was written to the ERP, and has been read there. */
function backHome(name: string, base: unknown, more: Partial<Delivery> = {}, isOpen = false) {
  const back = { name: 'back', entity: 'Account', from: 'erp', to: 'shop', update: true } as Flow
  const there = { ...back, name: 'there', from: 'shop', to: 'erp' } as Flow
  const entities = { Account: { get: async () => [], writer: { schema: z.unknown() } } }
  const connections = ['shop', 'erp'].map(each => [each, { name: each, connector: { entities } }] as const)
  const mapping = compileMapping({ from: 'Account', to: 'customers', fields: { name: 'name' } })
  const echo = {
    flow: 'back',
    entity: 'Account',
    from: 'erp',
    to: 'shop',
    id: 'E1',
    targetId: 'S1',
    era: 0,
    tries: 0,
    force: false,
    intent: null,
    sentHash: null,
    unansweredBy: null,
    record: {
      connection: 'erp',
      entity: 'Account',
      id: 'E1',
      version: '2',
      readAt: 6,
      problem: null,
      canonical: { name },
    },
    ...more,
  } as unknown as Delivery
  const deps = {
    setup: {
      connections: new Map(connections),
      flows: [back, there],
      writeMapping: () => mapping,
      live: { own: () => null },
    },
    store: { writtenFrom: async () => ({ isOpen, last: base && { version: '2', at: 5, canonical: base } }) },
    world: { now: () => 0 },
  } as unknown as Preparing
  return prepare(echo, back, 0, deps)
}

test('the echo of a write is not written back over what its source may have made of it since', async () => {
  const step = await backHome('Ada', { id: 'S1', name: 'Ada' })
  expect(step).toMatchObject({ do: 'nothing', has: contentHash({ name: 'Ada' }) })
})

test('what a stranger added under the version of our own write is brought back', async () => {
  expect(await backHome('ADA', { id: 'S1', name: 'Ada' })).toMatchObject({ do: 'write' })
})

test('what is no echo, is asked for, or may be overtaken by an earlier write is written', async () => {
  expect(await backHome('Ada', null)).toMatchObject({ do: 'write' })
  expect(await backHome('Ada', { name: 'Ada' }, { force: true })).toMatchObject({ do: 'write' })
  expect(await backHome('Ada', { name: 'Ada' }, { unansweredBy: -1 })).toMatchObject({ do: 'write' })
})

test('what was read before the last write there is not brought back in place of it', async () => {
  const record = { connection: 'erp', version: '1', readAt: 4, problem: null, canonical: { name: 'Bea' } }
  const old = { record } as unknown as Partial<Delivery>
  expect(await backHome('Bea', { name: 'Ada' }, old)).toMatchObject({ do: 'wait until' })
})

test('what a write may have left that nobody answered yet is not brought back before that is known', async () => {
  expect(await backHome('Bea', null, {}, true)).toMatchObject({ do: 'wait until' })
})
