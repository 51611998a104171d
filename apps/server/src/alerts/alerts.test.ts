import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient, type Client } from '@linchpin/api'
import { alertRules, audit, removeAlertChannel, saveAlertRule, type Db } from '@linchpin/store'
import { SMTPServer } from 'smtp-server'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { enterCredential } from '../desk/connection.ts'
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

test('while nobody can look, what is written down is sent all the same', async () => {
  const { id } = await newHook('blind')
  await api.addAlertRule({ name: 'pauses', ...paused, channels: [id] })
  await api.pauseFlow({ name: FLOW, reason: 'stocktaking' })
  status = 503
  await alertsOnce(rig.linchpin)
  status = 200
  const { now, desk } = rig.linchpin
  const open = () => Promise.reject(new Error('blind'))
  const blind = { ...rig.linchpin, now: () => now() + 60_000, desk: { ...desk, open } }
  await expect(alertsOnce(blind)).rejects.toThrow('blind')
  expect(came).toHaveLength(2)
  expect((await api.alertMessages({})).messages[0]).toMatchObject({ state: 'sent', tries: 2 })
  // Who failed at looking still has the lease.
  await rig.linchpin.db.query('', 'update alert_watch set lease_until = null')
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

test('a rule that was off does not tell what came and went meanwhile', async () => {
  const { id } = await newHook('off')
  const rule = { name: 'pauses', ...paused, channels: [id] }
  const made = (await api.addAlertRule({ ...rule, active: false })).rule
  const { db, now } = rig.linchpin
  await db.query('', `update alert_rule set wishes_since = wishes_since - interval '1 hour'`)
  await db.query('', 'delete from incident')
  const ago = (minutes: number) => ({ ...rig.linchpin, now: () => now() - minutes * 60_000 })
  await api.pauseFlow({ name: FLOW, reason: 'stocktaking' })
  await alertsOnce(ago(20))
  await api.resumeFlow({ name: FLOW })
  await alertsOnce(ago(10))
  await api.changeAlertRule({ id: made.id, ...rule })
  await alertsOnce(rig.linchpin)
  expect(came).toEqual([])
  await clear()
})

test('a rule begins anew when what it wishes changes, not when it tells it elsewhere or at another time', async () => {
  const [first, second] = [await newHook('one'), await newHook('two')]
  const rule = { name: 'pauses', ...paused, channels: [first.id] }
  const { id } = (await api.addAlertRule(rule)).rule
  const { db } = rig.linchpin
  const since = async () => (await alertRules(db)).find(each => each.id === id)?.wishesSince
  const movedBy = async (change: object) => {
    await api.changeAlertRule({ id, ...rule })
    await db.query('', `update alert_rule set wishes_since = '2026-01-01T00:00:00Z'`)
    await api.changeAlertRule({ id, ...rule, ...change })
    return (await since()) !== Date.UTC(2026, 0, 1)
  }
  const quiet = { from: '22:00', to: '07:00', zone: 'UTC' }
  for (const change of [{}, { name: 'x' }, { quiet }, { digest: { minutes: 60 } }, { channels: [second.id] }])
    expect([change, await movedBy(change)]).toEqual([change, false])
  const scope = [{ events: ['paused', 'login'] }, { flows: [] }, { connections: ['erp'] }]
  const more = [
    { active: false },
    { recovery: false },
    { waitMinutes: 5 },
    { behind: { minutes: 5, count: 9 } },
  ]
  for (const change of [...scope, ...more]) expect([change, await movedBy(change)]).toEqual([change, true])
  await clear()
})

test('an API key of another house that ends is told, when the configuration asks for it', async () => {
  const { id } = await newHook('ending')
  await api.addAlertRule({ name: 'ends', events: ['expiring'], connections: ['erp'], channels: [id] })
  const { linchpin } = rig
  const erp = linchpin.config.connections['erp']
  const asking = { ...erp, settings: { ...erp?.settings, apiKey: { secret: 'apiKey' } } }
  const connections = { ...linchpin.config.connections, erp: asking }
  const asks = { ...linchpin, config: { ...linchpin.config, connections } } as typeof linchpin
  const expiresAt = new Date(linchpin.now() + 3 * 24 * 3_600_000).toISOString()
  await enterCredential(asks, { connection: 'erp', name: 'apiKey', secret: 'a secret', expiresAt })
  await alertsOnce(linchpin)
  expect(came).toEqual([])
  await alertsOnce(asks)
  expect(came.map(({ text }) => JSON.parse(text) as object)).toMatchObject([
    { data: { items: [{ event: 'expiring', connection: 'erp', words: `apiKey: ${expiresAt}` }] } },
  ])
  expect(came[0]?.text).not.toContain('a secret')
  await clear()
})

test('of removing a channel and saving a rule that names it at once, one is refused', async () => {
  const { db, now } = rig.linchpin
  const { rule } = await api.addAlertRule({ name: 'x', ...paused, channels: [(await newHook('kept')).id] })
  const save = (to: Db, channel: string) =>
    saveAlertRule(to, { ...rule, name: 'the rule', channels: [channel] }, now())
  const one = (await newHook('one')).id
  let removing: Promise<unknown> = Promise.resolve()
  const saved = await save(
    meanwhile('save-alert-rule', async () => {
      removing = removeAlertChannel(db, one, now())
      await Promise.race([removing, waits('hold-alert-channel')])
    }),
    one,
  )
  expect([saved, await removing]).toEqual([null, { done: false, usedBy: 'the rule' }])
  const two = (await newHook('two')).id
  let saving: Promise<unknown> = Promise.resolve()
  const removed = await removeAlertChannel(
    meanwhile('remove-alert-channel', async () => {
      saving = save(db, two)
      await Promise.race([saving, waits('hold-alert-channels')])
    }),
    two,
    now(),
  )
  expect([removed, await saving]).toEqual([{ done: true, usedBy: null }, two])
  await clear()
})

/** The database, where something else is done just before one query. */
function meanwhile(before: string, act: () => Promise<void>): Db {
  const { db } = rig.linchpin
  return {
    ...db,
    transaction: work =>
      db.transaction(async (query, copy) =>
        work(async <Row extends object>(name: string, text: string, values?: readonly unknown[]) => {
          if (name === before) await act()
          return query<Row>(name, text, values)
        }, copy),
      ),
  }
}

/** Until somebody waits for a lock. */
const waits = (what: string) =>
  rig.until(`${what} waits`, async () => {
    const sql = `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%alert_channel%'`
    return (await rig.linchpin.db.query('', sql)).length > 0
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
