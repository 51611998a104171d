import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { addAlerts } from './commands/alerts.ts'
import { addAudit } from './commands/audit.ts'
import { addConfig } from './commands/config.ts'
import { addConnector } from './commands/connector.ts'
import { addConnection } from './commands/connection.ts'
import { addDatabase } from './commands/database.ts'
import { addDemo } from './commands/demo.ts'
import { addDoctor } from './commands/doctor.ts'
import { addIgnore } from './commands/ignore.ts'
import { addInit } from './commands/init.ts'
import { addKeys } from './commands/keys.ts'
import { addLinks } from './commands/links.ts'
import { addLoad } from './commands/load.ts'
import { addMapping } from './commands/mapping.ts'
import { addMatch } from './commands/match.ts'
import { addParked } from './commands/parked.ts'
import { addPause } from './commands/pause.ts'
import { addPeople } from './commands/people.ts'
import { addPlan } from './commands/plan.ts'
import { addPush } from './commands/push.ts'
import { addReconcile } from './commands/reconcile.ts'
import { addRuns } from './commands/runs.ts'
import { addRecord } from './commands/record.ts'
import { addRecover } from './commands/recover.ts'
import { addReplay } from './commands/replay.ts'
import { addSecret } from './commands/secret.ts'
import { addStart } from './commands/start.ts'
import { addStatus } from './commands/status.ts'
import { addSync } from './commands/sync.ts'
import { addTrace } from './commands/trace.ts'
import { EXIT, exitOf } from './exit.ts'

const EXAMPLES = `
Examples:
  linchpin demo                          a shop, an ERP and an order, in one go
  linchpin init                          write a configuration for your own
  linchpin connection test erp           is it reachable, do we have the rights?
  linchpin trace 1042                    an order's whole story, by any number of it
  linchpin sync product-erp-to-shop --dry-run
  linchpin reconcile all                 do both sides agree?
  linchpin load all                      what would a first load do?

Exit status: 0 done, 1 failed, 2 wrong use, 3 partly done, 4 no connection or no sign-in, 5 wrong configuration.`

/** Sets the process's exit status; ends the process itself only where a command says so. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await commandLine().parseAsync([...argv])
  } catch (error) {
    process.exitCode = failed(error, argv.includes('--json'))
  }
}

/**
 * All commands. They load what they need when they run: most of them only ask a Linchpin that runs already, and shall
 * answer at once.
 */
export function commandLine(): Command {
  const program = new Command('linchpin')
    .description('Keeps an ERP and the shops that sell from it in step.')
    .version(version())
    .option('--json', 'print data as JSON')
    .option('--config <file>', 'the configuration (default: linchpin.config.ts, .js, .json or .yaml here)')
    .option(
      '--url <url>',
      'the running Linchpin to talk to (default: as configured, or http://127.0.0.1:8484)',
    )
    .option('--verbose', 'log more')
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for what is possible)')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
  for (const add of [addInit, addStart, addDemo, addDoctor, addConnection, addStatus, addTrace, addSync])
    add(program)
  for (const add of [
    addMatch,
    addLinks,
    addLoad,
    addPlan,
    addReconcile,
    addPush,
    addIgnore,
    addRuns,
    addParked,
    addRecord,
    addMapping,
    addPause,
    addPeople,
    addKeys,
    addAlerts,
    addAudit,
    addRecover,
    addReplay,
    addSecret,
    addConfig,
    addDatabase,
    addConnector,
  ])
    add(program)
  return program
}

function version(): string {
  const file = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(file) as { version: string }).version
}

function failed(error: unknown, json: boolean): number {
  const usage = error instanceof CommanderError
  if (usage && error.exitCode === 0) return EXIT.ok
  const words = wordsOf(error)
  if (json) process.stdout.write(`${JSON.stringify({ error: words })}\n`)
  // Commander has said its own by now.
  if (!usage) process.stderr.write(`${words}\n`)
  return usage ? EXIT.usage : exitOf(error)
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (!(error instanceof CommanderError)) return error.message
  return error.code === 'commander.help' ? 'Say which command.' : error.message.replace(/^error: /, '')
}
