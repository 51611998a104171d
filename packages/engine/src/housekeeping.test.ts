import { expect, test } from 'vitest'
import { keepHouse, watchMemories, watchWebhooks, type House } from './housekeeping.ts'

/** A house that speaks to the shop alone, and knows of an ERP that another process speaks to. */
function house() {
  const asked: string[] = []
  const connectionOf = (name: string) => ({
    name,
    webhookUrl: `https://linchpin.test/webhooks/${name}`,
    connector: { entities: {}, webhook: { subscribe: async () => (asked.push(name), []) } },
  })
  const it = {
    setup: {
      here: new Set(['shop']),
      connections: new Map(['shop', 'erp'].map(name => [name, connectionOf(name)])),
      flows: [],
    },
    control: { closedFor: async () => 0 },
    sourceLane: (connection: string) => {
      asked.push(`lane of ${connection}`)
      return { connection, session: async () => null }
    },
  } as unknown as House
  return { asked, house: it }
}

test('only the webhooks of its own connections are pointed at a process', async () => {
  const { asked, house: it } = house()
  await watchWebhooks(it)
  expect(asked).toEqual(['lane of shop', 'shop'])
})

test('only its own connections are asked whether they remember', async () => {
  const { asked, house: it } = house()
  await watchMemories(it)
  expect(asked).toEqual(['lane of shop'])
})

/** When a house looks for runs for the first time, by its clock, in ms after it began. */
async function firstRunAt(onBus: boolean): Promise<number> {
  const clock = { now: 0 }
  const ending = new AbortController()
  const ended = new Promise<void>(done => ending.signal.addEventListener('abort', () => done()))
  const looked: number[] = []
  const keeping = {
    setup: {
      here: new Set(['shop']),
      connections: new Map([['shop', { connector: {} }]]),
      flows: [{ name: 'stock', to: 'shop', batch: { missed: 'once', holds: true } }],
    },
    store: { wake: async () => null, beat: async () => {}, register: async () => {} },
    control: {
      connections: async () => [],
      closedFor: async () => Infinity,
      flow: async () => {
        looked.push(clock.now)
        return { batch: null, paused: null }
      },
    },
    world: {
      now: () => clock.now,
      // Whoever rests between two rounds rests for good; who waits before the first one waits.
      sleep: async (ms: number) => (ms === 30_000 ? void (clock.now += ms) : ended),
      log: { error: () => {} },
    },
    signal: ending.signal,
    onBus,
  } as unknown as House
  const kept = keepHouse(keeping)
  await new Promise(done => setImmediate(done))
  ending.abort()
  await kept
  return looked[0] ?? Infinity
}

test('on a bus, a run that was due while nobody was here begins when what was told meanwhile can have been heard', async () => {
  expect(await firstRunAt(false)).toBe(0)
  expect(await firstRunAt(true)).toBe(30_000)
})
