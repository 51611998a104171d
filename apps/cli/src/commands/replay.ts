import { replayFlow } from '@linchpin/api'
import type { Command } from 'commander'
import { contextOf, type Context } from '../context.ts'
import { instant } from '../instant.ts'
import { reading } from '../reading.ts'
import { sayWhatBecame } from '../what-became.ts'

interface Options {
  readonly since: string
  readonly from?: string
  readonly dryRun?: boolean
  readonly wait: boolean
}

export function addReplay(program: Command): void {
  program
    .command('replay <flow>')
    .description('deliver anew what came since an instant, each record as it is now')
    .requiredOption(
      '--since <instant>',
      'over the bus what was published since then, else what changed at the source (2026-11-23T00:00:00Z)',
      instant,
    )
    .option('--from <place>', 'go on where it was stopped')
    .option('--dry-run', 'say how many records it would be, and do nothing')
    .option('--no-wait', 'do not wait for the deliveries')
    .action((flow: string, options: Options, command: Command) => run(contextOf(command), flow, options))
}

async function run(context: Context, name: string, options: Options): Promise<void> {
  const { since, from, dryRun = false, wait } = options
  const client = await context.client()
  const { output } = context
  const command = `linchpin replay ${name} --since ${since}${dryRun ? ' --dry-run' : ''}`
  // Most rows of a source may be older.
  const began = await reading({ command, what: 'rows looked at' }, from, output, reader =>
    replayFlow(client, { name, since, dryRun }, reader),
  )
  const { records, owed, held, next } = began
  if (next !== null)
    return output.data(began, () => (dryRun ? 'Nothing was done.' : 'What was owed so far is delivered.'))
  if (dryRun)
    return output.data(began, () =>
      records === 1
        ? 'Nothing was done. It would be 1 record.'
        : `Nothing was done. It would be ${records} records. What would become of each: linchpin plan ${name}.`,
    )
  output.note(`${records} records since ${since}, ${owed} deliveries owed.`)
  if (held) return output.data(began, () => 'They go with the next run of the flow.')
  await sayWhatBecame(name, began, wait, context)
}
