import type { Client, PlannedAnswer, PlanRequest } from '@linchpin/api'
import type { Command } from 'commander'
import { contextOf, type Context } from '../context.ts'
import { EXIT } from '../exit.ts'
import { listOf } from '../list.ts'
import { progress } from '../progress.ts'
import { table } from '../output.ts'

interface SyncOptions {
  readonly ids?: string[]
  readonly dryRun?: boolean
  readonly wait?: boolean
}

export function addSync(program: Command): void {
  program
    .command('sync <flow>')
    .description("read a flow's source anew and deliver what it holds, changed or not")
    .option('--ids <ids>', 'only these records of the source, with commas between', listOf)
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--no-wait', 'do not wait for the deliveries')
    .action(async (flow: string, options: SyncOptions, command: Command) => {
      const context = contextOf(command)
      const { ids, dryRun = false, wait = true } = options
      const request = { flow, ...(ids ? { ids } : {}) }
      await (dryRun ? plan(context, request) : run(context, request, wait))
    })
}

async function plan({ client: open, output }: Context, request: PlanRequest): Promise<void> {
  const client = await open()
  const planned: PlannedAnswer[] = []
  for (let cursor: string | null = null; planned.length < MOST_SHOWN;) {
    const page: Awaited<ReturnType<Client['plan']>> = await client.plan({ ...request, cursor })
    planned.push(...page.planned.filter(({ id }) => !planned.some(each => each.id === id)))
    cursor = page.next
    if (cursor === null) break
  }
  output.data({ planned }, () => inWords(planned))
}

/** Whoever wants all of it makes a plan. */
const MOST_SHOWN = 1000

function inWords(planned: readonly PlannedAnswer[]): string {
  const counts = new Map<string, number>()
  for (const { would } of planned) counts.set(would, (counts.get(would) ?? 0) + 1)
  const rows = planned.map(({ id, would, words }) => [id, would, words])
  const sum = [...counts].map(([would, count]) => `${count} ${would}`).join(', ') || 'nothing'
  const end = planned.length < MOST_SHOWN ? '' : ' There may be more: linchpin plan.'
  return `${table(['RECORD', 'WOULD', 'WHY'], rows)}\n\nNothing was done. It would be: ${sum}.${end}`
}

async function run(context: Context, request: PlanRequest, wait: boolean): Promise<void> {
  const client = await context.client()
  const began = await client.sync(request)
  context.output.note(`${began.read} records read, ${began.owed} deliveries owed.`)
  await sayWhatBecame(request.flow, began, wait, context)
}

/** How what was owed just now has ended, when it has. */
export async function sayWhatBecame(
  flow: string,
  began: { readonly owed: number },
  wait: boolean,
  { client: open, output }: Context,
): Promise<void> {
  const client = await open()
  const left = wait ? await untilDelivered(client, flow, began.owed, output.json) : null
  const parked = (await client.parked({ flow, limit: 1000 })).parked.length
  output.data({ ...began, left, parked }, () =>
    parked === 0 ? 'Done.' : `Done, but ${parked} are parked: linchpin parked --flow ${flow}`,
  )
  if (parked > 0) process.exitCode = EXIT.partly
}

/** Waits until nothing of the flow is owed any more; deliveries that wait for others do not count. */
export async function untilDelivered(
  client: Client,
  flow: string,
  owed: number,
  quiet: boolean,
): Promise<number> {
  const bar = progress('delivered', Math.max(owed, 1), quiet)
  for (;;) {
    const { flows } = await client.status({})
    const { ready = 0, running = 0, later = 0 } = flows.find(({ name }) => name === flow)?.deliveries ?? {}
    const left = ready + running + later
    bar.at(Math.max(0, owed - left))
    if (left === 0) {
      bar.end()
      return left
    }
    await new Promise(resolve => setTimeout(resolve, 300))
  }
}
