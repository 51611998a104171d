import type { CorrectedAnswer, ParkedAnswer } from '@linchpin/api'
import type { Command } from 'commander'
import { contextOf } from '../context.ts'
import { EXIT } from '../exit.ts'
import { ago, shown, table } from '../output.ts'
import { setOf, type Place } from '../places.ts'
import { UsageTrouble } from '../trouble.ts'

export function addParked(program: Command): void {
  program
    .command('parked')
    .description('deliveries that need a person, with the reason and what to do')
    .option('--flow <flow>', 'only of this flow')
    .action(async (options: { flow?: string }, command: Command) => {
      const { output, client } = contextOf(command)
      const { parked } = await (await client()).parked({ limit: 1000, ...options })
      output.data(parked, () => inWords(parked, Date.now()))
    })
  program
    .command('retry [ids...]')
    .description('try parked deliveries again: all of a flow, or these records of it')
    .option('--flow <flow>', 'of this flow')
    .option('--all', 'everything that is parked')
    .action(async (ids: string[], options: { flow?: string; all?: boolean }, command: Command) => {
      const which = chosen(ids, options)
      const { output, client, who } = contextOf(command)
      const { count } = await (await client()).retry({ ...which, who })
      output.data({ count }, () => `${count} are tried again.`)
      if (count === 0) process.exitCode = EXIT.failed
    })
  program
    .command('skip [ids...]')
    .description('give parked deliveries up, with a reason for the journal')
    .option('--flow <flow>', 'of this flow')
    .requiredOption('--reason <words>', 'why')
    .action(async (ids: string[], options: { flow?: string; reason: string }, command: Command) => {
      const which = chosen(ids, options)
      const { output, client, who } = contextOf(command)
      const { count } = await (await client()).skip({ ...which, reason: options.reason, who })
      output.data({ count }, () => `${count} were given up.`)
      if (count === 0) process.exitCode = EXIT.failed
    })
  program
    .command('correct <connection> <entity> <id>')
    .description(
      'put a record right as its system has it, as long as it says what it says now; then try it again',
    )
    .option('--set <path=value>', 'billing.country=DE; may be said several times', setOf)
    .option('--end', 'let it count again as its system has it')
    .option('--dry-run', 'say whether it could be read then, and change nothing')
    .requiredOption('--why <words>', 'for the journal')
    .action(
      async (
        connection: string,
        entity: string,
        id: string,
        { set, end, dryRun, why }: { set?: readonly Place[]; end?: true; dryRun?: boolean; why: string },
        command: Command,
      ) => {
        const { output, client, who } = contextOf(command)
        const key = { connection, entity: entity as ParkedAnswer['entity'], id }
        if ((set === undefined) === (end === undefined)) throw new UsageTrouble('Say --set, or --end.')
        const asked = { ...key, ...(set && { set: [...set] }), dryRun: dryRun ?? false, why, who }
        const done = await (await client()).correct(asked)
        output.data(done, () => correctedInWords(done, dryRun ?? false))
        if (done.problems.length > 0) process.exitCode = EXIT.failed
      },
    )
  program
    .command('answer <flow> <id>')
    .description('say whether a create whose answer was lost has arrived ("Did it arrive?")')
    .option('--arrived <target-id>', 'it is there, with this id')
    .option('--not-there', 'it is not there: send it again')
    .action(
      async (
        flow: string,
        id: string,
        options: { arrived?: string; notThere?: boolean },
        command: Command,
      ) => {
        if ((options.arrived === undefined) === (options.notThere !== true))
          throw new UsageTrouble('Say either --arrived <target-id> or --not-there.')
        const { output, client, who } = contextOf(command)
        const answer = { flow, id, arrived: options.arrived ?? null, who }
        const { done } = await (await client()).answer(answer)
        output.data({ done }, () => (done ? 'Understood; it goes on.' : 'Nobody asked about that delivery.'))
        if (!done) process.exitCode = EXIT.failed
      },
    )
}

function chosen(ids: readonly string[], { flow, all }: { flow?: string; all?: boolean }) {
  if (ids.length === 0 && flow === undefined && !all)
    throw new UsageTrouble('Say which: record ids, --flow <flow>, or --all.')
  return { ...(flow === undefined ? {} : { flow }), ...(ids.length === 0 ? {} : { ids: [...ids] }) }
}

function correctedInWords({ changes, problems, retried }: CorrectedAnswer, dryRun: boolean): string {
  const rows = changes.map(({ path, was, now }) => [path.join('.'), shown(was), shown(now)])
  const end = dryRun ? 'Nothing was changed.' : `Corrected; ${retried} are tried again.`
  return [table(['FIELD', 'WAS', 'IS'], rows), ...problems, end].filter(text => text !== '').join('\n\n')
}

function inWords(parked: readonly ParkedAnswer[], now: number): string {
  if (parked.length === 0) return 'Nothing is parked.'
  const rows = parked.map(each => [
    each.flow,
    each.id,
    each.label ?? '',
    each.worth ? `${each.worth.amount} ${each.worth.currency}` : '',
    ago(each.parkedAt, now),
    each.trouble?.words ?? '',
  ])
  return table(['FLOW', 'RECORD', 'NUMBER', 'WORTH', 'SINCE', 'WHY, AND WHAT TO DO'], rows)
}
