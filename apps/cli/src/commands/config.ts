import type { Command } from 'commander'
import { contextOf } from '../context.ts'
import { table } from '../output.ts'

export function addConfig(program: Command): void {
  const config = program.command('config').description('look at the configuration')
  config
    .command('check')
    .description('is it right? Names what is wrong and the nearest right thing')
    .action(async (_options: unknown, command: Command) => {
      const { output, place } = contextOf(command)
      const { checkConfigured } = await import('@linchpin/server')
      const { file, flows } = await checkConfigured(await place())
      const rows = flows.map(flow => [flow.name, flow.entity, `${flow.from} → ${flow.to}`])
      output.data(
        { file, flows: flows.map(({ name }) => name) },
        () => `${table(['FLOW', 'ENTITY', 'WAY'], rows)}\n\n${file} is right.`,
      )
    })
  config
    .command('print')
    .description('the configuration with all its defaults; secrets are never shown')
    .action(async (_options: unknown, command: Command) => {
      const { output, folder, configFile } = contextOf(command)
      const { connectors, loadConfigFile, printableConfig } = await import('@linchpin/server')
      const { config: loaded } = await loadConfigFile(folder, configFile)
      const shown = printableConfig(loaded, connectors)
      output.data(shown, () => JSON.stringify(shown, null, 2))
    })
  config
    .command('schema')
    .description('the JSON Schema of the configuration, for editors')
    .action(async (_options: unknown, command: Command) => {
      const { configJsonSchema, connectors } = await import('@linchpin/server')
      const schema = configJsonSchema(connectors)
      contextOf(command).output.data(schema, () => JSON.stringify(schema, null, 2))
    })
}
