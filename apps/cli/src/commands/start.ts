import type { Command } from 'commander'
import { contextOf } from '../context.ts'
import { untilStopped } from '../until-stopped.ts'

export function addStart(program: Command): void {
  program
    .command('start')
    .description('run Linchpin with the configuration of this folder')
    .action(async (_options: unknown, command: Command) => {
      const { folder, configFile, environment } = contextOf(command)
      const { connectors, loadConfigFile, start } = await import('@linchpin/server')
      const { createLog } = await import('../log.ts')
      const { config } = await loadConfigFile(folder, configFile)
      const verbose = (command.optsWithGlobals() as { verbose?: boolean }).verbose ? 'debug' : undefined
      const log = createLog(verbose ?? environment['LINCHPIN_LOG_LEVEL'] ?? config.log.level)
      await untilStopped(
        async () => {
          const running = await start({ config, connectors, environment, log, folder })
          void running.prepareConsole()
          return running
        },
        line => log.info(line),
      )
    })
}
