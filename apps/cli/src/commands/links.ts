import type { Command } from 'commander'
import { entity as entities } from '@linchpin/api'
import { contextOf } from '../context.ts'
import { EXIT } from '../exit.ts'
import { UsageTrouble } from '../trouble.ts'

export function addLinks(program: Command): void {
  program
    .command('link <entity> <connection> <id> <other> <otherId>')
    .description('say that two records are the same: linchpin link Account shop 77 erp 1015')
    .action(async (named: string, connection: string, id: string, ...rest: unknown[]) => {
      const [other, otherId, , command] = rest as [string, string, unknown, Command]
      const { client, output, who } = contextOf(command)
      const entity = entityOf(named)
      const ends = { from: { connection, id }, to: { connection: other, id: otherId } }
      const answer = await (await client()).link({ entity, ...ends, who })
      output.data(answer, () =>
        answer.is === 'linked'
          ? `${entity} ${id} of ${connection} is ${otherId} of ${other} from now on.`
          : `One of the two is linked to another record already: linchpin unlink ${entity} ${connection} ${id} ${other}`,
      )
      if (answer.is === 'taken') process.exitCode = EXIT.failed
    })
  program
    .command('unlink <entity> <connection> <id> <other>')
    .description('say that a record is not the one that it is linked to: linchpin unlink Account shop 77 erp')
    .action(async (named: string, connection: string, id: string, other: string, ...rest: unknown[]) => {
      const [, command] = rest as [unknown, Command]
      const { client, output, who } = contextOf(command)
      const entity = entityOf(named)
      const answer = await (await client()).unlink({ entity, from: { connection, id }, to: other, who })
      output.data(answer, () =>
        answer.is === 'unlinked'
          ? `${entity} ${id} of ${connection} is no longer ${answer.targetId} of ${other}. When it is delivered again, it is looked for there, or made anew. Retry what is parked for want of it.`
          : `${entity} ${id} of ${connection} is linked to nothing in ${other}.`,
      )
      if (answer.is === 'not linked') process.exitCode = EXIT.failed
    })
}

function entityOf(named: string): (typeof entities.options)[number] {
  const found = entities.options.find(name => name.toLowerCase() === named.toLowerCase())
  if (found === undefined)
    throw new UsageTrouble(`There is no kind of record ${named}. Say one of ${entities.options.join(', ')}.`)
  return found
}
