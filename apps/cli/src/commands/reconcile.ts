import type { DiscrepancyAnswer, ReconciliationAnswer } from '@linchpin/api'
import type { Command } from 'commander'
import { contextOf, type Context } from '../context.ts'
import { EXIT } from '../exit.ts'
import { table } from '../output.ts'

export function addReconcile(program: Command): void {
  program
    .command('reconcile <flow>')
    .description("compare a flow's two systems as they are now; 'all' for every flow")
    .option('--heal', 'deliver anew what that can mend; without it nothing is changed')
    .action(async (flow: string, { heal = false }: { heal?: boolean }, command: Command) => {
      await run(contextOf(command), flow, heal)
    })
}

async function run({ client: open, output }: Context, named: string, heal: boolean): Promise<void> {
  const client = await open()
  const flows = named === 'all' ? (await client.status({})).flows.map(({ name }) => name) : [named]
  const found: ReconciliationAnswer[] = []
  for (const [index, flow] of flows.entries()) {
    output.note(`Comparing ${flow} (${index + 1} of ${flows.length}) …`)
    found.push(await client.reconcile({ flow, heal }))
  }
  output.data({ flows: found }, () => inWords(found, heal))
  const left = found.reduce((sum, each) => sum + each.discrepancies.length - each.healed, 0)
  if (left > 0) process.exitCode = EXIT.partly
}

function inWords(found: readonly ReconciliationAnswer[], healed: boolean): string {
  const head = ['FLOW', 'READ', 'SAME', 'LEFT ALONE', 'UNDER WAY', 'NOT TO READ', 'WRONG']
  const rows = found.map(each => [
    each.flow,
    ...[each.read, each.same, each.leftAlone, each.underWay, each.unreadable, each.discrepancies.length].map(
      String,
    ),
  ])
  const wrong = found.flatMap(({ discrepancies }) => discrepancies)
  const details = table(['FLOW', 'RECORD', 'IS', 'WHY'], wrong.map(rowOf))
  return [table(head, rows), details, endOf(found, healed)].filter(text => text !== '').join('\n\n')
}

function rowOf({ flow, id, targetId, label, is, words, fields }: DiscrepancyAnswer): readonly string[] {
  const differences = fields.map(
    each => `${each.field}: ${shown(each.theirs)} instead of ${shown(each.ours)}`,
  )
  const name = [label, id ?? `there ${targetId ?? ''}`].filter(each => each !== null).join(' · ')
  return [flow, name, is, is === 'different' ? differences.join('; ') : words]
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

function endOf(found: readonly ReconciliationAnswer[], healed: boolean): string {
  const wrong = found.reduce((sum, each) => sum + each.discrepancies.length, 0)
  const mended = found.reduce((sum, each) => sum + each.healed, 0)
  if (wrong === 0) return 'Both sides agree.'
  if (!healed)
    return `${wrong} discrepancies. Nothing was changed; deliver anew what that can mend with --heal.`
  return `${mended} of ${wrong} are delivered anew. The others are for a person to judge.`
}
