import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  planFile,
  planFlow,
  type Client,
  type FlowPlan,
  type PlanFile,
  type PlannedAnswer,
} from '@linchpin/api'
import type { Command } from 'commander'
import { contextOf, type Context } from '../context.ts'
import { EXIT } from '../exit.ts'
import { listOf } from '../list.ts'
import { asTold, shown, table } from '../output.ts'
import { readJson } from '../json-file.ts'
import { counter, progress } from '../progress.ts'
import { isRemote } from '../remote.ts'
import { UsageTrouble } from '../trouble.ts'
import { untilDelivered } from '../what-became.ts'

interface Options {
  readonly out?: string
  readonly since?: string
  readonly ids?: string[]
}

export function addPlan(program: Command): void {
  program
    .command('plan <flow>')
    .description(
      "say what would be created, changed and left alone, and write it to a file; 'all' for every flow",
    )
    .option('--out <file>', 'write the plan there, to be applied later')
    .option('--ids <ids>', 'only these records of the source, with commas between', listOf)
    .option('--since <instant>', 'only what changed at the source since then (2026-11-23T00:00:00Z)')
    .action(async (flow: string, options: Options, command: Command) => {
      if (flow === 'all' && options.ids) throw new UsageTrouble('Say --ids for one flow.')
      await plan(contextOf(command), flow, options)
    })
  program
    .command('apply <plan>')
    .description('do exactly what a plan says; what has moved since is left alone')
    .action(async (file: string, _options: unknown, command: Command) => {
      await apply(contextOf(command), file)
    })
}

async function plan(
  { client: open, output, folder }: Context,
  named: string,
  options: Options,
): Promise<void> {
  const client = await open()
  const all = (await client.status({})).flows
  const flows = named === 'all' ? all : all.filter(({ name }) => name === named)
  // The server knows the nearest right name.
  if (flows.length === 0) await client.plan({ flow: named })
  const { out, since, ids } = options
  const file: PlanFile = {
    kind: 'linchpin plan',
    version: 1,
    at: new Date().toISOString(),
    flows: [],
    notPlanned: [],
  }
  for (const { name, from, to } of flows) {
    output.note(`Planning ${name} …`)
    const line = counter('records read', output.json)
    const request = { flow: name, ...(since ? { since } : {}), ...(ids ? { ids } : {}) }
    try {
      const planned = await planFlow(client, request, { from, to }, records => line.at(records))
      file.flows.push(planned)
      line.end(Object.values(planned.counts).reduce((sum, count) => sum + count, 0))
    } catch (error) {
      if (named !== 'all' || !isRemote(error)) throw error
      file.notPlanned.push({ flow: name, why: (error as Error).message })
    }
  }
  if (out !== undefined) writeFileSync(resolve(folder, out), `${JSON.stringify(file, null, 1)}\n`)
  output.data(file, () => inWords(file, out))
  if (file.notPlanned.length > 0) process.exitCode = EXIT.partly
}

const MOST_LINES = 40

function inWords({ flows, notPlanned }: PlanFile, out: string | undefined): string {
  const head = ['FLOW', 'CREATE', 'UPDATE', 'LINK', 'AS IT IS', 'LEFT OUT', 'WAITS', 'FOR A PERSON', 'WORTH']
  const kinds = ['create', 'update', 'link', 'nothing', 'skip', 'wait', 'park']
  const rows = flows.map(({ flow, counts, worth }) => [
    flow,
    ...kinds.map(kind => String(counts[kind] ?? 0)),
    Object.entries(worth)
      .map(([currency, amount]) => `${amount} ${currency}`)
      .join(', '),
  ])
  const lines = flows.flatMap(linesOf)
  const details = table(['FLOW', 'RECORD', 'WOULD', 'WHAT'], lines.slice(0, MOST_LINES))
  const more =
    lines.length > MOST_LINES ? `… and ${lines.length - MOST_LINES} more: see the file, or --json.` : ''
  const fresh = [...new Set(flows.map(({ told }) => asTold(told)))].filter(text => text !== '').join('\n')
  const without = notPlanned.map(({ flow, why }) => `Not planned: ${flow}. ${why}`).join('\n')
  const end =
    out === undefined
      ? 'Nothing was done. Write it to a file with --out plan.json, to apply exactly this.'
      : `Nothing was done. To do exactly this: linchpin apply ${out}`
  return [table(head, rows), details, more, fresh, without, end].filter(text => text !== '').join('\n\n')
}

function linesOf({ flow, steps, others }: FlowPlan): readonly (readonly string[])[] {
  const named = (label: string | null, id: string) => (label === null ? id : `${label} · ${id}`)
  return [
    ...steps.map(step => [flow, named(step.label, step.id), step.would, whatOf(step)]),
    ...others.map(each => [flow, named(each.label, each.id), each.would, each.words]),
  ]
}

function whatOf({ would, fields, words, worth }: PlannedAnswer): string {
  if (would === 'create') return worth === null ? words : `${worth.amount} ${worth.currency}`
  const changes = fields.map(({ field, ours, theirs }) => `${field}: ${shown(theirs)} → ${shown(ours)}`)
  return [...(would === 'link' ? [words] : []), ...changes].join('; ') || words
}

const AT_ONCE = 50

async function apply({ client: open, output, folder, who }: Context, file: string): Promise<void> {
  const { flows, at } = readJson(resolve(folder, file), planFile, 'plan')
  const client = await open()
  const done: { flow: string; owed: number; moved: { id: string; words: string }[] }[] = []
  for (const { flow, steps } of flows.filter(each => each.steps.length > 0)) {
    output.note(`Applying ${steps.length} steps of ${flow}, as planned ${at} …`)
    done.push({ flow, ...(await applyFlow(client, flow, steps, who, output.json)) })
  }
  for (const { flow, owed } of done) if (owed > 0) await untilDelivered(client, flow, owed, output.json)
  const moved = done.flatMap(each => each.moved.map(one => [each.flow, one.id, one.words]))
  const owed = done.reduce((sum, each) => sum + each.owed, 0)
  output.data({ flows: done }, () =>
    [
      table(['FLOW', 'LEFT ALONE', 'WHY'], moved),
      `${owed} ${owed === 1 ? 'delivery' : 'deliveries'} done as planned${moved.length > 0 ? `, ${moved.length} left alone` : ''}.`,
    ]
      .filter(text => text !== '')
      .join('\n\n'),
  )
  if (moved.length > 0) process.exitCode = EXIT.partly
}

async function applyFlow(
  client: Client,
  flow: string,
  steps: readonly PlannedAnswer[],
  who: string,
  quiet: boolean,
) {
  const bar = progress('steps taken', steps.length, quiet)
  const approved = steps.flatMap(({ id, proof }) => (proof === null ? [] : [{ id, proof }]))
  const all = { owed: 0, moved: [] as { id: string; words: string }[] }
  for (let start = 0; start < approved.length; start += AT_ONCE) {
    const part = await client.apply({ flow, steps: approved.slice(start, start + AT_ONCE), who })
    all.owed += part.owed
    all.moved.push(...part.moved)
    bar.at(start)
  }
  bar.end()
  return all
}
