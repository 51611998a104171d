import { minutesOf } from '@linchpin/model'
import { z } from 'zod'
import { alertEvents, alertLanguages, channelKinds } from './alert-names.ts'
import { route } from './route.ts'
import { money, time } from './shapes.ts'

const name = z.string().trim().min(1).max(100)
const language = z.enum(alertLanguages)
const byId = z.strictObject({ id: z.string() })
const done = z.object({ done: z.boolean() })

/** By the clock of a place. */
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of the day like "22:00"')
const zone = z.string().max(60).refine(isZone, { error: 'a time zone like "Europe/Berlin"' })

function isZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** The address of a webhook. Whoever knows that of Slack or Teams can write there: it is a secret. */
const secretUrl = z.url({ protocol: /^https?$/ }).max(2000)
const password = z.string().min(1).max(500)
/** Of Standard Webhooks: 24 to 64 bytes in base64, after "whsec_". */
const secret = z.string().regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, '"whsec_" and 24 to 64 bytes in base64')

const mailServer = {
  /** The mail server. */
  host: z.string().min(1).max(253),
  port: z.int().min(1).max(65_535).default(587),
  /** 'tls': from the first sign (port 465); 'starttls': required after the greeting (587); 'none': can be read on the way. */
  secure: z.enum(['tls', 'starttls', 'none']).default('starttls'),
  user: z.string().max(254).optional(),
  from: z.email().max(254),
  to: z.array(z.email().max(254)).min(1).max(20),
}

const head = { name, language: language.default('en') }

/** A new channel, with its secrets: they are kept sealed, and shown by nothing. */
const newChannel = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('email'), ...head, ...mailServer, password: password.optional() }),
  z.strictObject({ kind: z.literal('slack'), ...head, secretUrl }),
  z.strictObject({ kind: z.literal('teams'), ...head, secretUrl }),
  /** Standard Webhooks; without a `secret`, one is made, and shown once. */
  z.strictObject({ kind: z.literal('webhook'), ...head, secretUrl, secret: secret.optional() }),
])

/** Secrets that are left out stay as they are. */
const changedChannel = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('email'), ...head, ...mailServer, password: password.optional() }),
  z.strictObject({ kind: z.literal('slack'), ...head, secretUrl: secretUrl.optional() }),
  z.strictObject({ kind: z.literal('teams'), ...head, secretUrl: secretUrl.optional() }),
  z.strictObject({
    kind: z.literal('webhook'),
    ...head,
    secretUrl: secretUrl.optional(),
    secret: secret.optional(),
  }),
])
export type ChangedChannel = z.infer<typeof changedChannel>

export const channelShape = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(channelKinds),
  language,
  /** Who gets it: addresses, or the host of the webhook. */
  recipient: z.string(),
  /** Of e-mail. */
  mail: z
    .object({
      host: z.string(),
      port: z.int(),
      secure: z.enum(['tls', 'starttls', 'none']),
      user: z.string().nullable(),
      from: z.string(),
      to: z.array(z.string()),
    })
    .nullable(),
  sentAt: time.nullable(),
  /** Why the last message did not get through; null: it did. */
  problem: z.string().nullable(),
  failedAt: time.nullable(),
})
export type ChannelAnswer = z.infer<typeof channelShape>

const digest = z.union([
  /** Collected for so many minutes from the first on. */
  z.strictObject({ minutes: z.int().min(1).max(1440) }),
  /** Collected until this time of the day. */
  z.strictObject({ daily: clock, zone }),
])

/** What would be told then is told when they end. */
const quiet = z.strictObject({ from: clock, to: clock, zone }).refine(
  // A rule that is never heard is a mistake.
  ({ from, to }) => (minutesOf(from) - minutesOf(to) + 1440) % 1440 >= 60,
  { error: 'quiet hours of 1 minute to 23 hours' },
)

const wishes = {
  events: z.array(z.enum(alertEvents)).min(1),
  /** Both empty: of everything. Else only of what is about one of these. */
  flows: z.array(z.string()).max(200),
  connections: z.array(z.string()).max(200),
  /** The ids of channels. */
  channels: z.array(z.string()).min(1).max(20),
  /** What is over within so many minutes is not told. */
  waitMinutes: z.int().min(0).max(1440),
  /** A flow is behind when something has waited for so long, or so many wait. */
  behind: z.strictObject({ minutes: z.int().min(1).max(10_080), count: z.int().min(1).nullable() }),
  /** Tell, too, that it is well again. */
  recovery: z.boolean(),
  /** Null: each at once. */
  digest: digest.nullable(),
  quiet: quiet.nullable(),
}

const ruleBody = z.strictObject({
  name,
  active: z.boolean().default(true),
  events: wishes.events,
  flows: wishes.flows.default([]),
  connections: wishes.connections.default([]),
  channels: wishes.channels,
  waitMinutes: wishes.waitMinutes.default(0),
  behind: wishes.behind.default({ minutes: 30, count: null }),
  recovery: wishes.recovery.default(true),
  digest: wishes.digest.default(null),
  quiet: wishes.quiet.default(null),
})

export const ruleShape = z.object({ id: z.string(), name: z.string(), active: z.boolean(), ...wishes })
export type RuleAnswer = z.infer<typeof ruleShape>

const itemShape = z.object({
  /** It began, it is over, or it came and went before it could be told. */
  is: z.enum(['began', 'ended', 'passed']),
  event: z.enum(alertEvents),
  flow: z.string().nullable(),
  connection: z.string().nullable(),
  words: z.string(),
  count: z.int(),
  worth: z.array(money),
  beganAt: time,
  endedAt: time.nullable(),
})

export const messageShape = z.object({
  /** Sent along with each try: the receiver knows a repetition by it. */
  id: z.string(),
  channel: z.object({ id: z.string(), name: z.string() }),
  recipient: z.string(),
  /** Null: a test. */
  rule: z.string().nullable(),
  items: z.array(itemShape),
  madeAt: time,
  state: z.enum(['due', 'sent', 'given up']),
  tries: z.int(),
  /** When it is tried again. */
  nextAt: time.nullable(),
  /** Why the last try failed. */
  problem: z.string().nullable(),
  settledAt: time.nullable(),
})
export type AlertMessageAnswer = z.infer<typeof messageShape>

export const alertRoutes = {
  alerts: route('GET', '/alerts', 'Who is told of what: rules and channels', {
    answer: z.object({ rules: z.array(ruleShape), channels: z.array(channelShape) }),
  }),
  alertMessages: route('GET', '/alerts/messages', 'What was told, to whom, newest first', {
    query: z.strictObject({
      before: z.coerce.number().int().min(1).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({
      messages: z.array(messageShape),
      /** Give it as `before` for the next page; null: that was all. */
      next: z.int().nullable(),
    }),
  }),
  addAlertRule: route('POST', '/alerts/rules', 'Make a rule: who is told of what', {
    body: ruleBody,
    answer: z.object({ rule: ruleShape }),
  }),
  alertRule: route('GET', '/alerts/rules/{id}', 'One rule', {
    params: byId,
    answer: z.object({ rule: ruleShape }),
  }),
  changeAlertRule: route('POST', '/alerts/rules/{id}', 'Put a rule in the place of this one', {
    params: byId,
    body: ruleBody,
    answer: z.object({ rule: ruleShape }),
  }),
  removeAlertRule: route('POST', '/alerts/rules/{id}/remove', 'Take a rule away', {
    params: byId,
    answer: done,
  }),
  addAlertChannel: route('POST', '/alerts/channels', 'Make a channel: e-mail, Slack, Teams or a webhook', {
    body: newChannel,
    answer: z.object({
      channel: channelShape,
      /** What the webhook's messages are signed with, when we made it; shown once. */
      secret: z.string().nullable(),
    }),
  }),
  alertChannel: route('GET', '/alerts/channels/{id}', 'One channel', {
    params: byId,
    answer: z.object({ channel: channelShape }),
  }),
  changeAlertChannel: route(
    'POST',
    '/alerts/channels/{id}',
    'Put a channel in the place of this one; what waits for it is tried at once',
    { params: byId, body: changedChannel, answer: z.object({ channel: channelShape }) },
  ),
  testAlertChannel: route('POST', '/alerts/channels/{id}/test', 'Send a test message', {
    params: byId,
    answer: z.object({ sent: z.boolean(), problem: z.string().nullable() }),
  }),
  removeAlertChannel: route(
    'POST',
    '/alerts/channels/{id}/remove',
    'Take a channel away, with its secrets; what waits for it is given up',
    { params: byId, answer: done },
  ),
} as const
