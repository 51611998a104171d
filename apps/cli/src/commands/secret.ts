import type { Command } from 'commander'
import { contextOf } from '../context.ts'
import { instant } from '../instant.ts'
import { entered } from '../entered.ts'
import { UsageTrouble } from '../trouble.ts'

export function addSecret(program: Command): void {
  program
    .command('secret')
    .description('secrets that Linchpin keeps, encrypted')
    .command('set <connection> <setting>')
    .description('enter a secret (asked for, or read from standard input); it is never shown again')
    .option(
      '--until <time>',
      'good until then, and you are reminded two weeks before: 2027-01-31, which is its last day',
      text => instant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59Z` : text),
    )
    .action(async (connection: string, setting: string, { until }: { until?: string }, command: Command) => {
      const { output, store } = contextOf(command)
      const { keepSecret } = await import('@linchpin/server')
      const options = await store()
      const enter = () => entered(`${setting} of ${connection}`)
      const expiresAt = until === undefined ? null : Date.parse(until)
      const value = await keepSecret(options, { connection, name: setting, expiresAt }, enter)
      if (!value) throw new UsageTrouble('Nothing was entered; nothing was changed.')
      output.data(
        { done: true },
        () => `${setting} of ${connection} is kept. It is used from the next start on.`,
      )
    })
  program
    .command('key')
    .description('the key that secrets are encrypted with')
    .command('rotate')
    .description('make a new key and encrypt every secret with it')
    .option('--drop-older', 'forget the older keys; secrets in older backups then no longer open')
    .action(async (options: { dropOlder?: boolean }, command: Command) => {
      const { output, store } = contextOf(command)
      const { rotateKey } = await import('@linchpin/server')
      const done = await rotateKey(await store(), { drop: options.dropOlder ?? false })
      output.data(done, () => inWords(done))
    })
}

function inWords({ sealed, key }: { sealed: number; key: 'file' | 'LINCHPIN_KEY' }): string {
  const next =
    key === 'file'
      ? 'Keep a copy of the key file, apart from your backups.'
      : 'Older keys can be taken out of LINCHPIN_KEY now; secrets in older backups then no longer open.'
  return `${sealed} secrets are encrypted with the newest key. ${next}`
}
