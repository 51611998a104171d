import {
  alertLanguages,
  channelKinds,
  type AlertLanguage,
  type ChangedChannel,
  type ChannelAnswer,
  type ChannelKindName,
  type Client,
} from '@linchpin/api'
import { Argument, Option, type Command } from 'commander'
import { contextOf } from '../context.ts'
import { enteredEach } from '../entered.ts'
import { EXIT } from '../exit.ts'
import { listOf } from '../list.ts'
import { UsageTrouble } from '../trouble.ts'
import { whole } from '../whole.ts'

interface Options {
  readonly name?: string
  readonly language?: AlertLanguage
  readonly to?: string[]
  readonly from?: string
  readonly host?: string
  readonly port?: number
  readonly secure?: 'starttls' | 'tls' | 'none'
  /** False: without one. */
  readonly user?: string | false
  readonly enter?: boolean
  readonly enterSecret?: boolean
}

const withMail = (command: Command) =>
  command
    .addOption(new Option('--language <language>', 'of the messages').choices(alertLanguages))
    .option('--to <addresses>', 'e-mail: to whom, with commas between', listOf)
    .option('--from <address>', 'e-mail: from whom')
    .option('--host <host>', 'e-mail: the mail server')
    .option('--port <port>', 'e-mail: its port (default: 587)', whole(1, 65_535))
    .addOption(
      new Option('--secure <how>', 'e-mail: encryption (default: starttls)').choices([
        'starttls',
        'tls',
        'none',
      ]),
    )
    .option('--user <user>', 'e-mail: the user name; the password is asked for')
    .option('--enter-secret', 'webhook: enter the secret that it signs with, in a line after the address')

/** The ways that messages take. */
export function addAlertChannels(alerts: Command): void {
  const channel = alerts.command('channel').description('the ways that messages take')
  withMail(
    channel
      .command('add')
      .addArgument(new Argument('<kind>', 'what it is').choices(channelKinds))
      .argument('<name>', 'what people call it')
      .description(
        "make one; the webhook's address, or the password of --user, is asked for or read from standard input",
      ),
  ).action(async (kind: ChannelKindName, name: string, options: Options, command: Command) => {
    const { output, client } = contextOf(command)
    const body = bodyOf(kind, { ...options, name }, await secretsFor(kind, options))
    type New = Parameters<Client['addAlertChannel']>[0]
    const made = await (await client()).addAlertChannel(body as New)
    const once = made.secret === null ? '' : `\n\nIt signs with ${made.secret}\nThat is shown only now.`
    output.data(
      made,
      () => `The channel ${made.channel.id} is made. Try it: linchpin alerts test ${made.channel.id}${once}`,
    )
  })
  withMail(
    channel
      .command('change <id>')
      .description('change what is named, and nothing else; what waits for it is tried at once')
      .option('--name <name>', 'what people call it')
      .option('--no-user', 'e-mail: without a user name')
      .option('--enter', "enter the webhook's address, or the password, anew"),
  ).action(async (id: string, options: Options, command: Command) => {
    const { output, client } = contextOf(command)
    const api = await client()
    const { channel: before } = await api.alertChannel({ id })
    const { enter = false, enterSecret = false } = options
    const body = bodyOf(
      before.kind,
      { ...given(before), ...options },
      await secrets(before.kind, { enter, enterSecret }),
    )
    const changed = await api.changeAlertChannel({ id, ...body })
    output.data(changed, () => `${changed.channel.name} is changed.`)
  })
  channel
    .command('remove <id>')
    .description('delete one, with its secrets')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { output, client } = contextOf(command)
      const { done } = await (await client()).removeAlertChannel({ id })
      output.data({ done }, () => (done ? 'It is deleted.' : `There is no such channel: ${id}`))
      if (!done) process.exitCode = EXIT.failed
    })
}

function given({ name, language, mail }: ChannelAnswer): Options {
  if (mail === null) return { name, language }
  const { user, ...rest } = mail
  return { name, language, ...rest, ...(user === null ? {} : { user }) }
}

const wordOf = (kind: ChannelKindName) => (kind === 'email' ? 'Password' : 'Address of the webhook')

interface Secrets {
  /** The address of a webhook, or the password of the mail server; empty: it was not entered. */
  readonly access: string
  /** What a webhook signs with. */
  readonly signing: string
}

async function secretsFor(kind: ChannelKindName, { user, enterSecret = false }: Options): Promise<Secrets> {
  const enter = kind !== 'email' || user !== undefined
  const all = await secrets(kind, { enter, enterSecret })
  if (enter && all.access === '') throw new UsageTrouble('Nothing was entered; nothing was made.')
  return all
}

async function secrets(
  kind: ChannelKindName,
  { enter, enterSecret }: { readonly enter: boolean; readonly enterSecret: boolean },
): Promise<Secrets> {
  if (enterSecret && kind !== 'webhook') throw new UsageTrouble('--enter-secret is for webhooks.')
  const asked = [...(enter ? [wordOf(kind)] : []), ...(enterSecret ? ['Signing secret'] : [])]
  const texts = await enteredEach(asked)
  return { access: enter ? (texts[0] ?? '') : '', signing: enterSecret ? (texts.at(-1) ?? '') : '' }
}

function bodyOf(kind: ChannelKindName, options: Options, { access, signing }: Secrets): ChangedChannel {
  const { name = '', language = 'en', host, from, to, user } = options
  const head = { name, language }
  const url = access === '' ? {} : { secretUrl: access }
  if (kind === 'webhook') return { kind, ...head, ...url, ...(signing === '' ? {} : { secret: signing }) }
  if (kind !== 'email') return { kind, ...head, ...url }
  if (host === undefined || from === undefined || to === undefined)
    throw new UsageTrouble('For e-mail, say --host, --from and --to.')
  const { port = 587, secure = 'starttls' } = options
  const known = { ...(user ? { user } : {}), ...(access === '' ? {} : { password: access }) }
  return { kind, ...head, host, port, secure, from, to, ...known }
}
