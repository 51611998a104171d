import { alertEvents, type AlertEventName, type RuleAnswer } from '@linchpin/api'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { contextOf } from '../context.ts'
import { EXIT } from '../exit.ts'
import { UsageTrouble } from '../trouble.ts'
import { whole } from '../whole.ts'

interface Options {
  readonly name?: string
  readonly event?: AlertEventName[]
  readonly channel?: string[]
  readonly flow?: string[]
  readonly connection?: string[]
  readonly everything?: boolean
  readonly wait?: number
  readonly behindMinutes?: number
  readonly behindCount?: number | 'none'
  readonly recovery?: boolean
  readonly digest?: string
  readonly quiet?: 'none' | { readonly from: string; readonly to: string }
  readonly zone?: string
  readonly quietZone?: string
  readonly off?: boolean
  readonly on?: boolean
}

const withWishes = (command: Command) =>
  command
    .option('--flow <flow...>', 'only what is about these flows')
    .option('--connection <connection...>', 'only what is about these connections')
    .option('--wait <minutes>', 'only what lasts longer', whole(0, 1440))
    .option(
      '--behind-minutes <minutes>',
      'a flow is behind when something waits so long (default: 30)',
      whole(1, 10_080),
    )
    .option('--behind-count <count>', 'or when so many wait; "none": no matter how many', count)
    .option('--no-recovery', 'do not tell that it is over')
    .option('--digest <when>', 'collect: for so many minutes, daily at HH:MM, or "none"')
    .option(
      '--quiet <hours>',
      'quiet hours, "22:00-07:00" or "none": what happens then is told when they end',
      hours,
    )
    .option('--zone <zone>', 'of quiet hours and daily digests (default: that of this machine)')
    .option('--quiet-zone <zone>', 'of the quiet hours, when it is another one')

/** What is told, by which channels, and when. */
export function addAlertRules(alerts: Command): void {
  const rule = alerts.command('rule').description('what is told, by which channels, and when')
  withWishes(
    rule
      .command('add <name>')
      .description('make one')
      .addOption(new Option('--event <event...>', 'what is told').choices(alertEvents).makeOptionMandatory())
      .requiredOption('--channel <id...>', 'by which channels')
      .option('--off', 'not in use yet'),
  ).action(async (name: string, options: Options, command: Command) => {
    const { output, client } = contextOf(command)
    const made = await (await client()).addAlertRule(ruleOf({ ...options, name }, FRESH))
    output.data(made, () => `The rule ${made.rule.id} is made.`)
  })
  withWishes(
    rule
      .command('change <id>')
      .description('change what is named, and nothing else')
      .option('--name <name>', 'what people call it')
      .addOption(new Option('--event <event...>', 'what is told').choices(alertEvents))
      .option('--channel <id...>', 'by which channels')
      .option(
        '--everything',
        'about all flows and connections; with --flow or --connection: about these and no others',
      )
      .option('--recovery', 'tell, too, that it is over')
      .option('--off', 'put it out of use')
      .option('--on', 'put it back into use'),
  ).action(async (id: string, options: Options, command: Command) => {
    const { output, client } = contextOf(command)
    const api = await client()
    const { id: _, ...before } = (await api.alertRule({ id })).rule
    const saidRecovery = command.getOptionValueSource('recovery') === 'cli'
    const recovery = saidRecovery ? (options.recovery ?? true) : before.recovery
    const changed = await api.changeAlertRule({ id, ...ruleOf({ ...options, recovery }, before) })
    output.data(changed, () => `${changed.rule.name} is changed.`)
  })
  rule
    .command('remove <id>')
    .description('delete one')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { output, client } = contextOf(command)
      const { done } = await (await client()).removeAlertRule({ id })
      output.data({ done }, () => (done ? 'It is deleted.' : `There is no such rule: ${id}`))
      if (!done) process.exitCode = EXIT.failed
    })
}

type Rule = Omit<RuleAnswer, 'id'>

const FRESH: Rule = {
  name: '',
  active: true,
  events: [],
  flows: [],
  connections: [],
  channels: [],
  waitMinutes: 0,
  behind: { minutes: 30, count: null },
  recovery: true,
  digest: null,
  quiet: null,
}

function ruleOf(options: Options, before: Rule): Rule {
  const { off = false, on = false, everything = false } = options
  const zone = options.zone ?? zoneOf(before) ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const kept = everything ? { flows: [], connections: [] } : before
  return {
    name: options.name ?? before.name,
    active: on || (before.active && !off),
    events: options.event ?? before.events,
    flows: options.flow ?? kept.flows,
    connections: options.connection ?? kept.connections,
    channels: options.channel ?? before.channels,
    waitMinutes: options.wait ?? before.waitMinutes,
    behind: {
      minutes: options.behindMinutes ?? before.behind.minutes,
      count: options.behindCount === 'none' ? null : (options.behindCount ?? before.behind.count),
    },
    recovery: options.recovery ?? before.recovery,
    digest: options.digest === undefined ? before.digest : digestOf(options.digest, zone),
    quiet: quietOf(options, zone, before),
  }
}

function zoneOf({ digest, quiet }: Rule): string | undefined {
  return quiet?.zone ?? (digest !== null && 'daily' in digest ? digest.zone : undefined)
}

function quietOf({ quiet, quietZone }: Options, zone: string, before: Rule): Rule['quiet'] {
  if (quiet === undefined) {
    if (quietZone === undefined || before.quiet === null) {
      if (quietZone !== undefined) throw new UsageTrouble('It has no quiet hours: say which with --quiet.')
      return before.quiet
    }
    return { ...before.quiet, zone: quietZone }
  }
  return quiet === 'none' ? null : { ...quiet, zone: quietZone ?? zone }
}

function digestOf(text: string, zone: string): Rule['digest'] {
  if (text === 'none') return null
  return text.includes(':') ? { daily: text, zone } : { minutes: Number(text) }
}

/** Commander takes a null for no answer at all. */
const count = (text: string): number | 'none' => (text === 'none' ? text : whole(1, 1_000_000_000)(text))

function hours(text: string): NonNullable<Options['quiet']> {
  if (text === 'none') return text
  const [, from, to] = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text) ?? []
  if (from === undefined || to === undefined) throw new InvalidArgumentError('Write them as 22:00-07:00.')
  return { from, to }
}
