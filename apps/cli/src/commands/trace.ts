import type { TraceAnswer } from '@linchpin/api'
import type { Command } from 'commander'
import { contextOf } from '../context.ts'
import { styled, table } from '../output.ts'

export function addTrace(program: Command): void {
  program
    .command('trace <number>')
    .description("a record's whole story over all connections, by any number, e-mail or SKU of it")
    .option('--journal', 'also what was done about each record, step by step')
    .action(async (number: string, options: { journal?: boolean }, command: Command) => {
      const { output, client } = contextOf(command)
      const story = await (await client()).trace({ number })
      output.data(story, () => inWords(story, options.journal ?? false))
    })
}

function inWords(story: TraceAnswer, journal: boolean): string {
  const records = story.records.map(record => [
    record.connection,
    record.number ?? record.id,
    record.title,
    record.total ? `${record.total.amount} ${record.total.currency}` : '',
    record.gone ? 'gone' : [record.state, ...record.tracking].filter(Boolean).join(' · '),
  ])
  const links = story.links.map(({ entity, left, right, how, at }) => [
    entity,
    `${left.connection} ${left.id}`,
    `${right.connection} ${right.id}`,
    how,
    at,
  ])
  const open = story.deliveries
    .filter(({ state }) => state !== 'done')
    .map(({ flow, id, state, trouble, nextAt }) => [
      flow,
      id,
      state,
      trouble?.words ?? whenDue(state, nextAt),
    ])
  const steps = story.journal.map(({ at, connection, entity, id, what, words }) => [
    at,
    `${connection ?? ''} ${entity ?? ''} ${id ?? ''}`,
    what,
    words,
  ])
  return [
    table(['WHERE', 'NUMBER', 'WHAT', 'TOTAL', 'STATE'], records),
    links.length > 0 ? table(['IS THE SAME', '', '', 'HOW', 'SINCE'], links) : '',
    open.length > 0
      ? table(['NOT DONE', 'RECORD', 'STATE', 'WHY'], open)
      : styled('green', 'Everything is delivered.'),
    journal ? table(['WHEN', 'RECORD', 'WHAT', 'WORDS'], steps) : '',
  ]
    .filter(Boolean)
    .join('\n\n')
}

/** After a write whose answer was lost, what shall be there is written once more when that can no longer arrive. */
const whenDue = (state: string, at: string) => (state === 'later' ? `Goes on at ${at}.` : '')
