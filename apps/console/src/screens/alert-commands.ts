import type { ChangedChannel, RuleAnswer } from '@linchpin/api'
import { word } from '../parts/shell-words.ts'

type Rule = Omit<RuleAnswer, 'id'>

/** The same rule on the command line. `id`: of the rule that is changed; null: a new one. */
export function ruleCommand(id: string | null, rule: Rule): string {
  const isNew = id === null
  const { waitMinutes, behind, digest, quiet } = rule
  const zone = quiet?.zone ?? (digest && 'daily' in digest ? digest.zone : undefined)
  return said('linchpin alerts rule', [
    ...(isNew ? ['add', rule.name] : ['change', id, '--name', rule.name]),
    '--event',
    ...rule.events,
    ...some('--flow', rule.flows),
    ...some('--connection', rule.connections),
    ...(!isNew && rule.flows.length + rule.connections.length === 0 ? ['--everything'] : []),
    ...(isNew && waitMinutes === 0 ? [] : ['--wait', String(waitMinutes)]),
    ...(isNew && behind.minutes === 30 ? [] : ['--behind-minutes', String(behind.minutes)]),
    ...(behind.count === null ? [] : ['--behind-count', String(behind.count)]),
    ...(rule.recovery ? (isNew ? [] : ['--recovery']) : ['--no-recovery']),
    ...(digest === null ? (isNew ? [] : ['--digest', 'none']) : ['--digest', whenOf(digest)]),
    ...(quiet === null ? (isNew ? [] : ['--quiet', 'none']) : ['--quiet', `${quiet.from}-${quiet.to}`]),
    ...(zone === undefined ? [] : ['--zone', zone]),
    ...(rule.active ? (isNew ? [] : ['--on']) : ['--off']),
    '--channel',
    ...rule.channels,
  ])
}

const whenOf = (digest: NonNullable<Rule['digest']>) =>
  'daily' in digest ? digest.daily : String(digest.minutes)

const some = (option: string, values: readonly string[]) => (values.length === 0 ? [] : [option, ...values])

/** The same channel on the command line, which asks for what is secret. */
export function channelCommand(id: string | null, { name, language, ...channel }: ChangedChannel): string {
  const head = id === null ? ['add', channel.kind, name] : ['change', id, '--name', name]
  return said('linchpin alerts channel', [
    ...head,
    ...(channel.kind === 'email' ? mailOptions(channel) : []),
    '--language',
    language ?? 'en',
    ...(id !== null && isEntered(channel) ? ['--enter'] : []),
  ])
}

type Mail = Omit<Extract<ChangedChannel, { kind: 'email' }>, 'name' | 'language'>

function mailOptions({ host, port, secure, user, from, to }: Mail): readonly string[] {
  const where = ['--host', host, '--port', String(port ?? 587), '--secure', secure ?? 'starttls']
  return [...where, ...(user === undefined ? [] : ['--user', user]), '--from', from, '--to', to.join(',')]
}

const isEntered = (channel: object) => SECRETS.some(name => name in channel)
const SECRETS = ['secretUrl', 'secret', 'password'] as const

/** What is copied holds no secret: whoever pastes it writes theirs in. */
export function withoutSecrets(channel: ChangedChannel): object {
  const hidden = SECRETS.filter(name => name in channel).map(name => [name, '…'])
  return { ...channel, ...Object.fromEntries(hidden) }
}

const said = (command: string, words: readonly string[]) => [command, ...words.map(word)].join(' ')
