import { createReadStream, createWriteStream, existsSync, renameSync, rmSync } from 'node:fs'
import type { Command } from 'commander'
import { contextOf } from '../context.ts'
import { progress } from '../progress.ts'
import { UsageTrouble } from '../trouble.ts'

export function addDatabase(program: Command): void {
  program
    .command('backup <file>')
    .description('everything that Linchpin knows, as it stands at one instant, while it goes on running')
    .action(async (file: string, _options: unknown, command: Command) => {
      const context = contextOf(command)
      const bar = progress('% saved', 100, context.output.json)
      // A backup that broke off must not be taken for one: it has its name only when it is whole.
      const unfinished = `${file}.unfinished`
      try {
        const { backupDatabase } = await import('@linchpin/server')
        const output = createWriteStream(unfinished, { mode: 0o600 })
        const onPart = (part: number) => bar.at(Math.round(part * 100))
        const total = await backupDatabase(await context.store(), output, onPart)
        renameSync(unfinished, file)
        bar.end()
        context.output.data(
          { file, ...total },
          () => `${total.rows} rows of ${total.tables} tables are in ${file}.`,
        )
      } catch (error) {
        rmSync(unfinished, { force: true })
        throw error
      }
    })
  program
    .command('restore <file>')
    .description('put a backup in the place of what is there; stop Linchpin first')
    .option('--force', 'also over a database that holds something')
    .action(async (file: string, options: { force?: boolean }, command: Command) => {
      const context = contextOf(command)
      if (!existsSync(file)) throw new UsageTrouble(`There is no file ${file}.`)
      const { restoreDatabase } = await import('@linchpin/server')
      const store = await context.store()
      const bar = progress('% restored', 100, context.output.json)
      const onPart = (part: number) => bar.at(Math.round(part * 100))
      const total = await restoreDatabase(store, createReadStream(file), options.force ?? false, onPart)
      bar.end()
      context.output.data(
        total,
        () =>
          `${total.rows} rows as of ${total.createdAt} are back. What may have been written since is looked for before it is written again.`,
      )
    })
  program
    .command('forgot')
    .description(
      'an older copy of the database was put back by other means: look for what was written since, before writing it again',
    )
    .action(async (_options: unknown, command: Command) => {
      const context = contextOf(command)
      const { forgetDatabase } = await import('@linchpin/server')
      await forgetDatabase(await context.store())
      context.output.data(
        { forgot: true },
        () =>
          'Noted. From its next start, Linchpin looks in each system for what may be there already. See docs/operating/backup.md.',
      )
    })
}
