import { randomBytes } from 'node:crypto'
import type { ChangedChannel } from '@linchpin/api'
import {
  alertChannels,
  alertMessages,
  alertRules,
  beginAlert,
  ownerOfAlertSecrets,
  removeAlertChannel,
  removeAlertRule,
  saveAlertChannel,
  saveAlertRule,
  settleAlert,
  type AlertChannel,
  type AlertRule,
  type NewAlertRule,
} from '@linchpin/store'
import type { Handlers } from '../http/handlers.ts'
import { namedConnection, namedFlow } from '../http/names.ts'
import { Refusal } from '../http/problem.ts'
import type { Linchpin } from '../linchpin.ts'
import { newId } from '../people/tokens.ts'
import { channelAnswer, messageAnswer, ruleAnswer } from './answers.ts'
import { LEASE_MS, messageId, tryOnce } from './carry.ts'
import { mailSettings } from './email.ts'
import { secretOf } from './send.ts'

type AlertHandlers = Pick<
  Handlers,
  | 'alerts'
  | 'alertMessages'
  | 'addAlertRule'
  | 'alertRule'
  | 'changeAlertRule'
  | 'removeAlertRule'
  | 'addAlertChannel'
  | 'alertChannel'
  | 'changeAlertChannel'
  | 'removeAlertChannel'
  | 'testAlertChannel'
>

/** What the routes of alerts do. */
export function alertHandlers(linchpin: () => Linchpin): AlertHandlers {
  return {
    alerts: async () => ({
      rules: (await alertRules(linchpin().db)).map(ruleAnswer),
      channels: (await alertChannels(linchpin().db)).map(channelAnswer),
    }),
    alertMessages: async ({ before, limit }) => {
      const messages = await alertMessages(linchpin().db, { before: before ?? null, limit })
      const next = messages.length < limit ? null : (messages.at(-1)?.seq ?? null)
      return { messages: messages.map(messageAnswer), next }
    },
    addAlertRule: wishes => keepRule(linchpin(), { id: newId(), ...wishes }),
    alertRule: async ({ id }) => ({ rule: ruleAnswer(await namedRule(linchpin(), id)) }),
    changeAlertRule: async rule => {
      await namedRule(linchpin(), rule.id)
      return keepRule(linchpin(), rule)
    },
    removeAlertRule: async ({ id }) => ({ done: await removeAlertRule(linchpin().db, id) }),
    addAlertChannel: async wishes => {
      const made = wishes.kind === 'webhook' && wishes.secret === undefined ? newSecret() : null
      const channel = { id: newId(), ...wishes, ...(made === null ? {} : { secret: made }) }
      return { channel: await keepChannel(linchpin(), channel), secret: made }
    },
    alertChannel: async ({ id }) => ({ channel: channelAnswer(await namedChannel(linchpin(), id)) }),
    changeAlertChannel: async channel => {
      await checkChange(linchpin(), channel)
      return { channel: await keepChannel(linchpin(), channel) }
    },
    removeAlertChannel: ({ id }) => removeChannel(linchpin(), id),
    testAlertChannel: ({ id }) => test(linchpin(), id),
  }
}

/** As Standard Webhooks wants it. */
const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`

async function keepRule(linchpin: Linchpin, rule: NewAlertRule) {
  const { db, setup, now } = linchpin
  for (const flow of rule.flows) namedFlow(setup, flow)
  for (const connection of rule.connections) namedConnection(setup, connection)
  const missing = await saveAlertRule(db, rule, now())
  if (missing !== null) throw noChannel(missing)
  return { rule: ruleAnswer(await namedRule(linchpin, rule.id)) }
}

type Channel = ChangedChannel & { readonly id: string }

async function keepChannel(linchpin: Linchpin, channel: Channel) {
  const { db, keyring, now } = linchpin
  const { id, name, kind, language } = channel
  const secrets = Object.entries(secretsIn(channel)).map(([secret, value]) => {
    return [secret, keyring.seal({ connection: ownerOfAlertSecrets(id), name: secret }, value)] as const
  })
  const settings = await settingsOf(linchpin, channel)
  const kept = { id, name, kind, settings, language, secrets: Object.fromEntries(secrets) }
  await saveAlertChannel(db, kept, now())
  return channelAnswer(await namedChannel(linchpin, id))
}

function secretsIn(channel: Channel): Readonly<Record<string, string>> {
  const { password, secretUrl, secret } = channel as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    Object.entries({ password, secretUrl, secret }).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  )
}

/** What may be shown: of a webhook, the host. */
async function settingsOf(linchpin: Linchpin, channel: Channel): Promise<AlertChannel['settings']> {
  if (channel.kind === 'email') {
    const { host, port, secure, user = null, from, to } = channel
    return { host, port, secure, user, from, to }
  }
  const url = channel.secretUrl ?? (await secretOf(channel.id, 'secretUrl', linchpin))
  return { host: url === null ? '' : new URL(url).host }
}

/** A password that somebody else entered is not sent to a server that they did not choose. */
async function checkChange(linchpin: Linchpin, channel: Channel): Promise<void> {
  const before = await namedChannel(linchpin, channel.id)
  if (before.kind !== channel.kind)
    throw new Refusal(409, 'other-kind', `${before.name} is of the kind ${before.kind}. Make a new channel.`)
  if (channel.kind !== 'email' || channel.password !== undefined) return
  const { host, port, secure } = mailSettings.parse(before.settings)
  const isSame = host === channel.host && port === channel.port && secure === channel.secure
  if (!isSame && (await secretOf(channel.id, 'password', linchpin)) !== null)
    throw new Refusal(422, 'password-again', 'The mail server is another one: enter its password again.')
}

async function removeChannel(linchpin: Linchpin, id: string) {
  const { db, now } = linchpin
  const { done, usedBy } = await removeAlertChannel(db, id, now())
  if (usedBy !== null)
    throw new Refusal(409, 'in-use', `The rule "${usedBy}" tells by this channel. Change the rule first.`)
  return { done }
}

/** Sent at once, and kept with what was told; a test that fails is not tried again. */
async function test(linchpin: Linchpin, channel: string) {
  const { db, now } = linchpin
  await namedChannel(linchpin, channel)
  const asked = { id: messageId(), channel, rule: null, items: [] }
  const message = await beginAlert(db, asked, { leaseMs: LEASE_MS, now: now() })
  if (!message) throw new Refusal(404, 'no-alert-channel', 'The channel was removed just now.')
  const tried = await tryOnce(message, linchpin)
  const problem = tried.is === 'sent' ? null : tried.problem
  const outcome = problem === null ? ({ is: 'sent' } as const) : ({ is: 'given up', problem } as const)
  await settleAlert(db, message, outcome, now())
  return { sent: problem === null, problem }
}

async function namedRule({ db }: Linchpin, id: string): Promise<AlertRule> {
  const found = (await alertRules(db)).find(each => each.id === id)
  if (found) return found
  throw new Refusal(404, 'no-alert-rule', `There is no rule with the id ${id}. See: linchpin alerts list`)
}

async function namedChannel({ db }: Linchpin, id: string): Promise<AlertChannel> {
  const found = (await alertChannels(db)).find(each => each.id === id)
  if (found) return found
  throw noChannel(id)
}

const noChannel = (id: string) =>
  new Refusal(404, 'no-alert-channel', `There is no channel with the id ${id}. See: linchpin alerts list`)
