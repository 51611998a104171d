import { memoryBus, type Message } from '@linchpin/bus'
import { Problem } from '@linchpin/connector'
import type { Outgoing } from '@linchpin/store'
import { expect, test } from 'vitest'
import type { BusDeps } from './deps.ts'
import { readEvent } from './events.ts'
import { callRoll, publishOnce } from './publish.ts'

const invoice = (id: string): Outgoing => ({
  row: { kind: 'record', key: ['erp', 'Invoice', id], force: false, seq: Number(id) },
  kind: 'record',
  record: {
    connection: 'erp',
    entity: 'Invoice',
    id,
    version: '1',
    hash: '1',
    canonical: { status: 'issued', number: id },
    problem: null,
    readAt: 0,
    changedAt: 0,
    gone: false,
  },
})

/** The adapter of an ERP with three invoices to tell, whose files it has to ask for. */
function adapter(file: (id: string) => Promise<unknown>, now = 120_000) {
  const bus = memoryBus()
  const asked: string[] = []
  let closed = 0
  const ask = (_session: unknown, id: string) => {
    asked.push(id)
    return file(id)
  }
  const deps = {
    setup: { connections: new Map([['erp', { connector: { entities: { Invoice: { file: ask } } } }]]) },
    store: {
      file: async () => null,
      // Five seconds of rest for who does not answer.
      block: async () => void (closed = 5_000),
      connections: async () => [],
    },
    control: { closedFor: async () => closed, forget: () => {} },
    sourceLane: () => ({
      connection: 'erp',
      signal: new AbortController().signal,
      session: async () => null,
      forget: () => {},
    }),
    world: {
      now: () => now,
      random: () => 0.5,
      log: { warn: () => {}, error: () => {}, info: () => {} },
    },
    fileUrl: async () => null,
    on: {
      bus: bus.open(),
      store: { outgoing: async () => ['1', '2', '3'].map(invoice), told: async () => {} },
    },
  } as unknown as BusDeps
  return { asked, bus, publish: () => publishOnce(deps, true), close: () => void (closed = 1_000) }
}

test('a system that does not answer is asked for one file, and the invoices wait until it is open', async () => {
  const { asked, bus, publish } = adapter(async () => {
    throw new Problem('passing', 'It does not answer.')
  }, 1_000)
  expect(await publish()).toBe(false)
  expect(asked).toEqual(['1'])
  expect(bus.messages()).toEqual([])
})

test('a system that is paused is not asked at all', async () => {
  const { asked, close, publish } = adapter(async () => null)
  close()
  expect(await publish()).toBe(false)
  expect(asked).toEqual([])
})

test('an invoice that has had no file for a while is told without it', async () => {
  const { asked, bus, publish } = adapter(async () => null)
  expect(await publish()).toBe(true)
  expect(asked).toEqual(['1', '2', '3'])
  expect(bus.messages()).toHaveLength(3)
})

test('whoever tells nothing, as the hub, calls no roll of what it carries', async () => {
  const bus = memoryBus()
  const link = {
    entity: 'SalesOrder',
    left: { connection: 'erp', id: '1' },
    right: { connection: 'shop', id: '2' },
  }
  const deps = (published: readonly string[]) =>
    ({
      setup: {
        here: new Set(['erp']),
        published: () => published,
        flows: [{ name: 'orders', entity: 'SalesOrder', from: 'shop', to: 'erp' }],
      },
      on: {
        bus: bus.open(),
        store: {
          roll: async () => [],
          unlinked: async () => [],
          saidLinks: async () => [],
          madeLinks: async () => [link],
          outcomes: async () => [],
        },
      },
      world: { now: () => 0 },
    }) as unknown as BusDeps
  await callRoll(deps([]))
  expect(bus.messages()).toEqual([])
  await callRoll(deps(['SalesOrder']))
  expect(bus.messages().map(({ subject }) => subject)).toEqual(['linchpin.Link.erp.shop.roll.orders.0'])
})

test('what either side knows as linked no longer stays on the bus, whoever tells it last', async () => {
  const bus = memoryBus()
  const unlinked = (id: string) => ({
    entity: 'SalesOrder',
    left: { connection: 'erp', id },
    right: { connection: 'shop', id },
    at: 1,
  })
  const tell = (speaker: string, id: string) =>
    callRoll({
      setup: {
        here: new Set([speaker]),
        published: () => ['SalesOrder'],
        flows: [{ name: 'orders', entity: 'SalesOrder', from: 'shop', to: 'erp' }],
      },
      on: {
        bus: bus.open(),
        store: {
          roll: async () => [],
          unlinked: async () => [unlinked(id)],
          saidLinks: async () => [],
          madeLinks: async () => [],
          outcomes: async () => [],
        },
      },
      world: { now: () => 0 },
    } as unknown as BusDeps)
  await tell('erp', '1')
  await tell('shop', '2')
  const told = bus.messages().map(readEvent)
  expect(told.map(each => each.is === 'unlinks' && each.data)).toEqual([[unlinked('1')], [unlinked('2')]])
})

test('a page of the roll that is too large for the bus goes in halves, and only what is too large alone is left out', async () => {
  const bus = memoryBus()
  const open = bus.open()
  const log: string[] = []
  const small = {
    ...open,
    publish: async (messages: readonly Message[]) => {
      const tooLarge = messages.filter(({ body }) => body.includes('huge') || body.length > 700)
      await open.publish(messages.filter(each => !tooLarge.includes(each)))
      return tooLarge.map(({ id }) => ({ id, words: 'It is too large.' }))
    },
  }
  const records = [...Array.from({ length: 40 }, (_each, n) => [`o${n}`, 'hash']), ['huge', 'hash']]
  const deps = {
    setup: { here: new Set(['erp']), published: () => ['SalesOrder'], flows: [] },
    on: { bus: small, store: { roll: async () => records } },
    world: { now: () => 0, log: { error: (_facts: unknown, words: string) => log.push(words) } },
  } as unknown as BusDeps
  await callRoll(deps)
  const told = bus.messages().flatMap(({ body }) => JSON.parse(body).data.records as [string, string][])
  expect(told).toEqual(records.slice(0, -1))
  expect(new Set(bus.messages().map(({ subject }) => subject)).size).toBe(bus.messages().length)
  expect(log).toEqual(['The bus does not take it: It is too large.'])
})
