import type { Part } from '@linchpin/server'
import type { Command } from 'commander'
import { contextOf } from '../context.ts'
import { untilStopped } from '../until-stopped.ts'

export function addStart(program: Command): void {
  program
    .command('start')
    .description('run Linchpin with the configuration of this folder')
    .action((_options: unknown, command: Command) => run({ is: 'hub' }, command))
  program
    .command('adapter')
    .argument('<connection>', 'the system that it speaks to')
    .description('run the adapter of one connection, for the flows that go over the bus')
    .action((connection: string, _options: unknown, command: Command) =>
      run({ is: 'adapter', connection }, command),
    )
  program
    .command('observer')
    .description('run a node that hears everything on the bus, for the console, and carries nothing')
    .action((_options: unknown, command: Command) => run({ is: 'observer' }, command))
}

async function run(part: Part, command: Command): Promise<void> {
  const { folder, configFile, environment } = contextOf(command)
  const { connectors, loadConfigFile, start } = await import('@linchpin/server')
  const { createLog } = await import('../log.ts')
  const { config } = await loadConfigFile(folder, configFile)
  const verbose = (command.optsWithGlobals() as { verbose?: boolean }).verbose ? 'debug' : undefined
  const log = createLog(verbose ?? environment['LINCHPIN_LOG_LEVEL'] ?? config.log.level)
  await untilStopped(
    async () => {
      const running = await start({ config, connectors, environment, log, folder, part })
      void running.prepareConsole()
      return running
    },
    line => log.info(line),
  )
}
