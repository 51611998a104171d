import { reconcile } from '@linchpin/engine'
import type { FakeOdoo } from '@linchpin/connector-odoo'
import type { FakeWooCommerce, Purchase } from '@linchpin/connector-woocommerce'
import type { Logger } from 'pino'
import type { Linchpin } from '../linchpin.ts'
import type { LeapingClock } from './clock.ts'
import { openAccounts, somebody } from './customers.ts'
import { dice, type Dice } from './dice.ts'
import { warehouse } from './warehouse.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

export interface WeekOf {
  readonly linchpin: Linchpin
  readonly shop: FakeWooCommerce
  readonly erp: FakeOdoo
  readonly clock: LeapingClock
  readonly log: Logger
}

export interface Week {
  /** How much of it has gone by, from 0 to 1. */
  readonly gone: () => number
  /** Resolves when the present is reached, or when it was stopped; never rejects. */
  readonly over: Promise<void>
  readonly stop: () => void
}

/**
 * Lives through the days before now, up to now: shoppers order by day and by night, the people of the ERP ship and
 * invoice, a few orders need a person. All of it goes the way that everything goes, from the shop through Linchpin to
 * the ERP and back; only the clock leaps on as soon as nothing is left to do.
 */
export function liveOneWeek(of: WeekOf): Week {
  let stopped = false
  const behindMs = of.clock.behindMs()
  return {
    gone: () => 1 - of.clock.behindMs() / behindMs,
    over: live(of, () => stopped).catch(async (error: unknown) => {
      of.log.error({ err: error }, 'The week of the demo broke off; it goes on in the present.')
      await leapOn(of, behindMs, () => stopped)
    }),
    stop: () => void (stopped = true),
  }
}

async function live(of: WeekOf, isStopped: () => boolean): Promise<void> {
  const { shop, erp, clock } = of
  const chance = dice(20)
  const customers = openAccounts(shop, chance)
  const soap = shop.createProduct({ name: 'Pine tar soap', sku: SOAP, regular_price: '6.90' }).id
  const clerks = warehouse(erp, chance)
  for (let turn = 0; clock.behindMs() > 0 && !isStopped(); turn += 1) {
    const hour = new Date(clock.now()).getUTCHours()
    clerks.restock()
    if (hour >= 7 && hour < 18) await clerks.work()
    if (clock.behindMs() < SOAP_COMES_MS && clerks.add(SOAP, 'Pine tar soap', 5.8)) await triedAgain(of)
    for (let more = ordersAt(hour, chance); more > 0; more -= 1) {
      order(shop, { chance, customers, turn: turn * 100 + more, soap })
      clock.leap((1 + chance.upTo(6)) * 1_000)
    }
    await shop.runWebhooks()
    await settled(of, isStopped)
    const next = (isNight(hour) ? 110 : 33 + chance.upTo(20)) * MINUTE_MS
    await leapOn(of, next, isStopped)
  }
  if (!isStopped()) await compared(of)
}

/** An article that the shop sells before the ERP knows it: for the first days its orders wait for a person. */
const SOAP = 'SOAP-TAR'
const SOAP_COMES_MS = 4.2 * 24 * HOUR_MS
const isNight = (hour: number) => hour < 6

/** Few at night, most in the evening. */
function ordersAt(hour: number, chance: Dice): number {
  if (isNight(hour)) return chance.upTo(6)
  return (hour >= 17 && hour < 22 ? 14 : 8) + chance.upTo(8)
}

interface Shopping {
  readonly chance: Dice
  readonly customers: readonly number[]
  readonly turn: number
  readonly soap: number
}

function order(shop: FakeWooCommerce, { chance, customers, turn, soap }: Shopping): void {
  const lines = basket(shop, chance)
  if (lines.length === 0) return
  const guest = somebody(chance, 1_000 + turn)
  const isLost = chance.oneIn(120)
  shop.placeOrder({
    lines: chance.oneIn(90) ? [...lines, { product: soap, quantity: 1 }] : lines,
    ...(isLost || chance.oneIn(4)
      ? { billing: isLost ? { ...guest, country: 'ZZ' } : guest }
      : { customer: chance.pick(customers) }),
    ...(chance.oneIn(9) ? { coupon: 'welcome10' } : {}),
    meta: market(chance),
  })
}

/** Some come from marketplaces; of one of them, nobody has told Linchpin yet. */
function market(chance: Dice): NonNullable<Purchase['meta']> {
  if (chance.oneIn(70)) return [{ key: '_marketplace', value: 'otto' }]
  return chance.oneIn(7) ? [{ key: '_marketplace', value: chance.pick(['ebay', 'kaufland']) }] : []
}

function basket(shop: FakeWooCommerce, chance: Dice): Purchase['lines'] {
  const sellable = shop
    .products()
    .filter(({ type, status, regular_price }) => type !== 'variable' && status === 'publish' && regular_price)
    .filter(({ stock_quantity }) => (stock_quantity ?? 0) > 3)
  const chosen = new Set(
    sellable.length === 0 ? [] : Array.from({ length: 1 + chance.upTo(3) }, () => chance.pick(sellable)),
  )
  return [...chosen].map(({ id, parent_id }) => ({
    product: parent_id || id,
    ...(parent_id ? { variation: id } : {}),
    quantity: 1 + chance.upTo(2),
  }))
}

/** What was parked for the soap is tried again by whoever added it to the ERP. */
async function triedAgain({ linchpin: { store, now } }: WeekOf): Promise<void> {
  const parked = await store.parked({ flow: ORDERS, limit: 500 })
  const ids = parked.filter(({ trouble }) => trouble?.words.includes(SOAP)).map(({ id }) => id)
  await store.retryParked({ flow: ORDERS, ids }, 'Demo', now())
}

const ORDERS = 'sales-order-shop-to-erp'

/** Once a week both sides are compared. */
async function compared({ linchpin }: WeekOf): Promise<void> {
  const { engine, setup, now } = linchpin
  const deps = { ...engine.reading, ...engine.delivering }
  for (const { name: flow } of setup.flows) {
    const until = now() + COMPARED_WITHIN_MS
    for (let goOn = false; now() < until; goOn = true)
      if ((await reconcile({ flow, full: false, goOn, until: now() + 5_000 }, deps)).done) break
  }
}

const COMPARED_WITHIN_MS = 60_000

async function leapOn({ clock }: WeekOf, ms: number, isStopped: () => boolean): Promise<void> {
  while (!clock.leap(ms) && !isStopped()) await new Promise(done => setTimeout(done, AGAIN_MS))
}

const LOOK_MS = 100
/** Between two polls there is a moment in which nothing is under way. */
const AGAIN_MS = 5
/** A system that does not answer leaves work undone: when nothing has happened for so long, the clock goes on without it. */
const PATIENCE_MS = 10_000
/** What is tried again and again moves, too, and gets nowhere. */
const MOST_MS = 90_000

/** Until both systems were looked at, and nothing is on its way that could go on by itself at once. */
async function settled({ linchpin: { store, desk, now } }: WeekOf, isStopped: () => boolean): Promise<void> {
  const since = now()
  const began = Date.now()
  let last = { pulse: -1, at: began }
  while (Date.now() - last.at < PATIENCE_MS && Date.now() - began < MOST_MS && !isStopped()) {
    await new Promise(done => setTimeout(done, LOOK_MS))
    // However slow this machine is: what moves is waited for, or the week would be one of delays that nobody can explain.
    const pulse = await desk.pulse()
    if (pulse !== last.pulse) last = { pulse, at: Date.now() }
    const systems = await store.connections()
    if (systems.some(({ blockedUntil }) => (blockedUntil ?? 0) > now())) return
    const due = systems
      .flatMap(({ polls }) => polls)
      .filter(({ nextAt, finishedAt }) => nextAt <= now() && (finishedAt ?? 0) < since)
    if (due.length > 0) continue
    const { deliveries, notices } = await desk.open()
    const busy = deliveries.some(({ state }) => state === 'ready' || state === 'running')
    if (!busy && notices.length === 0) return
  }
}
