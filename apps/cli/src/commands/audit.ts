import type { AuditAnswer } from '@linchpin/api'
import type { Command } from 'commander'
import { contextOf } from '../context.ts'
import { EXIT } from '../exit.ts'
import { ago, shown, table } from '../output.ts'
import { whole } from '../whole.ts'

interface Flags {
  readonly who?: string
  readonly what?: string
  readonly before?: number
  readonly limit: number
}

const MOST = 200

/** Who asked Linchpin for what, and whether that log is whole. */
export function addAudit(program: Command): void {
  const audit = program
    .command('audit')
    .description('who did what, newest first; with --json also how it stood before and after')
    .option('--who <name>', 'whose name has this in it')
    .option('--what <route>', 'only this: pauseFlow, retry, signIn …')
    .option('--before <number>', 'only older than this one', whole(1))
    .option('--limit <n>', 'how many', whole(1, MOST), 50)
    .action(async (flags: Flags, command: Command) => {
      const { output, client } = contextOf(command)
      const { entries, next } = await (await client()).audit(flags)
      output.data(entries, () => inWords(entries, Date.now()))
      if (next !== null) output.note(`Older ones: linchpin audit --before ${next}`)
    })
  audit
    .command('verify')
    .description('whether a row of the log was changed or taken out')
    .action(async (_options: unknown, command: Command) => {
      const { output, client } = contextOf(command)
      const found = await (await client()).verifyAudit({})
      output.data(found, () =>
        found.broken === null
          ? `The log is whole: ${found.rows} rows, none changed, none taken out.`
          : `Row ${found.broken} was changed, or one before it taken out.`,
      )
      if (!found.whole) process.exitCode = EXIT.failed
    })
}

function inWords(entries: readonly AuditAnswer[], now: number): string {
  if (entries.length === 0) return 'Nothing of that kind was done.'
  const rows = entries.map(each => [
    String(each.seq),
    ago(each.at, now),
    each.who,
    each.what,
    each.outcome ?? 'never ended',
    shown(each.input),
  ])
  return table(['NUMBER', 'WHEN', 'WHO', 'WHAT', 'OUTCOME', 'ASKED'], rows)
}
