import type { RunReport } from '@linchpin/api'
import type { Command } from 'commander'
import { contextOf } from '../context.ts'
import { table } from '../output.ts'
import { whole } from '../whole.ts'

export function addRuns(program: Command): void {
  program
    .command('runs <flow>')
    .description('what the runs of a flow in batches did, the newest first')
    .option('--limit <count>', 'so many', whole(1, 1000), 20)
    .action(async (name: string, { limit }: { limit: number }, command: Command) => {
      const { output, client } = contextOf(command)
      const found = await (await client()).flowRuns({ name, limit })
      output.data(found, () => inWords(found.runs, found.nextAt))
    })
}

function inWords(runs: readonly RunReport[], nextAt: string | null): string {
  const head = ['DUE', 'IS', 'TOOK', 'READ', 'CREATED', 'UPDATED', 'UNCHANGED', 'LEFT OUT', 'PARKED']
  const rows = runs.map(run => {
    const { read, created, updated, unchanged, skipped, parked } = run
    const took = run.state === 'left out' ? '–' : `${(run.tookMs / 1000).toFixed(1)} s`
    return [run.dueAt, run.state, took, ...[read, created, updated, unchanged, skipped, parked].map(String)]
  })
  const next = nextAt === null ? 'It does not work in batches.' : `The next one is due at ${nextAt}.`
  return [table(head, rows), next].filter(text => text !== '').join('\n\n')
}
