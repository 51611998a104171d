import { rightNames, type ApiKeyAnswer, type Right } from '@linchpin/api'
import { Option, type Command } from 'commander'
import { contextOf } from '../context.ts'
import { EXIT } from '../exit.ts'
import { ago, table } from '../output.ts'
import { whole } from '../whole.ts'

const MOST_DAYS = 3650

/** Keys for programs that use the API. */
export function addKeys(program: Command): void {
  const keys = program.command('keys').description('keys for programs that use the API')
  keys
    .command('list')
    .description('what each may, and when it was last used')
    .action(async (_options: unknown, command: Command) => {
      const { output, client } = contextOf(command)
      const { keys: all } = await (await client()).apiKeys({})
      output.data(all, () => inWords(all, Date.now()))
    })
  keys
    .command('make <name>')
    .description('make one; it is shown once')
    .addOption(new Option('--right <right...>', 'what it may do').choices(rightNames).makeOptionMandatory())
    .option('--days <days>', 'how long it is good (default: until it is revoked)', whole(1, MOST_DAYS))
    .action(async (name: string, options: { right: Right[]; days?: number }, command: Command) => {
      const { output, client } = contextOf(command)
      const days = options.days === undefined ? {} : { days: options.days }
      const made = await (await client()).addApiKey({ name, rights: options.right, ...days })
      output.data(made, () => `${made.key}\n\nIt is shown only now. Use it: LINCHPIN_TOKEN=… linchpin status`)
    })
  keys
    .command('revoke <id>')
    .description('make one useless')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { output, client } = contextOf(command)
      const { done } = await (await client()).revokeApiKey({ id })
      output.data({ done }, () =>
        done ? 'It opens nothing any more.' : `There is no such key in use: ${id}`,
      )
      if (!done) process.exitCode = EXIT.failed
    })
}

function inWords(keys: readonly ApiKeyAnswer[], now: number): string {
  if (keys.length === 0) return 'There is no key yet. Make one: linchpin keys make <name> --right look'
  const rows = keys.map(each => [
    each.id,
    each.name,
    `${each.hint}…`,
    each.rights.join(' '),
    ago(each.usedAt, now),
    each.revokedAt === null ? (each.expiresAt ?? 'it is revoked') : 'revoked',
  ])
  return table(['ID', 'NAME', 'BEGINS', 'MAY', 'USED', 'GOOD UNTIL'], rows)
}
