import type { Command } from 'commander'
import { contextOf } from '../context.ts'
import { EXIT } from '../exit.ts'
import { whole } from '../whole.ts'
import { addAlertChannels } from './alert-channels.ts'
import { addAlertRules } from './alert-rules.ts'
import { alertsInWords, messagesInWords } from './alert-words.ts'

const MOST = 200

/** Who is told of what. */
export function addAlerts(program: Command): void {
  const alerts = program
    .command('alerts')
    .description('who is told of what: by e-mail, Slack, Teams, webhook')
  alerts
    .command('list')
    .description('rules and channels')
    .action(async (_options: unknown, command: Command) => {
      const { output, client } = contextOf(command)
      const all = await (await client()).alerts({})
      output.data(all, () => alertsInWords(all, Date.now()))
    })
  alerts
    .command('sent')
    .description('what was told, to whom, and whether it got through')
    .option('--limit <limit>', 'how many', whole(1, MOST), 50)
    .action(async ({ limit }: { limit: number }, command: Command) => {
      const { output, client } = contextOf(command)
      const { messages } = await (await client()).alertMessages({ limit })
      output.data(messages, () => messagesInWords(messages, Date.now()))
    })
  alerts
    .command('test <channel>')
    .description('send a test message by a channel, named by its id')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { output, client } = contextOf(command)
      const tested = await (await client()).testAlertChannel({ id })
      output.data(tested, () => (tested.sent ? 'It was sent.' : (tested.problem ?? 'It was not sent.')))
      if (!tested.sent) process.exitCode = EXIT.failed
    })
  addAlertChannels(alerts)
  addAlertRules(alerts)
}
