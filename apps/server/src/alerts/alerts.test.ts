import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient, type Client } from '@linchpin/api'
import { audit } from '@linchpin/store'
import { SMTPServer } from 'smtp-server'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { openRig, type Rig } from '../testing/rig.ts'
import { alertsOnce } from './carry.ts'

/** Against receivers on this machine: an HTTP server that keeps what comes, and a mail server that does. */
interface Came {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

let rig: Rig
let api: Client
let hooks: Server
let mails: SMTPServer
let base = ''
let mailPort = 0
const came: Came[] = []
const mail: string[] = []
let status = 200

beforeAll(async () => {
  // It looks when we say so, and not every ten seconds.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  rig = await openRig({ config: { alerts: { allowPrivate: ['127.0.0.1'] } } })
  api = createClient({ url: rig.url, fetch: (url, init) => fetch(url, init) })
  hooks = createServer((request, response) => {
    let text = ''
    request.on('data', chunk => (text += String(chunk)))
    request.on('end', () => {
      came.push({ path: request.url ?? '', headers: request.headers, text })
      response.writeHead(status).end()
    })
  })
  await new Promise<void>(resolve => hooks.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(hooks.address() as AddressInfo).port}`
  mails = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      password === 'right' ? done(null, { user: username }) : done(new Error('no')),
    onData: (stream, _session, done) => {
      let text = ''
      stream.on('data', chunk => (text += String(chunk)))
      stream.on('end', () => {
        mail.push(text)
        done()
      })
    },
  })
  await new Promise<void>(resolve => mails.listen(0, '127.0.0.1', () => resolve()))
  mailPort = (mails.server.address() as AddressInfo).port
})
afterAll(async () => {
  hooks.close()
  await new Promise<void>(resolve => mails.close(() => resolve()))
  await rig.close()
  vi.useRealTimers()
})
beforeEach(() => {
  came.length = 0
  mail.length = 0
  status = 200
})

const FLOW = 'price-erp-to-shop'
const paused = { events: ['paused' as const], flows: [FLOW] }
const mailTo = (more: object = {}) => ({
  kind: 'email' as const,
  name: 'The office',
  language: 'de' as const,
  host: '127.0.0.1',
  port: mailPort,
  secure: 'none' as const,
  user: 'linchpin',
  password: 'right',
  from: 'linchpin@example.com',
  to: ['ops@example.com', 'ada@example.com'],
  ...more,
})

async function newHook(path: string) {
  const { channel, secret } = await api.addAlertChannel({
    kind: 'webhook',
    name: `hook ${path}`,
    secretUrl: `${base}/${path}`,
  })
  return { id: channel.id, secret: secret ?? '', channel }
}

/** From now on everything is as it was before: no rule, no channel. */
async function clear() {
  const { rules, channels } = await api.alerts({})
  for (const { id } of rules) await api.removeAlertRule({ id })
  for (const { id } of channels) await api.removeAlertChannel({ id })
  await api.resumeFlow({ name: FLOW })
}

test('what goes wrong is told once, signed by Standard Webhooks, and stands in the history', async () => {
  const { id, secret } = await newHook('first')
  await api.addAlertRule({ name: 'pauses', ...paused, channels: [id] })
  await alertsOnce(rig.linchpin)
  expect(came).toEqual([])
  await api.pauseFlow({ name: FLOW, reason: 'stocktaking', who: 'Ada' })
  await alertsOnce(rig.linchpin)
  await alertsOnce(rig.linchpin)
  expect(came.map(({ path }) => path)).toEqual(['/first'])
  const [first] = came as [Came]
  // The other side of the standard's own library takes it, and nothing that was changed.
  const heard = new Webhook(secret).verify(first.text, first.headers as Record<string, string>)
  expect(heard).toMatchObject({
    type: 'linchpin.alert',
    data: { rule: 'pauses', items: [{ is: 'began', event: 'paused', flow: FLOW }] },
  })
  expect(() =>
    new Webhook(secret).verify(`${first.text} `, first.headers as Record<string, string>),
  ).toThrow()
  const { messages } = await api.alertMessages({})
  expect(messages).toMatchObject([
    { id: first.headers['webhook-id'], state: 'sent', tries: 1, rule: 'pauses', problem: null },
  ])
  await clear()
})

test('when it is well again that is told too, after a while of calm', async () => {
  const { id } = await newHook('well')
  await api.addAlertRule({ name: 'pauses', ...paused, channels: [id] })
  await api.pauseFlow({ name: FLOW, reason: 'stocktaking' })
  await alertsOnce(rig.linchpin)
  await api.resumeFlow({ name: FLOW })
  const { now } = rig.linchpin
  const after = (ms: number) => ({ ...rig.linchpin, now: () => now() + ms })
  await alertsOnce(after(60_000))
  expect(came).toHaveLength(1)
  await alertsOnce(after(6 * 60_000))
  await alertsOnce(after(7 * 60_000))
  const items = came.map(({ text }) => (JSON.parse(text) as { data: { items: object[] } }).data.items)
  expect(items).toMatchObject([[{ is: 'began' }], [{ is: 'ended', endedAt: expect.any(String) }]])
  await clear()
})

test('each way says it in its own form: a mail in German, a message for Slack, a card for Teams', async () => {
  const office = (await api.addAlertChannel(mailTo())).channel
  const slack = (await api.addAlertChannel({ kind: 'slack', name: 'ops', secretUrl: `${base}/slack` }))
    .channel
  const teams = (
    await api.addAlertChannel({ kind: 'teams', name: 'ops', language: 'fr', secretUrl: `${base}/teams` })
  ).channel
  await api.addAlertRule({ name: 'all <of> them', ...paused, channels: [office.id, slack.id, teams.id] })
  await api.pauseFlow({ name: FLOW, reason: 'Inventur & <b>mehr</b>', who: 'Ada' })
  await alertsOnce(rig.linchpin)
  expect(mail).toHaveLength(1)
  const [letter = ''] = mail
  expect(letter).toContain('To: ops@example.com, ada@example.com')
  expect(letter).toContain('Auto-Submitted: auto-generated')
  expect(letter).toMatch(/Message-ID: <msg_[0-9a-f]+@linchpin>/)
  expect(letter).toContain(`Subject: [Linchpin] Neu: ${FLOW} wurde pausiert`)
  const text = (path: string) => came.find(each => each.path === path)?.text ?? ''
  expect(text('/slack')).toContain('Inventur &amp; &lt;b&gt;mehr&lt;/b&gt;')
  expect(text('/slack')).toContain(`${rig.url}/flows/${FLOW}`)
  const card = JSON.parse(text('/teams')) as { attachments: { content: { type: string; body: unknown } }[] }
  expect(card.attachments[0]?.content.type).toBe('AdaptiveCard')
  expect(JSON.stringify(card)).toContain('mis en pause')
  await clear()
})

test('a channel that fails shows why, is tried again, and delivers in order when it is put right', async () => {
  const { id } = await newHook('broken')
  await api.addAlertRule({ name: 'pauses', ...paused, channels: [id] })
  await api.pauseFlow({ name: FLOW, reason: 'stocktaking' })
  status = 503
  await alertsOnce(rig.linchpin)
  const { channel } = await api.alertChannel({ id })
  expect(channel).toMatchObject({ problem: expect.stringContaining('answered 503'), sentAt: null })
  const [message] = (await api.alertMessages({})).messages
  expect(message).toMatchObject({ state: 'due', tries: 1, nextAt: expect.any(String) })
  status = 200
  // Not yet: it waits for its time.
  await alertsOnce(rig.linchpin)
  expect(came).toHaveLength(1)
  await api.changeAlertChannel({ id, kind: 'webhook', name: 'mended', secretUrl: `${base}/mended` })
  await alertsOnce(rig.linchpin)
  expect(came.map(({ path }) => path)).toEqual(['/broken', '/mended'])
  // The receiver can tell that it is the same one.
  expect(new Set(came.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  expect((await api.alertChannel({ id })).channel).toMatchObject({ problem: null, name: 'mended' })
  await clear()
})

test('a node that dies while it sends leaves the message to the next, and what is told twice has one id', async () => {
  const { id } = await newHook('crash')
  await api.addAlertRule({ name: 'pauses', ...paused, channels: [id] })
  await api.pauseFlow({ name: FLOW, reason: 'stocktaking' })
  const { db, now } = rig.linchpin
  // It sent, and died before it could write that down: a lease that ends is all that is left.
  const dying = {
    ...rig.linchpin,
    db: {
      ...db,
      transaction: async (work: never) =>
        came.length > 0 ? Promise.reject(new Error('dead')) : db.transaction(work),
    },
  }
  await expect(alertsOnce(dying as typeof rig.linchpin)).rejects.toThrow('dead')
  expect(came).toHaveLength(1)
  await alertsOnce(rig.linchpin)
  expect(came).toHaveLength(1)
  await alertsOnce({ ...rig.linchpin, now: () => now() + 61_000 })
  expect(came).toHaveLength(2)
  expect(new Set(came.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  await clear()
})

test('several nodes that look at once tell everything once', async () => {
  const { id } = await newHook('many')
  await api.addAlertRule({ name: 'pauses', ...paused, channels: [id] })
  await api.pauseFlow({ name: FLOW, reason: 'stocktaking' })
  await Promise.all(Array.from({ length: 6 }, () => alertsOnce(rig.linchpin)))
  await alertsOnce(rig.linchpin)
  expect(came).toHaveLength(1)
  await clear()
})

test('a test message arrives at once, and one that does not says why; wrong passwords too', async () => {
  const { id } = await newHook('test')
  expect(await api.testAlertChannel({ id })).toEqual({ sent: true, problem: null })
  expect(JSON.parse(came[0]?.text ?? '')).toMatchObject({ type: 'linchpin.alert.test' })
  status = 500
  expect(await api.testAlertChannel({ id })).toMatchObject({
    sent: false,
    problem: expect.stringContaining('500'),
  })
  // A test that failed is over: nobody waits for it any more.
  expect((await api.alertMessages({})).messages[0]).toMatchObject({ state: 'given up', rule: null })
  const office = (await api.addAlertChannel(mailTo({ password: 'wrong' }))).channel
  expect(await api.testAlertChannel({ id: office.id })).toEqual({
    sent: false,
    problem: '127.0.0.1 refuses our user name or password.',
  })
  await clear()
})

test('no address that is not allowed is spoken to, neither by a hook nor by mail', async () => {
  const inside = await api.addAlertChannel({
    kind: 'slack',
    name: 'inside',
    secretUrl: 'http://127.0.0.2:1/x',
  })
  const office = await api.addAlertChannel(mailTo({ host: '127.0.0.2' }))
  for (const { channel } of [inside, office])
    expect((await api.testAlertChannel({ id: channel.id })).problem).toContain('no public address')
  await clear()
})

test('no mail goes to a server that cannot encrypt, or that nobody vouches for', async () => {
  const plain = await api.addAlertChannel(mailTo({ secure: 'starttls' }))
  expect(await api.testAlertChannel({ id: plain.channel.id })).toMatchObject({ sent: false })
  // It encrypts, with a certificate that it made for itself.
  const own = new SMTPServer({
    authOptional: true,
    onData: (stream, _session, done) => stream.resume().on('end', done),
  })
  await new Promise<void>(resolve => own.listen(0, '127.0.0.1', () => resolve()))
  const { port } = own.server.address() as AddressInfo
  const unknown = await api.addAlertChannel(mailTo({ secure: 'starttls', port, user: undefined }))
  const { sent, problem } = await api.testAlertChannel({ id: unknown.channel.id })
  expect([sent, problem]).toEqual([false, expect.stringContaining('could not be spoken to')])
  expect(mail).toEqual([])
  await new Promise<void>(resolve => own.close(() => resolve()))
  await clear()
})

test('secrets are sealed, are shown by nothing, and a password does not go to another server', async () => {
  const url = `${base}/a-secret-path`
  const { channel } = await api.addAlertChannel({ kind: 'slack', name: 'ops', secretUrl: url })
  const office = (await api.addAlertChannel(mailTo())).channel
  const shown = JSON.stringify([await api.alerts({}), await api.alertChannel({ id: channel.id })])
  expect(shown).not.toContain('a-secret-path')
  expect(shown).not.toContain('right')
  const { db } = rig.linchpin
  const rows = await db.query<{ row: string }>('', 'select s::text "row" from secret s')
  expect(rows.some(({ row }) => row.includes(`alerts/${channel.id}`))).toBe(true)
  expect(JSON.stringify(rows)).not.toContain('a-secret-path')
  expect(JSON.stringify(await audit(db, { limit: 50 }))).not.toContain('a-secret-path')
  const { password: _, ...without } = mailTo({ host: 'mail.elsewhere.example' })
  await expect(api.changeAlertChannel({ id: office.id, ...without })).rejects.toMatchObject({
    code: 'password-again',
  })
  // All else may be changed without it, and it still signs in.
  const { password: __, ...renamed } = mailTo({ name: 'The new office' })
  await api.changeAlertChannel({ id: office.id, ...renamed })
  expect(await api.testAlertChannel({ id: office.id })).toMatchObject({ sent: true })
  await api.removeAlertChannel({ id: channel.id })
  const left = await db.query('', 'select from secret where connection = $1', [`alerts/${channel.id}`])
  expect(left).toEqual([])
  await clear()
})

test('what makes no sense is refused with words, and what is in use is not taken away', async () => {
  const { id } = await newHook('refusals')
  const refused = (rule: object) =>
    api.addAlertRule({ name: 'x', ...paused, channels: [id], ...rule }).then(
      () => 'taken',
      (error: Error) => error.message,
    )
  expect(await refused({ flows: ['nothing'] })).toContain('There is no flow named nothing')
  expect(await refused({ channels: ['nothing'] })).toContain('There is no channel with the id nothing')
  expect(await refused({ quiet: { from: '22:00', to: '07:00', zone: 'Mars/Base' } })).toContain('time zone')
  expect(await refused({ quiet: { from: '07:00', to: '07:00', zone: 'UTC' } })).toContain('quiet hours')
  expect(await refused({ digest: { daily: '25:00', zone: 'UTC' } })).not.toBe('taken')
  expect(await refused({ events: ['weather'] })).toContain('must be one of')
  const { rule } = await api.addAlertRule({ name: 'pauses', ...paused, channels: [id] })
  await expect(api.removeAlertChannel({ id })).rejects.toThrow('The rule "pauses" tells by this channel')
  const { events, flows, channels } = rule
  const changed = await api.changeAlertRule({
    id: rule.id,
    name: 'not now',
    active: false,
    events,
    flows,
    channels,
  })
  expect(changed.rule).toMatchObject({ active: false, name: 'not now' })
  await api.pauseFlow({ name: FLOW, reason: 'stocktaking' })
  await alertsOnce(rig.linchpin)
  expect(came).toEqual([])
  await clear()
})
