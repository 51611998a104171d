import type { ChangedChannel, ParkedAnswer, Right, Role, RuleAnswer } from '@linchpin/api'
import { channelCommand, ruleCommand, withoutSecrets } from './alert-commands.ts'
import { quoted, recordPath, recordWords, setWord, word, type Key } from './shell-words.ts'

/** An action of the console, for a script: what it posts where, and the same on the command line. */
export interface Command {
  /** Below /api/v1. */
  readonly path: string
  readonly body: object
  /** More that is posted there, where one body has not room for all. */
  readonly bodies?: readonly object[]
  /** It does a page of it, and answers where the next one begins. */
  readonly byPages?: boolean
  readonly cli: string
}

type Post = readonly [path: string, body?: object]
const command = ([path, body = {}]: Post, ...words: readonly string[]): Command => {
  return { path, body, cli: ['linchpin', ...words].join(' ') }
}
const escaped = encodeURIComponent

// What is parked.

interface Chosen {
  readonly cause: string
  readonly flow: string
  readonly ids: readonly string[]
}

export const retry = ({ cause, flow, ids }: Chosen) =>
  command(['/parked/retry', { cause, ids }], 'retry --flow', word(flow), ...ids.map(word))

export const skip = ({ cause, flow, ids }: Chosen, reason: string) =>
  command(
    ['/parked/skip', { cause, ids, reason }],
    'skip --flow',
    word(flow),
    '--reason',
    quoted(reason),
    ...ids.map(word),
  )

/** `arrived`: its id in the target; null: it is not there. */
export const answer = ({ flow, id }: Pick<ParkedAnswer, 'flow' | 'id'>, arrived: string | null) =>
  command(
    ['/parked/answer', { flow, id, arrived }],
    'answer',
    word(flow),
    word(id),
    ...(arrived === null ? ['--not-there'] : ['--arrived', word(arrived)]),
  )

/** Of each flow, its own. */
export function retryMended(
  mapping: string,
  [first, ...others]: readonly [Mended, ...(readonly Mended[])],
): Command {
  return { ...command(['/parked/retry', first], 'mapping retry', word(mapping)), bodies: others }
}
interface Mended {
  readonly flow: string
  readonly ids: readonly string[]
}

// Flows and connections.

export const sync = (flow: string): Command => ({
  ...command(['/sync', { flow }], 'sync', word(flow)),
  byPages: true,
})

export const plan = (flow: string): Command => ({
  ...command(['/plan', { flow }], 'plan', word(flow)),
  byPages: true,
})

/** As many as one request may hold. */
const AT_ONCE = 100

const inParts = <Each>(all: readonly Each[]) =>
  Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, index) =>
    all.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  )

interface Step {
  readonly id: string
  readonly proof: string
}

/** The command line plans these records again, and does what that says. */
export function apply(flow: string, steps: readonly Step[]): Command {
  const ids = steps.map(({ id }) => id).join(',')
  const [body = { flow, steps }, ...bodies] = inParts(steps).map(part => ({ flow, steps: part }))
  const planned = ['plan', word(flow), '--ids', word(ids), '--out plan.json']
  return { ...command(['/apply', body], ...planned, '&& linchpin apply plan.json'), bodies }
}

export const testConnection = (name: string) =>
  command([`/connections/${escaped(name)}/test`], 'connection test', word(name))

type Kind = 'flow' | 'connection'

export const pause = (kind: Kind, name: string, of: { readonly reason: string; readonly until?: string }) =>
  command(
    [`/${kind}s/${escaped(name)}/pause`, of],
    'pause',
    word(name),
    '--reason',
    quoted(of.reason),
    ...(of.until === undefined ? [] : ['--until', of.until]),
  )

export const resume = (kind: Kind, name: string) =>
  command([`/${kind}s/${escaped(name)}/resume`], 'resume', word(name))

/** Without the secret: the command line asks for it. */
export const setCredential = (connection: string, setting: string, expiresAt: string | null) =>
  command(
    [`/connections/${escaped(connection)}/credentials/${escaped(setting)}`, { secret: '…', expiresAt }],
    'secret set',
    word(connection),
    word(setting),
    ...(expiresAt === null ? [] : ['--until', expiresAt]),
  )

// One record.

export const reveal = (at: Key, reason: string) =>
  command(
    [`${recordPath(at)}/reveal`, { reason }],
    'record show',
    recordWords(at),
    '--reveal',
    quoted(reason),
  )

/** What begins with a dash is no option. */
export const comment = (at: Key, words: string) =>
  command([`${recordPath(at)}/comments`, { words }], 'record comment', recordWords(at), '--', quoted(words))

type Change = Parameters<typeof setWord>[0]

export const correct = (at: Key, set: readonly Change[], why: string) =>
  command(
    [`${recordPath(at)}/correct`, { set: set.map(({ path, now }) => ({ path, now })), why }],
    'correct',
    recordWords(at),
    ...set.flatMap(each => ['--set', setWord(each)]),
    '--why',
    quoted(why),
  )

export const endCorrection = (at: Key, why: string) =>
  command([`${recordPath(at)}/correct`, { why }], 'correct', recordWords(at), '--end --why', quoted(why))

// What differs.

export const compare = (flow: string) => command(['/reconcile', { flow }], 'reconcile', word(flow))

/** What the policy of the flow lets happen or proposes. */
export const heal = (flow: string) =>
  command(['/reconcile', { flow, heal: true }], 'reconcile', word(flow), '--heal')

export const readSides = (flow: string, id: string) =>
  command([`/comparisons/${escaped(flow)}/${escaped(id)}/read`], 'sides', word(flow), word(id), '--now')

interface Pushed {
  readonly flow: string
  readonly id: string
  readonly to: string
}

/** The command line asks for the proof itself. */
export const push = ({ flow, id, to }: Pushed, proof: string) =>
  command(
    [`/comparisons/${escaped(flow)}/${escaped(id)}/push`, { to, proof }],
    'push',
    ...[flow, id, to].map(word),
    '--apply',
  )

interface LeftOut {
  readonly flow: string
  readonly field: string
  readonly id?: string
}

export const ignoreField = (of: LeftOut, why: string) =>
  command(
    ['/ignored', { ...of, why }],
    'ignore add',
    word(of.flow),
    word(of.field),
    ...(of.id === undefined ? [] : ['--id', word(of.id)]),
    '--why',
    quoted(why),
  )

// Mappings.

interface Saved {
  readonly name: string
  /** The version that is live now. */
  readonly over: number
  readonly why: string
}

export const saveMapping = ({ name, over, why }: Saved, mapping: object) =>
  command(
    [`/mappings/${escaped(name)}/versions`, { mapping, over, why }],
    'mapping save',
    word(name),
    '--file mapping.json --why',
    quoted(why),
  )

export const liveMapping = ({ name, over, why }: Saved, version: number) =>
  command(
    [`/mappings/${escaped(name)}/live`, { version, over, why }],
    'mapping roll-back',
    word(name),
    '--to',
    String(version),
    '--why',
    quoted(why),
  )

// People, sessions and keys.

interface Person {
  readonly id: string
  readonly email: string
}

export const addPerson = (of: { readonly email: string; readonly name: string; readonly role: Role }) =>
  command(['/people', of], 'people add', word(of.email), '--name', word(of.name), '--role', of.role)

export const changeRole = ({ id, email }: Person, role: Role) =>
  command([`/people/${escaped(id)}`, { role }], 'people change', word(email), '--role', role)

export const letIn = ({ id, email }: Person, active: boolean) =>
  command(
    [`/people/${escaped(id)}`, { active }],
    'people change',
    word(email),
    active ? '--let-in' : '--shut-out',
  )

export const invitePerson = ({ id, email }: Person) =>
  command([`/people/${escaped(id)}/link`], 'people link', word(email))

export const endSessionsOf = ({ id, email }: Person) =>
  command([`/people/${escaped(id)}/sessions/end`], 'people sign-out', word(email))

export const endSession = (id: string) =>
  command([`/sessions/${escaped(id)}/end`], 'people end-session', word(id))

export const addApiKey = (of: {
  readonly name: string
  readonly rights: readonly Right[]
  readonly days?: number
}) =>
  command(
    ['/api-keys', of],
    'keys make',
    word(of.name),
    '--right',
    ...of.rights,
    ...(of.days === undefined ? [] : ['--days', String(of.days)]),
  )

export const revokeApiKey = (id: string) =>
  command([`/api-keys/${escaped(id)}/revoke`], 'keys revoke', word(id))

// Who is told of what.

/** `id`: of the one that is changed; null: a new one. */
export const alertRule = (id: string | null, rule: Omit<RuleAnswer, 'id'>): Command => {
  return {
    path: `/alerts/rules${id === null ? '' : `/${escaped(id)}`}`,
    body: rule,
    cli: ruleCommand(id, rule),
  }
}

export const alertChannel = (id: string | null, channel: ChangedChannel): Command => {
  const path = `/alerts/channels${id === null ? '' : `/${escaped(id)}`}`
  return { path, body: withoutSecrets(channel), cli: channelCommand(id, channel) }
}

export const removeAlertRule = (id: string) =>
  command([`/alerts/rules/${escaped(id)}/remove`], 'alerts rule remove', word(id))

export const removeAlertChannel = (id: string) =>
  command([`/alerts/channels/${escaped(id)}/remove`], 'alerts channel remove', word(id))

export const testAlertChannel = (id: string) =>
  command([`/alerts/channels/${escaped(id)}/test`], 'alerts test', word(id))
