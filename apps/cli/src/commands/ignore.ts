import type { IgnoredAnswer } from '@linchpin/api'
import type { Command } from 'commander'
import { contextOf } from '../context.ts'
import { EXIT } from '../exit.ts'
import { ago, table } from '../output.ts'

/** Fields that comparisons leave out. */
export function addIgnore(program: Command): void {
  const ignore = program.command('ignore').description('fields that comparisons of a flow leave out')
  ignore
    .command('list [flow]')
    .description('which, since when, by whom and why')
    .action(async (flow: string | undefined, _options: unknown, command: Command) => {
      const { output, client } = contextOf(command)
      const { ignored } = await (await client()).ignored(flow === undefined ? {} : { flow })
      output.data(ignored, () => inWords(ignored, Date.now()))
    })
  ignore
    .command('add <flow> <field>')
    .description(
      'leave a field out: linchpin ignore add product-erp-to-shop name --why "the shop writes its own"',
    )
    .option('--id <id>', 'only in this record of the source')
    .requiredOption('--why <words>', 'for everybody who wonders')
    .action(async (flow: string, field: string, options: { id?: string; why: string }, command: Command) => {
      const { output, client, who } = contextOf(command)
      const done = await (await client()).ignoreField({ flow, field, ...options, who })
      output.data(done, () => `Comparisons of ${flow} leave ${field} out from now on.`)
    })
  ignore
    .command('end <flow> <field>')
    .description('count a field again')
    .option('--id <id>', 'it was left out only in this record of the source')
    .action(async (flow: string, field: string, options: { id?: string }, command: Command) => {
      const { output, client, who } = contextOf(command)
      const { done } = await (await client()).endIgnoring({ flow, field, ...options, who })
      output.data({ done }, () =>
        done
          ? `${field} counts again from the next comparison of ${flow} on.`
          : `${field} was not left out there: linchpin ignore list ${flow}`,
      )
      if (!done) process.exitCode = EXIT.failed
    })
}

function inWords(ignored: readonly IgnoredAnswer[], now: number): string {
  if (ignored.length === 0) return 'Every field counts.'
  const rows = ignored.map(({ flow, field, id, since, who, why }) => [
    flow,
    field,
    id ?? 'all',
    ago(since, now),
    who,
    why,
  ])
  return table(['FLOW', 'FIELD', 'RECORD', 'SINCE', 'BY', 'WHY'], rows)
}
