import type { Demo } from '@linchpin/server'
import type { Command } from 'commander'
import { contextOf } from '../context.ts'
import { styled } from '../output.ts'
import { NoAnswer } from '../trouble.ts'
import { untilStopped } from '../until-stopped.ts'
import { port, whole } from '../whole.ts'

interface DemoFlags {
  readonly fresh?: boolean
  readonly days: number
  readonly port: number
  readonly shopPort: number
  readonly erpPort: number
}

const SHOP_PORT = 8585

export function addDemo(program: Command): void {
  const demo = program
    .command('demo')
    .description('a look-alike shop, a look-alike ERP and Linchpin between them, with an order on its way')
    .option('--fresh', 'begin anew: forget what the last demo left')
    .option('--days <n>', 'of history that it begins with; 0: none', whole(0, 30), 7)
    .option('--port <port>', 'of Linchpin', port, 8484)
    .option('--shop-port <port>', 'of the demo shop', port, SHOP_PORT)
    .option('--erp-port <port>', 'of the demo ERP', port, 8686)
    .action(async (flags: DemoFlags, command: Command) => run(flags, command))
  demo
    .command('order')
    .description('place an order in the running demo shop, as a shopper would')
    .option('--lines <n>', 'how many different articles', whole(1, 50), 3)
    .option('--guest', 'without an account')
    .option('--discount', 'with the coupon WELCOME10')
    .action(async (flags: { lines: number; guest?: boolean; discount?: boolean }, command: Command) => {
      const { output } = contextOf(command)
      const port = (command.optsWithGlobals() as Partial<DemoFlags>).shopPort ?? SHOP_PORT
      const placed = await placeOrder(`http://127.0.0.1:${port}`, {
        lines: flags.lines,
        guest: flags.guest ?? false,
        discount: flags.discount ?? false,
      })
      output.data(
        placed,
        () =>
          `Order ${placed.number}, ${placed.total} ${placed.currency}. Follow it: linchpin trace ${placed.number}`,
      )
    })
}

interface Placed {
  readonly number: string
  readonly total: string
  readonly currency: string
}

async function placeOrder(shop: string, wish: object): Promise<Placed> {
  const response = await fetch(`${shop}/demo/orders`, { method: 'POST', body: JSON.stringify(wish) }).catch(
    (cause: unknown) => {
      throw new NoAnswer(`No demo shop answers at ${shop}. Start it with "linchpin demo".`, { cause })
    },
  )
  const answer = (await response.json()) as Placed & { error?: string }
  if (!response.ok) throw new Error(answer.error ?? `The demo shop answered ${response.status}.`)
  return answer
}

async function run(flags: DemoFlags, command: Command): Promise<void> {
  const { folder, environment } = contextOf(command)
  const { startDemo } = await import('@linchpin/server')
  const { createLog } = await import('../log.ts')
  const log = createLog(environment['LINCHPIN_LOG_LEVEL'] ?? 'warn')
  const say = (line: string) => process.stdout.write(`${line}\n`)
  say('Starting PostgreSQL, a look-alike shop and a look-alike ERP …')
  const begin = async () => {
    const ports = { linchpin: flags.port, shop: flags.shopPort, erp: flags.erpPort }
    const demo = await startDemo({
      folder,
      log,
      environment,
      fresh: flags.fresh ?? false,
      days: flags.days,
      ports,
    })
    say(places(demo))
    let stopped = false
    const story = tell(demo, say, () => stopped)
    const stop = async () => {
      stopped = true
      await story
      await demo.stop()
    }
    return { stop }
  }
  await untilStopped(begin, say)
}

function places({ shopUrl, erpUrl, running }: Demo): string {
  return [
    '',
    `  the shop   ${styled('bold', shopUrl)}   a look-alike of WooCommerce: browse, order, see tracking and invoice`,
    `  the ERP    ${styled('bold', `${erpUrl}/web`)}   a look-alike of Odoo: confirm, pick, pack, ship, invoice`,
    `  Linchpin   ${styled('bold', running.url)}   the console; on the command line: linchpin status, linchpin trace <number>, linchpin demo order`,
    '',
  ].join('\n')
}

/** One order on its way, told as it happens; on a second start, how the first one stands. */
async function tell(demo: Demo, say: (line: string) => void, isStopped: () => boolean): Promise<void> {
  const { demoNumbers, narrate } = await import('@linchpin/server')
  // The first one: those after it are the shoppers of the day, and some of them need a person.
  const [known] = [...demoNumbers(demo.shop)]
  const number = known ?? (await firstOrder(demo, isStopped))
  if (number === null) return
  say(known ? `Order ${number} of the last time:` : `A customer orders: order ${number}.`)
  const done = await narrate(demo.running.linchpin, number, say, { patienceMs: 120_000, isStopped })
  // Not before: the order goes first.
  void demo.running.prepareConsole()
  if (isStopped()) return
  const more = `See all of it: linchpin trace ${number}. Another one: linchpin demo order.\nStop: Ctrl-C.`
  say(
    done
      ? `\nOrder ${number} is shipped and invoiced, and the customer can see it. ${more}`
      : `\nOrder ${number} is still on its way. ${more}`,
  )
  if (known !== undefined) return
  await tellWeek(demo, say, isStopped)
  if (isStopped()) return
  demo.liveOn()
  say('More customers come now, and some of their orders need a person: see Parked in the console.')
}

const TELL_MS = 1_000

/** The week before now, while the demo lives through it: a line for each day. */
async function tellWeek(demo: Demo, say: (line: string) => void, isStopped: () => boolean): Promise<void> {
  const week = demo.liveWeek()
  if (week === null) return
  say('\nAll that was some days ago. The time since then goes by now; look at the console meanwhile.')
  let isOver = false
  const over = week.over.then(() => (isOver = true))
  for (let told = ''; !isOver && !isStopped();) {
    const { now, desk } = demo.running.linchpin
    const today = DAY.format(now())
    if (today !== told) {
      const parked = (await desk.causes(now())).reduce((sum, { count }) => sum + count, 0)
      const percent = String(Math.floor(week.gone() * 100)).padStart(3)
      say(`${percent} %  ${today}: ${demo.shop.orders().length} orders so far, ${parked} parked`)
      told = today
    }
    await new Promise(resolve => setTimeout(resolve, TELL_MS))
  }
  if (isStopped()) return
  await over
  say(`100 %  It is now: ${demo.shop.orders().length} orders.`)
}

const DAY = new Intl.DateTimeFormat('en', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
})

/** The catalogue comes from the ERP: there is something to buy as soon as it has arrived. */
async function firstOrder({ shopUrl }: Demo, isStopped: () => boolean): Promise<string | null> {
  while (!isStopped()) {
    try {
      return (await placeOrder(shopUrl, { lines: 3, discount: true })).number
    } catch {
      await new Promise(resolve => setTimeout(resolve, 200))
    }
  }
  return null
}
