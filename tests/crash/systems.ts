import { serve, type Handler } from '@linchpin/lookalike'
import type { Books } from './books.ts'
import { pairs, takenBy } from './pairs.ts'
import type { Wish } from './wishes.ts'

/**
 * The look-alikes, a process of its own. It is told what to do over HTTP on a port that no wire leads to, and nothing
 * kills it: what stands in its books is what the world saw. On standard output, once: its ports.
 */
export interface Ports {
  readonly control: number
  readonly systems: Readonly<Record<string, System>>
}

export interface System {
  readonly port: number
  readonly connector: string
  /** What a configuration says of it, but for its address. */
  readonly settings: Readonly<Record<string, unknown>>
}

export interface Counts {
  readonly taken: number
  readonly confirmed: number
  /** Orders whose shop knows the ERP's number. */
  readonly told: number
  /** Articles with a price and stock, in the shop that has fewest. */
  readonly sellable: number
}

const opened = pairs.map(pair => ({ names: pair, ...pair.open() }))

const routes: Readonly<Record<string, (body: unknown) => unknown>> = {
  '/place': body => {
    for (const { shop: name, lines, coupon, guest } of body as readonly Wish[])
      opened
        .find(({ names }) => names.shop === name)
        ?.shop.place({ lines, coupon, ...(guest ? { guest } : {}) })
    return {}
  },
  '/counts': (): Counts => {
    const taken = opened.flatMap(({ names, shop }) => takenBy(names.shop, shop))
    return {
      taken: taken.length,
      confirmed: opened.reduce((sum, { confirmed }) => sum + confirmed(), 0),
      told: taken.filter(({ erpNumber }) => erpNumber !== null).length,
      sellable: Math.min(
        ...opened.map(
          ({ shop }) =>
            shop.fake.products().filter(({ regular_price: price, stock_quantity: stock }) => price && stock)
              .length,
        ),
      ),
    }
  },
  '/books': (): Books => ({
    taken: opened.flatMap(({ names, shop }) => takenBy(names.shop, shop)),
    booked: opened.flatMap(({ booked }) => booked()),
    customers: opened.flatMap(({ customers }) => customers()),
  }),
}

const control: Handler = async request => {
  const body = request.method === 'POST' ? ((await request.json()) as unknown) : null
  return Response.json(routes[new URL(request.url).pathname]?.(body) ?? null)
}

const portOf = async (handler: Handler) => Number(new URL((await serve(handler)).url).port)
const systems: Record<string, System> = {}
for (const { names, ...pair } of opened)
  for (const side of ['shop', 'erp'] as const) {
    const { connector, settings, handler } = pair[side]
    systems[names[side]] = { port: await portOf(handler), connector, settings }
  }
const ports: Ports = { control: await portOf(control), systems }
console.log(JSON.stringify(ports))

// A real shop's scheduler runs once a minute.
for (const { shop } of opened) {
  let isBusy = false
  setInterval(() => {
    if (isBusy) return
    isBusy = true
    void shop.sendWebhooks().finally(() => (isBusy = false))
  }, 500)
}

// Whoever started it may be killed, too.
process.on('disconnect', () => process.exit())
