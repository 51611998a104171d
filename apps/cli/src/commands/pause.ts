import type { Client } from '@linchpin/api'
import type { Command } from 'commander'
import { contextOf } from '../context.ts'
import { EXIT } from '../exit.ts'
import { UsageTrouble } from '../trouble.ts'

/** Both for connections and flows: 'linchpin pause erp', 'linchpin pause sales-order-shop-to-erp'. */
export function addPause(program: Command): void {
  program
    .command('pause <name>')
    .description('stop a connection or a flow; what comes meanwhile waits')
    .option('--reason <words>', 'why, for everybody who wonders')
    .option('--until <time>', 'go on by itself then: 2026-12-24T18:00:00Z')
    .action(async (name: string, options: { reason?: string; until?: string }, command: Command) => {
      const { output, client: open, who } = contextOf(command)
      const client = await open()
      const until = options.until === undefined ? {} : { until: options.until }
      const input = { name, who, reason: options.reason ?? '', ...until }
      const kind = await kindOf(name, client)
      const answer = await (kind === 'connection' ? client.pauseConnection(input) : client.pauseFlow(input))
      output.data(answer, () => `The ${kind} ${name} is paused.`)
    })
  program
    .command('resume <name>')
    .description('go on with a connection or a flow')
    .option('--now', 'a connection: although it asked to be left alone until later')
    .action(async (name: string, options: { now?: true }, command: Command) => {
      const { output, client: open, who } = contextOf(command)
      const client = await open()
      const input = { name, who }
      const kind = await kindOf(name, client)
      const answer = await (kind === 'connection'
        ? client.resumeConnection({ ...input, now: options.now ?? false })
        : client.resumeFlow(input))
      output.data(answer, () =>
        answer.done ? `The ${kind} ${name} goes on.` : `The ${kind} ${name} was not paused.`,
      )
      if (!answer.done) process.exitCode = EXIT.failed
    })
}

async function kindOf(name: string, client: Client): Promise<'connection' | 'flow'> {
  const { connections, flows } = await client.status({})
  if (connections.some(connection => connection.name === name)) return 'connection'
  if (flows.some(flow => flow.name === name)) return 'flow'
  const names = [...connections, ...flows].map(each => each.name).join(', ')
  throw new UsageTrouble(`No connection and no flow is named ${name}. There are: ${names}.`)
}
