import { join, resolve } from 'node:path'
import { existsSync, rmSync } from 'node:fs'
import { fakeOdoo, type FakeOdoo } from '@linchpin/connector-odoo'
import { fakeWooCommerce, type FakeWooCommerce } from '@linchpin/connector-woocommerce'
import type { World } from '@linchpin/engine'
import { fetchFrom, serve, Shelf, type Handler, type Served } from '@linchpin/lookalike'
import type { Logger } from 'pino'
import { connectors } from '../connectors.ts'
import { start, type Running } from '../start.ts'
import { workAsClerk } from './clerk.ts'
import { leapingClock, type LeapingClock } from './clock.ts'
import { demoConfig, demoSecrets } from './config.ts'
import { liveOneDay } from './day.ts'
import { purchaseOf, type Wish } from './shopper.ts'
import { troublesOf } from './troubles.ts'
import { liveOneWeek, type Week } from './week.ts'

export interface DemoOptions {
  readonly folder: string
  readonly log: Logger
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Begin anew: throw away what the last demo left. */
  readonly fresh: boolean
  readonly ports: { readonly linchpin: number; readonly shop: number; readonly erp: number }
  /** Begin so many days ago, so that there is a history once `liveWeek` has gone through it. Only when it begins anew. */
  readonly days?: number
}

export interface Demo {
  readonly running: Running
  readonly shop: FakeWooCommerce
  readonly erp: FakeOdoo
  readonly shopUrl: string
  readonly erpUrl: string
  /** Lives through the days before now; null: this demo is in the present. */
  readonly liveWeek: () => Week | null
  /** Lets more shoppers come, some with orders that need a person. */
  readonly liveOn: () => void
  readonly stop: () => Promise<void>
}

const DATA = '.linchpin/demo'

/** A look-alike shop, a look-alike ERP, and a real Linchpin between them, all on this machine and all lasting. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const data = resolve(options.folder, DATA)
  if (options.fresh) rmSync(join(data, 'books'), { recursive: true, force: true })
  // What has a past already goes on in the present.
  const isNew = !existsSync(join(data, 'books'))
  const clock = leapingClock(isNew ? (options.days ?? 0) * DAY_MS : 0)
  const { now } = clock
  const deliver = deliverOver(options.log)
  const shop = fakeWooCommerce({
    shelf: new Shelf(join(data, 'books', 'shop.jsonl')),
    now,
    deliver,
    signedWithinMs: DAY_MS,
  })
  const erp = fakeOdoo({ shelf: new Shelf(join(data, 'books', 'erp.jsonl')), now })
  shop.seedDemo()
  erp.seedDemo()
  const troubles = troublesOf(clock, { shop, erp })
  const opened: Served[] = []
  try {
    const shopDoor = withOrders(shop)
    const erpDoor = troubles.slowed(erp.handler)
    const shopServed = await serveAt('shop', shopDoor, options.ports.shop, opened)
    const erpServed = await serveAt('ERP', erpDoor, options.ports.erp, opened)
    const doors = new Map([
      [shopServed.url, shopDoor],
      [erpServed.url, erpDoor],
    ])
    const config = demoConfig({
      data: join(data, 'linchpin'),
      port: options.ports.linchpin,
      shop: shopServed.url,
      erp: erpServed.url,
      pricelist: erp.orm.all('product.pricelist')[0]?.id ?? 1,
    })
    const { environment, log, folder } = options
    const running = await start({
      config,
      connectors,
      environment: { ...environment, ...demoSecrets },
      log,
      folder,
      fresh: options.fresh,
      demo: true,
      inWorld: world => clock.world(straight(world, doors, clock)),
    })
    const clerk = workAsClerk(erp, { everyMs: 400, isOurs: reference => isOurs(shop, reference) })
    // A real shop's scheduler runs once a minute; nobody wants to wait so long for a demonstration.
    const scheduler = setInterval(() => void shop.runWebhooks().catch(() => {}), 500)
    let week: Week | null = null
    const liveWeek = () => {
      if (clock.behindMs() > 0) week ??= liveOneWeek({ linchpin: running.linchpin, shop, erp, clock, log })
      return week
    }
    let endDay = () => {}
    const liveOn = () => void (endDay = liveOneDay(shop, MARK))
    const stop = async () => {
      endDay()
      week?.stop()
      await week?.over
      clearInterval(scheduler)
      await clerk.stop()
      await running.stop()
      await Promise.all(opened.map(each => each.close()))
    }
    return { running, shop, erp, shopUrl: shopServed.url, erpUrl: erpServed.url, liveWeek, liveOn, stop }
  } catch (error) {
    await Promise.all(opened.map(each => each.close()))
    throw error
  }
}

const DAY_MS = 24 * 3_600_000
const MARK = '_linchpin_demo'

/** The orders that the demo placed itself: for these it plays the people of the ERP, too. */
export function demoNumbers(shop: FakeWooCommerce): Set<string> {
  return new Set(
    shop
      .orders()
      .map(({ id }) => String(id))
      .filter(number => isOurs(shop, number)),
  )
}

function isOurs(shop: FakeWooCommerce, number: string): boolean {
  return shop.order(Number(number))?.meta_data.some(({ key }) => key === MARK) ?? false
}

/**
 * While it catches up with the present, requests go straight to the look-alikes: of the time that an answer takes, a
 * socket costs the larger part.
 */
function straight(world: World, doors: ReadonlyMap<string, Handler>, clock: LeapingClock): World {
  return {
    ...world,
    fetch: (url, init, timeoutMs) => {
      const door = clock.behindMs() > 0 ? doors.get(new URL(url).origin) : undefined
      return door ? fetchFrom(door)(url, init) : world.fetch(url, init, timeoutMs)
    },
  }
}

/** POST /demo/orders places an order as the storefront's checkout would. */
function withOrders(shop: FakeWooCommerce): Handler {
  return async request => {
    if (request.method !== 'POST' || new URL(request.url).pathname !== '/demo/orders')
      return shop.handler(request)
    try {
      const order = shop.placeOrder(purchaseOf(shop, (await request.json()) as Wish, MARK))
      return Response.json(
        { number: String(order.id), total: order.total, currency: order.currency },
        { status: 201 },
      )
    } catch (error) {
      return Response.json({ error: (error as Error).message }, { status: 409 })
    }
  }
}

async function serveAt(what: string, handler: Handler, port: number, opened: Served[]): Promise<Served> {
  try {
    const served = await serve(handler, port)
    opened.push(served)
    return served
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error
    throw new Error(
      `The demo ${what} wants port ${port}, which something else uses (another demo?). Stop that, or choose another port; see "linchpin demo --help".`,
      { cause: error },
    )
  }
}

function deliverOver(log: Logger) {
  return async (url: string, headers: Readonly<Record<string, string>>, body: string): Promise<number> => {
    try {
      const signal = AbortSignal.timeout(5_000)
      return (await fetch(url, { method: 'POST', headers: { ...headers }, body, signal })).status
    } catch (error) {
      log.debug({ url, error: String(error) }, 'A webhook of the demo shop reached nobody.')
      return 0
    }
  }
}
