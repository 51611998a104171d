import type { Client } from '@linchpin/api'
import type { Command } from 'commander'
import { contextOf, type Context } from '../context.ts'
import { instant } from '../instant.ts'
import { table } from '../output.ts'

interface Options {
  readonly since?: string
  readonly apply?: boolean
}

export function addRecover(program: Command): void {
  program
    .command('recover <connection>')
    .description('bring a system that was restored from a backup back to where it was')
    .option('--since <instant>', 'when its backup was made (2026-11-23T00:00:00Z)', instant)
    .option('--apply', 'do it; without it, only what would be done is said')
    .action((connection: string, options: Options, command: Command) =>
      run(contextOf(command), connection, options),
    )
}

type Answer = Awaited<ReturnType<Client['recoverConnection']>>

async function run(
  { client: open, output, who }: Context,
  name: string,
  { since, apply = false }: Options,
): Promise<void> {
  const client = await open()
  output.note(`Looking in ${name} for the newest records that are known to have been there …`)
  const asked = { name, who, apply, ...(since === undefined ? {} : { since }) }
  const answer = await client.recoverConnection(asked)
  output.data(answer, () => inWords(name, answer))
}

const MOST_SHOWN = 50

function inWords(name: string, { looked, lost, since, done }: Answer): string {
  const rows = lost
    .slice(0, MOST_SHOWN)
    .map(({ entity, id, to, targetId, isOther }) => [
      entity,
      id,
      `${targetId} of ${to}`,
      isOther ? 'another record has its number now' : 'not there any more',
    ])
  const more = lost.length > MOST_SHOWN ? `\n… and ${lost.length - MOST_SHOWN} more (--json shows all)` : ''
  const list = lost.length === 0 ? '' : `${table(['RECORD', 'ID', 'WAS LINKED TO', 'NOW'], rows)}${more}\n\n`
  const found = `${list}${looked} records were looked for, ${lost.length} are lost.`
  return done === null
    ? `${found}\nNothing was done. With --apply they are looked for by their keys and created again, what was written since ${since} is written again, and ${name} is read from the beginning. It must be paused.`
    : `${found}\n${done.created} deliveries are created again, ${done.again} are written again, and ${name} goes on.`
}
