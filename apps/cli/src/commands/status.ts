import type { StatusAnswer } from '@linchpin/api'
import type { Command } from 'commander'
import { contextOf } from '../context.ts'
import { ago, table } from '../output.ts'

export function addStatus(program: Command): void {
  program
    .command('status')
    .description('how every connection and flow stands')
    .action(async (_options: unknown, command: Command) => {
      const { output, client } = contextOf(command)
      const status = await (await client()).status({})
      output.data(status, () => inWords(status))
    })
}

function inWords(status: StatusAnswer): string {
  const now = Date.parse(status.at)
  const connections = status.connections.map(each => [
    each.name,
    each.connector,
    each.state,
    String(each.backlog),
    ago(
      each.polls
        .map(poll => poll.finishedAt ?? '')
        .toSorted()
        .at(-1) || null,
      now,
    ),
    each.paused?.reason ?? each.polls.find(poll => poll.problem)?.problem ?? '',
  ])
  const flows = status.flows.map(flow => {
    const { done = 0, parked = 0, skipped = 0, ...open } = flow.deliveries
    const owed = Object.values(open).reduce((sum, count) => sum + count, 0)
    const stuck = flow.stuck.map(({ amount, currency }) => `${amount} ${currency}`).join(', ')
    const { rung, caught } = flow.changes ?? { rung: null, caught: null }
    const words = flow.paused ? `paused: ${flow.paused.reason}` : stuck && `stuck: ${stuck}`
    return [
      flow.name,
      String(done),
      String(owed),
      String(parked),
      String(skipped),
      ago(flow.oldestOwedAt, now),
      flow.modes.join(' + '),
      rung === null ? '–' : `${rung} + ${caught}`,
      words,
    ]
  })
  return [
    table(['CONNECTION', 'SYSTEM', 'STATE', 'TO READ', 'LAST LOOK', ''], connections),
    table(['FLOW', 'DONE', 'OWED', 'PARKED', 'LEFT OUT', 'OLDEST', 'MODE', 'RANG + SWEPT', ''], flows),
  ].join('\n\n')
}
