import { memoryBus } from '@linchpin/bus'
import type { Handler } from '@linchpin/lookalike'
import {
  assembleLinchpin,
  configOf,
  connectors,
  handlers,
  publishingOf,
  readConfig,
  type Linchpin,
  type OpenedStore,
  type Part,
} from '@linchpin/server'
import {
  answer,
  askForRoll,
  askOnce,
  callRoll,
  hear,
  publishOnce,
  subscriptionsOf,
  topicOf,
} from '@linchpin/engine/steps'
import { openSchema } from './database.ts'
import type { Erp, MakeErp } from './erp.ts'
import type { MakeShop, Shop } from './shop.ts'
import { turning, type Turned } from './turn.ts'
import { makeWorld, START, type Clock, type LogLine } from './world.ts'

export interface Systems {
  readonly shops: Readonly<Record<string, MakeShop>>
  readonly erps: Readonly<Record<string, MakeErp>>
}

/**
 * Look-alikes, and as many Linchpins between them as a story starts: each with a database of its own, joined by a bus
 * within this process. They share the clock.
 */
export async function openBusHouse(systems: Systems) {
  const clock: Clock = { now: START }
  const log: LogLine[] = []
  const net = new Map<string, Handler>()
  const world = makeWorld(clock, net, log)
  const now = () => clock.now
  const bus = memoryBus(now)
  const running = new Map<string, Awaited<ReturnType<typeof startPart>>>()
  const stores = new Map<string, OpenedStore>()

  /** A webhook comes to whoever speaks to that connection. */
  async function ring(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<number> {
    const connection = url.split('/').at(-1) ?? ''
    for (const { linchpin } of running.values())
      if (linchpin.setup.here.has(connection))
        await linchpin.engine.webhook(connection, { url, headers, body: Buffer.from(body) })
    return 202
  }

  const shops: Record<string, Shop> = {}
  for (const [name, make] of Object.entries(systems.shops))
    shops[name] = make({ now, host: `${name}.test`, deliver: (...told) => ring(...told) })
  const erps: Record<string, Erp> = {}
  for (const [name, make] of Object.entries(systems.erps)) erps[name] = make({ now, host: `${name}.test` })
  const all = { ...shops, ...erps }
  for (const [name, { handler }] of Object.entries(all)) net.set(`${name}.test`, handler)
  const connections = Object.fromEntries(
    Object.entries(all).map(([name, { connector, settings }]) => [name, { connector, settings }]),
  )

  async function startPart(part: Part, flows: readonly object[]) {
    const name = nameOf(part)
    const opened = stores.get(name) ?? (await openSchema(clock.now, publishingOf(part)))
    stores.set(name, opened)
    const servers = ['nats://nowhere.test']
    const config = configOf(part, readConfig('the story', { connections, flows, bus: { servers } }))
    const publicUrl = `http://${name}.linchpin.test`
    const options = { config, connectors, environment: {}, publicUrl, part, bus: bus.open() }
    const linchpin = await assembleLinchpin(options, opened, world)
    return { linchpin, ...(await joinBus(linchpin)) }
  }

  let turn = turning({ turned: [], world, clock, shops: async () => {} })
  const again = () => {
    const turned: Turned[] = [...running.values()].map(({ linchpin, more }) => ({
      linchpin,
      more: async () => (await more()) || bus.turn(),
    }))
    const sendWebhooks = async () => {
      for (const shop of Object.values(shops)) await shop.sendWebhooks()
    }
    turn = turning({ turned, world, clock, shops: sendWebhooks })
  }

  const house = {
    shop: (name = 'shop') => found(shops, name),
    erp: (name = 'erp') => found(erps, name),
    bus,
    clock,
    log,
    /** Starts a part anew with these flows; what it knew is still in its database. */
    async start(part: Part, flows: readonly object[]) {
      await house.stop(part)
      const started = await startPart(part, flows)
      running.set(nameOf(part), started)
      again()
      await turn.subscribe()
      return started.linchpin
    },
    /** It ends; its database stays. */
    async stop(part: Part) {
      const ending = running.get(nameOf(part))
      running.delete(nameOf(part))
      await ending?.leave()
      again()
    },
    pass: (time: Parameters<typeof turn.pass>[0]) => turn.pass(time),
    settle: () => turn.pass('310s'),
    linchpin: (name: string): Linchpin => found(Object.fromEntries(running), name).linchpin,
    /** What each adapter does some times a day. */
    async callRoll(name: string) {
      const { deps } = found(Object.fromEntries(running), name)
      if (deps) await callRoll(deps)
    },
    parkedWords: async () => {
      const words: string[] = []
      for (const { linchpin } of running.values()) {
        const { parked } = await handlers(() => linchpin).parked({ limit: 100 })
        words.push(...parked.map(each => each.trouble?.words ?? ''))
      }
      return words.join('\n')
    },
    async [Symbol.asyncDispose]() {
      await turn.close()
      for (const opened of stores.values()) await opened.close()
    },
  }
  return house
}

function found<Thing>(all: Readonly<Record<string, Thing>>, name: string): Thing {
  const thing = all[name]
  if (thing === undefined) throw new Error(`There is no ${name}, or it does not run.`)
  return thing
}

const nameOf = (part: Part) => (part.is === 'adapter' ? part.connection : part.is)

/** Joins the bus as a start does, and answers its work as steps. */
async function joinBus({ engine }: Linchpin) {
  const joined = await engine.join()
  if (!joined) return { deps: null, more: async () => false, leave: async () => {} }
  const { deps, changes, others } = joined
  const { bus } = deps.on
  const questions: [string, string][] = []
  const stops = [
    ...(await Promise.all(
      subscriptionsOf(deps).map(each => bus.subscribe(each, messages => hear(messages, deps))),
    )),
    ...(await Promise.all(
      [...deps.setup.here].map(name =>
        bus.listen(topicOf(name), words => void questions.push([name, words])),
      ),
    )),
  ]
  await askForRoll(deps)
  const open = new Set(changes)
  const more = async () => {
    let worked = false
    for (const change of open) if (await change()) worked = open.delete(change)
    for (const [name, words] of questions.splice(0)) {
      await answer(name, words, deps)
      worked = true
    }
    for (const files of [false, true]) while (await publishOnce(deps, files).catch(() => false)) worked = true
    for (const name of others) while (await askOnce(name, deps)) worked = true
    return worked
  }
  return { deps, more, leave: async () => void (await Promise.all(stops.map(stop => stop()))) }
}
