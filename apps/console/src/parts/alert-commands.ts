import type { ChangedChannel, RuleAnswer } from '@linchpin/api'
import { word } from './shell-words.ts'

type Rule = Omit<RuleAnswer, 'id'>

/** The same rule on the command line. `id`: of the rule that is changed; null: a new one. */
export function ruleCommand(id: string | null, rule: Rule): string {
  const isNew = id === null
  const { waitMinutes, behind } = rule
  return said('linchpin alerts rule', [
    ...(isNew ? ['add', rule.name] : ['change', id, '--name', rule.name]),
    '--event',
    ...rule.events,
    ...aboutOf(rule, isNew),
    ...(isNew && waitMinutes === 0 ? [] : ['--wait', String(waitMinutes)]),
    ...(isNew && behind.minutes === 30 ? [] : ['--behind-minutes', String(behind.minutes)]),
    ...(isNew && behind.count === null ? [] : ['--behind-count', String(behind.count ?? 'none')]),
    ...(rule.recovery ? (isNew ? [] : ['--recovery']) : ['--no-recovery']),
    ...timesOf(rule, isNew),
    ...(rule.active ? (isNew ? [] : ['--on']) : ['--off']),
    '--channel',
    ...rule.channels,
  ])
}

/** What a changed rule was about before, and is not any more, must not stay. */
function aboutOf({ flows, connections }: Rule, isNew: boolean): readonly string[] {
  const isWhole = flows.length > 0 && connections.length > 0
  return [
    ...some('--flow', flows),
    ...some('--connection', connections),
    ...(isNew || isWhole ? [] : ['--everything']),
  ]
}

/** One zone is said once. */
function timesOf({ digest, quiet }: Rule, isNew: boolean): readonly string[] {
  const collected = digest !== null && 'daily' in digest ? digest.zone : undefined
  const zone = collected ?? quiet?.zone
  return [
    ...(digest === null ? (isNew ? [] : ['--digest', 'none']) : ['--digest', whenOf(digest)]),
    ...(quiet === null ? (isNew ? [] : ['--quiet', 'none']) : ['--quiet', `${quiet.from}-${quiet.to}`]),
    ...(zone === undefined ? [] : ['--zone', zone]),
    ...(quiet === null || quiet.zone === zone ? [] : ['--quiet-zone', quiet.zone]),
  ]
}

const whenOf = (digest: NonNullable<Rule['digest']>) =>
  'daily' in digest ? digest.daily : String(digest.minutes)

const some = (option: string, values: readonly string[]) => (values.length === 0 ? [] : [option, ...values])

/** The same channel on the command line, which asks for what is secret. */
export function channelCommand(id: string | null, { name, language, ...channel }: ChangedChannel): string {
  const head = id === null ? ['add', channel.kind, name] : ['change', id, '--name', name]
  return said('linchpin alerts channel', [
    ...head,
    ...(channel.kind === 'email' ? mailOptions(channel, id === null) : []),
    '--language',
    language ?? 'en',
    ...(id !== null && ('secretUrl' in channel || 'password' in channel) ? ['--enter'] : []),
    ...('secret' in channel ? ['--enter-secret'] : []),
  ])
}

type Mail = Omit<Extract<ChangedChannel, { kind: 'email' }>, 'name' | 'language'>

function mailOptions({ host, port, secure, user, from, to }: Mail, isNew: boolean): readonly string[] {
  const where = ['--host', host, '--port', String(port ?? 587), '--secure', secure ?? 'starttls']
  const access = user === undefined ? (isNew ? [] : ['--no-user']) : ['--user', user]
  return [...where, ...access, '--from', from, '--to', to.join(',')]
}

const SECRETS = ['secretUrl', 'secret', 'password'] as const

/** What is copied holds no secret: whoever pastes it writes theirs in. */
export function withoutSecrets(channel: ChangedChannel): object {
  const hidden = SECRETS.filter(name => name in channel).map(name => [name, '…'])
  return { ...channel, ...Object.fromEntries(hidden) }
}

const said = (command: string, words: readonly string[]) => [command, ...words.map(word)].join(' ')
