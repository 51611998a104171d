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
function backHome(
  name: string,
  base: unknown,
  more: Partial<Delivery> = {},
  open: { isOpen?: boolean; heldSentBy?: number; now?: number } = {},
) {
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
    doubtHash: null,
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
    store: {
      writtenFrom: async () => ({
        isOpen: open.isOpen ?? false,
        heldSentBy: open.heldSentBy ?? null,
        last: base && { version: '2', at: 5, canonical: base },
      }),
    },
    world: { now: () => open.now ?? 0 },
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
  expect(await backHome('Bea', null, {}, { isOpen: true })).toMatchObject({ do: 'wait until' })
})

test('what a pause holds back is waited for until it must have arrived; what is there then is read, and counts', async () => {
  const held = (now: number, readAt = 6) => {
    const record = { connection: 'erp', version: '3', readAt, problem: null, canonical: { name: 'Bea' } }
    return backHome('Bea', null, { record } as unknown as Partial<Delivery>, { heldSentBy: 10, now })
  }
  expect(await held(60_009)).toMatchObject({ do: 'wait until' })
  expect(await held(60_010)).toEqual({ do: 'read' })
  expect(await held(60_020, 60_015)).toMatchObject({ do: 'write' })
  // Nor does it wait for ever to be read where that is paused as well.
  expect(await held(10 * 60_000)).toMatchObject({ do: 'write' })
})

/** An order that may have been created where nobody but a person can look: was it sent, or is that only supposed? */
function inDoubt(isSupposed: boolean, change: object, repeat: 'ask' | 'find' = 'ask') {
  const some = { ...flow, create: true, where: { is: ['status', { constant: 'open' }] } }
  const entities = { SalesOrder: { get: async () => [], writer: { repeat, schema: z.unknown() } } }
  const connections = ['shop', 'erp'].map(
    name => [name, { name, connector: { title: 'The ERP', entities } }] as const,
  )
  const order = {
    ...delivery(false),
    readAfter: undefined,
    targetId: null,
    tries: 0,
    era: 0,
    intent: { operation: 'create', sendBy: 1, settledBy: 9, isSupposed },
    record: { readAt: 3, problem: null, canonical: { status: 'open', issuedAt: '2026-11-23', ...change } },
  } as unknown as Delivery
  const since = Date.parse('2026-11-01')
  const setup = { connections: new Map(connections) }
  return prepare(order, some as unknown as Flow, since, { ...deps, setup } as unknown as Preparing)
}

test('after a loss, nobody is asked whether what the flow never carries arrived; about the rest they are', async () => {
  expect(await inDoubt(true, {})).toMatchObject({ do: 'park', kind: 'unknown' })
  expect(await inDoubt(true, { status: 'draft' })).toMatchObject({
    do: 'skip',
    words: /filter/,
    // A filter may let it through later: then they are asked.
    isOpen: true,
  })
  expect(await inDoubt(true, { issuedAt: '2026-10-01' })).toMatchObject({
    do: 'skip',
    words: /before this flow/,
  })
  // What was sent for certain may be there, whatever became of it since; and who can look, looks.
  expect(await inDoubt(false, { status: 'draft' })).toMatchObject({ do: 'park', kind: 'unknown' })
  expect(await inDoubt(true, { status: 'draft' }, 'find')).toMatchObject({ do: 'wait until' })
})
