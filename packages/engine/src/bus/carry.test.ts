import { memoryBus } from '@linchpin/bus'
import type { FlowState } from '@linchpin/store'
import { expect, test } from 'vitest'
import type { Flow } from '../setup.ts'
import type { Carrying } from './carry.ts'
import { putDown } from './duty.ts'

const flow = { name: 'orders' } as Flow

/** A process that carries the flow, beside another node on its database. `underWay`: what each look answers. */
function carrier(underWay: boolean[] = []) {
  const bus = memoryBus().open()
  const clock = { now: 1_000_000 }
  const letGo: string[] = []
  let paused: FlowState['paused'] = null
  const store = {
    pause: async ({ reason, who }: { reason: string; who: string }) =>
      void (paused = { at: clock.now, by: who, reason }),
  }
  const busStore = {
    isUnderWay: async () => underWay.shift() ?? false,
    async *flowParts() {
      yield { is: 'flow', since: 0 }
    },
    letGo: async (name: string) => void letGo.push(name),
  }
  const deps = {
    store,
    control: { flow: async () => ({ paused }), forget: () => {} },
    world: { now: () => clock.now, log: { info: () => {}, warn: () => {} } },
    on: { bus, name: 'hub', store: busStore },
  } as unknown as Carrying
  const lastWord = async () => JSON.parse((await bus.lastNote('orders'))?.words ?? '{}').is
  return { clock, lastWord, letGo, putDown: () => putDown(flow, true, deps) }
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
