import { syncFlow, type Client, type PlannedAnswer, type PlanRequest } from '@linchpin/api'
import type { Command } from 'commander'
import { contextOf, type Context } from '../context.ts'
import { listOf } from '../list.ts'
import { table } from '../output.ts'
import { reading } from '../reading.ts'
import { UsageTrouble } from '../trouble.ts'
import { sayWhatBecame } from '../what-became.ts'

interface SyncOptions {
  readonly ids?: string[]
  readonly from?: string
  readonly dryRun?: boolean
  readonly wait?: boolean
}

export function addSync(program: Command): void {
  program
    .command('sync <flow>')
    .description("read a flow's source anew and deliver what it holds, changed or not")
    .option('--ids <ids>', 'only these records of the source, with commas between', listOf)
    .option('--from <place>', 'go on where it was stopped')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--no-wait', 'do not wait for the deliveries')
    .action(async (flow: string, options: SyncOptions, command: Command) => {
      const context = contextOf(command)
      const { ids, from, dryRun = false, wait = true } = options
      if (from !== undefined && (ids || dryRun))
        throw new UsageTrouble('Say --from without --ids and --dry-run.')
      const request = { flow, ...(ids ? { ids } : {}) }
      await (dryRun ? plan(context, request) : run(context, request, from, wait))
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

async function run(
  context: Context,
  request: PlanRequest,
  from: string | undefined,
  wait: boolean,
): Promise<void> {
  const { output } = context
  const client = await context.client()
  const about = { command: `linchpin sync ${request.flow}`, what: 'records read' }
  const began = await reading(about, from, output, reader => syncFlow(client, request, reader))
  if (began.next !== null) return output.data(began, () => 'What was owed so far is delivered.')
  output.note(`${began.read} records read, ${began.owed} deliveries owed.`)
  await sayWhatBecame(request.flow, began, wait, context)
}
