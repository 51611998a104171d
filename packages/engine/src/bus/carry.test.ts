import { memoryBus } from '@linchpin/bus'
import type { FlowPart, FlowState } from '@linchpin/store'
import { expect, test } from 'vitest'
import type { Flow } from '../setup.ts'
import type { Carrying } from './carry.ts'
import { createGate, putDown, takeUp } from './duty.ts'

const flow = { name: 'orders' } as Flow

/** A process that carries the flow, beside another node on its database. `underWay`: what each look answers. */
function carrier(underWay: boolean[] = []) {
  const bus = memoryBus().open()
  const clock = { now: 1_000_000 }
  const letGo: string[] = []
  let paused: FlowState['paused'] = null
  let takes = 0
  let meanwhile: (() => Promise<unknown>) | null = null
  const store = {
    pause: async ({ reason, who }: { reason: string; who: string }) =>
      void (paused = { at: clock.now, by: who, reason }),
    resume: async () => void (paused = null),
  }
  const busStore = {
    isUnderWay: async () => underWay.shift() ?? false,
    async *flowParts() {
      yield { is: 'flow', since: 0, paused }
    },
    takes: async () => takes,
    taken: async () => void (takes += 1),
    takeOver: async (_name: string, parts: AsyncIterable<FlowPart>, taking: { takes: number }) => {
      for await (const part of parts) {
        const interrupt = meanwhile
        meanwhile = null
        await interrupt?.()
        if (taking.takes !== takes) return false
        if (part.is === 'flow') paused = part.paused ?? paused
      }
      return true
    },
    letGo: async (name: string) => void letGo.push(name),
  }
  const deps = {
    store,
    control: { flow: async () => ({ paused }), forget: () => {} },
    world: { now: () => clock.now, log: { info: () => {}, warn: () => {} } },
    on: { bus, name: 'hub', store: busStore },
  } as unknown as Carrying
  const told = async () => {
    const words = []
    for await (const note of bus.notes('orders')) words.push(JSON.parse(note.words))
    return words
  }
  const lastWord = async () => JSON.parse((await bus.lastNote('orders'))?.words ?? '{}').is
  return {
    bus,
    clock,
    lastWord,
    told,
    letGo,
    paused: () => paused,
    pause: (by: string, reason: string) => void (paused = { at: clock.now, by, reason }),
    putDown: () => putDown(flow, true, deps),
    takeUp: () => takeUp(flow, createGate(), deps),
    meanwhile: (work: () => Promise<unknown>) => void (meanwhile = work),
  }
}

test('a flow is handed over only when no node can be left that has not heard of the pause', async () => {
  const hub = carrier()
  expect(await hub.putDown()).toBe(false)
  hub.clock.now += 6_000
  expect(await hub.putDown()).toBe(false)
  expect(await hub.lastWord()).toBeUndefined()
  hub.clock.now += 6_000
  expect(await hub.putDown()).toBe(true)
  expect(await hub.lastWord()).toBe('handed over')
  expect(hub.letGo).toEqual(['orders'])
})

test('what a node began while the parts were told is waited for, and told', async () => {
  const hub = carrier([false, true])
  await hub.putDown()
  hub.clock.now += 12_000
  expect(await hub.putDown()).toBe(false)
  expect(await hub.lastWord()).toBe('part')
  expect(hub.letGo).toEqual([])
  expect(await hub.putDown()).toBe(true)
  expect(await hub.lastWord()).toBe('handed over')
})

test('what a person paused stays paused when it changes hands, and nothing else is told as a pause', async () => {
  const hub = carrier()
  hub.pause('ada', 'Stocktaking.')
  hub.clock.now += 12_000
  expect(await hub.putDown()).toBe(true)
  const flowPart = async () => (await hub.told()).find(({ is }) => is === 'part').part
  expect(await flowPart()).toMatchObject({ paused: { by: 'ada', reason: 'Stocktaking.' } })
  // Should it come back, what was said of it there counts.
  expect(hub.paused()).toMatchObject({ by: 'linchpin' })
  expect(await hub.takeUp()).toBe(true)
  expect(hub.paused()).toMatchObject({ by: 'ada', reason: 'Stocktaking.' })

  const other = carrier()
  await other.putDown()
  other.clock.now += 12_000
  expect(await other.putDown()).toBe(true)
  expect((await other.told()).find(({ is }) => is === 'part').part).toMatchObject({ paused: null })
  expect(await other.takeUp()).toBe(true)
  expect(other.paused()).toBe(null)
})

test('a person who pauses a flow that waits for its carrier finds it paused, and not taken up', async () => {
  const late = carrier()
  await late.bus.addNote('orders', JSON.stringify({ is: 'carried', by: 'hub 2' }), 0)
  late.pause('ada', 'Stocktaking.')
  expect(await late.takeUp()).toBe(false)
  expect(late.paused()).toMatchObject({ by: 'ada' })
})

test('whoever died before they let go of what they had handed over lets go of it at their next start', async () => {
  const hub = carrier()
  await hub.bus.addNote('orders', JSON.stringify({ is: 'handed over', by: 'hub' }), 0)
  expect(await hub.putDown()).toBe(true)
  expect(hub.letGo).toEqual(['orders'])

  const other = carrier()
  await other.bus.addNote('orders', JSON.stringify({ is: 'handed over', by: 'adapter' }), 0)
  expect(await other.putDown()).toBe(true)
  expect(other.letGo).toEqual([])
})

/** A flow that a person had paused. */
async function handedOver() {
  const adapter = carrier()
  adapter.pause('bob', 'Before.')
  adapter.clock.now += 12_000
  expect(await adapter.putDown()).toBe(true)
  return adapter
}

test('a node that is slow to take a flow over stops when another one has it, and then carries it as well', async () => {
  const adapter = await handedOver()
  let fast: boolean | null = null
  adapter.meanwhile(async () => {
    fast = await adapter.takeUp()
    adapter.pause('ada', 'Stocktaking.')
  })
  expect(await adapter.takeUp()).toBe(false)
  expect(fast).toBe(true)
  expect(adapter.paused()).toMatchObject({ by: 'ada' })
  expect(await adapter.takeUp()).toBe(true)
})

test('a node that was told who carries the flow by one that died stops whoever still takes it over', async () => {
  const adapter = await handedOver()
  adapter.meanwhile(async () => {
    const last = await adapter.bus.lastNote('orders')
    await adapter.bus.addNote('orders', JSON.stringify({ is: 'carried', by: 'hub' }), last?.seq ?? 0)
    expect(await adapter.takeUp()).toBe(true)
    adapter.pause('ada', 'Stocktaking.')
  })
  expect(await adapter.takeUp()).toBe(false)
  expect(adapter.paused()).toMatchObject({ by: 'ada' })
})
