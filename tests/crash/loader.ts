import { memory } from '@linchpin/connector-memory'
import { askLoad, createEngine, loadOn, loadsNow, setUp, type Flow, type World } from '@linchpin/engine'
import { registration } from '@linchpin/engine/steps'
import { openDb, pgStore } from '@linchpin/store'

/** A process that does nothing but a first load: it looks, then loads, and goes on from wherever an earlier one ended. */
const { LOADER_DATABASE = '', LOADER_SHOP = '' } = process.env
const flow: Flow = {
  name: 'orders',
  entity: 'SalesOrder',
  from: 'shop',
  to: 'erp',
  priority: 1,
  trigger: 'change',
  create: true,
  update: true,
  match: false,
  since: Date.UTC(2026, 0, 1),
  buffer: '0',
  schedule: { everyMs: 10_000 },
}
const world: World = {
  now: Date.now,
  random: Math.random,
  nonce: () => '0'.repeat(32),
  sleep: ms => new Promise(resolve => setTimeout(resolve, ms)),
  async fetch(url, init) {
    process.send?.('asks')
    return fetch(url, init)
  },
  log: { info: () => {}, warn: console.warn, error: console.error },
}

const db = openDb(LOADER_DATABASE)
const connector = { ...memory, limits: { requests: 1_000_000, perMs: 1_000, atOnce: 1 } }
const settings = { url: LOADER_SHOP, token: 'secret', webhookSecret: '' }
const setup = setUp(
  ['shop', 'erp'].map(name => ({ name, connector, settings })),
  [flow],
)
const store = pgStore(db)
const engine = createEngine({ setup, store, world, node: `loader-${process.pid}`, fileUrl: async () => null })
const deps = { ...engine.reading, ...engine.delivering }
await store.register(registration(setup, world.now()), world.now())
for (;;) {
  const [load] = await loadsNow(deps)
  if (load?.phase === 'done') break
  if (load === undefined) await ask('look')
  if (load?.phase === 'looked') await ask('go')
  const wait = await loadOn(deps)
  if (wait > 0) await world.sleep(Math.min(wait, 100))
}
await db.close()
process.disconnect()

async function ask(as: 'look' | 'go'): Promise<void> {
  const asked = await askLoad({ flow: flow.name, as, again: false }, deps)
  if ('refused' in asked) throw new Error(asked.refused)
}
