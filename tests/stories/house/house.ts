import { handlers, listen, assembleLinchpin, connectors, readConfig, type Config } from '@linchpin/server'
import type { Handler } from '@linchpin/lookalike'
import { registration } from '@linchpin/engine/steps'
import { pino } from 'pino'
import { openSchema } from './database.ts'
import type { Erp, MakeErp } from './erp.ts'
import { odooErp, type OdooErp } from './odoo.ts'
import type { MakeShop, Shop } from './shop.ts'
import { turning } from './turn.ts'
import { wooShop, type WooShop } from './woocommerce.ts'
import { makeWorld, START, type Clock, type LogLine } from './world.ts'

export interface HouseOptions<S extends Shop, E extends Erp> {
  readonly shop?: MakeShop<S>
  readonly erp?: MakeErp<E>
  /** How far each side's own clock is ahead of ours, in ms. */
  readonly skew?: { readonly shop?: number; readonly erp?: number }
  /** Further shops on the same ERP, by the names of their connections. */
  readonly outlets?: Readonly<Record<string, MakeShop>>
  /** Further parts of the configuration, or changes to what the house has anyway. */
  readonly config?: (config: PlainConfig) => object
  /** Begin with an empty shop, before anything was synced. */
  readonly empty?: boolean
}
export interface PlainConfig {
  readonly connections: Readonly<Record<string, { readonly settings: Readonly<Record<string, unknown>> }>>
  readonly flows: readonly object[]
}

/** A whole Linchpin between a look-alike shop and a look-alike ERP, with its catalogue in the shop already. */
export async function openHouse<S extends Shop = WooShop, E extends Erp = OdooErp>(
  options: HouseOptions<S, E> = {},
) {
  const clock: Clock = { now: START }
  const log: LogLine[] = []
  const net = new Map<string, Handler>()
  const ours = (skew = 0) => ({ now: () => clock.now + skew })
  const webhooks: { url: string; headers: Readonly<Record<string, string>>; body: string }[] = []
  const shop = (options.shop ?? (wooShop as unknown as MakeShop<S>))({
    ...ours(options.skew?.shop),
    host: 'shop.test',
    deliver: (url, headers, body) => ring(url, headers, body),
  })
  const erp = (options.erp ?? (odooErp as unknown as MakeErp<E>))({
    ...ours(options.skew?.erp),
    host: 'erp.test',
  })
  net.set('shop.test', shop.handler)
  net.set('erp.test', erp.handler)

  const world = makeWorld(clock, net, log)
  const opened = await openSchema(clock.now)
  const assembled = async (config: Config) =>
    assembleLinchpin(
      { config, connectors, environment: {}, publicUrl: 'http://linchpin.test' },
      opened,
      world,
    )
  const outlets: Record<string, Shop> = {}
  for (const [name, make] of Object.entries(options.outlets ?? {})) {
    const outlet = make({ ...ours(), host: `${name}.test`, deliver: (...told) => ring(...told) })
    outlets[name] = outlet
    net.set(`${name}.test`, outlet.handler)
  }
  const shops = { shop, ...outlets }
  const plain = plainConfig(shops, erp)
  const configured = (change: HouseOptions<S, E>['config']) =>
    assembled(readConfig('the story', { ...plain, ...change?.(plain) }))
  let linchpin = await configured(options.config)
  const { store, db } = linchpin
  const sendWebhooks = async () => {
    for (const each of Object.values(shops)) await each.sendWebhooks()
  }
  const begin = async () => {
    await store.register(registration(linchpin.setup, clock.now), clock.now)
    const begun = turning({ turned: [{ linchpin }], world, clock, shops: sendWebhooks })
    await begun.subscribe()
    return begun
  }
  let turn = await begin()
  const api = handlers(() => linchpin)

  async function ring(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<number> {
    webhooks.push({ url, headers, body })
    const connection = url.split('/').at(-1) ?? ''
    const answer = await linchpin.engine.webhook(connection, { url, headers, body: Buffer.from(body) })
    return STATUS[answer.is]
  }

  const house = {
    shop,
    outlets,
    erp,
    clock,
    log,
    webhooks,
    get linchpin() {
      return linchpin
    },
    /** The node ends, and another one begins with this configuration. */
    async restart(change?: HouseOptions<S, E>['config']) {
      await turn.close()
      linchpin = await configured(change)
      turn = await begin()
    },
    store,
    db,
    api,
    net,
    pass: (time: Parameters<typeof turn.pass>[0]) => turn.pass(time),
    /** Until both sides were looked at and all that came of it is done. */
    settle: () => turn.pass('310s'),
    erpOrders: (number: string) => erp.orders(number),
    parked: async () => (await api.parked({ limit: 100 })).parked,
    /** The words of everything that waits for a person. */
    parkedWords: async () =>
      (await api.parked({ limit: 100 })).parked.map(each => each.trouble?.words ?? '').join('\n'),
    reconcile: (flow: string, how: { heal?: boolean; full?: boolean; ids?: string[] } = {}) =>
      api.reconcile({ flow, heal: false, full: false, goOn: false, ...how }),
    plan: (flow: string, ids?: string[]) => api.plan({ flow, ids, since: undefined, cursor: null }),
    apply: (
      flow: string,
      steps: readonly ({ readonly id: string; readonly proof: string | null } | undefined)[],
    ) =>
      api.apply({
        flow,
        who: 'Clara',
        steps: steps.flatMap(step => (step?.proof ? [{ id: step.id, proof: step.proof }] : [])),
      }),
    trace: (number: string) => api.trace({ number }),
    retry: (flow?: string) => api.retry({ who: 'Clara', ...(flow ? { flow } : {}) }),
    /** Everything that Linchpin wrote anywhere, in one text: for words that must not be in it. */
    async everythingWritten(): Promise<string> {
      const tables = ['attempt', 'journal', 'record', 'delivery', 'connection', 'poll']
      const texts = [JSON.stringify(log)]
      for (const table of tables)
        texts.push(JSON.stringify(await db.query('', `select row_to_json(t) "row" from ${table} t`)))
      return texts.join('\n')
    },
    /** The document behind a link in an order, as its customer would open it. */
    async openDocument(url: string) {
      const key = linchpin.documents.open(url.split('/').at(-1) ?? '', clock.now)
      return key && store.file(key)
    },
    ring,
    /** A real door on a free port of this machine. */
    listen: () =>
      listen(() => linchpin, { host: '127.0.0.1', port: 0, token: null, log: pino({ level: 'silent' }) }),
    close: async () => {
      await turn.close()
      await opened.close()
    },
    [Symbol.asyncDispose]: async () => house.close(),
  }
  if (!options.empty) await house.settle()
  return house
}
export type House<S extends Shop = WooShop, E extends Erp = OdooErp> = Awaited<
  ReturnType<typeof openHouse<S, E>>
>

const STATUS = { kept: 202, known: 202, forged: 401, unreadable: 400, 'no webhook': 404 } as const

function plainConfig(shops: Readonly<Record<string, Shop>>, erp: Erp): PlainConfig {
  const systems = Object.entries({ ...shops, erp })
  return {
    connections: Object.fromEntries(
      systems.map(([name, { connector, settings }]) => [name, { connector, settings }]),
    ),
    flows: Object.keys(shops).map(shop => ({
      preset: 'orderToCash',
      shop,
      erp: 'erp',
      schedule: { every: '5m' },
    })),
  }
}
