import { execFileSync } from 'node:child_process'
import { PassThrough } from 'node:stream'
import { openApi, routes, type Route, type RouteName } from '@linchpin/api'
import { commandLine } from '@linchpin/cli'
import { afterEach, expect, test, vi } from 'vitest'
import * as commands from '../../apps/console/src/parts/commands.ts'
import { curlOf } from '../../apps/console/src/parts/curl.ts'

/**
 * What the console's buttons "Copy as cURL" and "Copy as CLI" give: read by a real shell, by the real command line and by
 * the API's own document; and where the command line asks the API for the same thing, it is the same thing.
 */
const order = { connection: 'shop', entity: 'SalesOrder' as const, id: '24' }
const grace = { id: 'p1', email: 'grace@example.com' }
const parked = { cause: 'c0ffee', flow: 'sales-order-shop-to-erp', ids: ['24', 'guest:~a b'] }
const reason = `It's -- "$HOME" & more`
const rule = {
  name: 'At night',
  active: true,
  events: ['login', 'behind'] as ('login' | 'behind')[],
  flows: [],
  connections: ['erp'],
  channels: ['c1'],
  waitMinutes: 5,
  behind: { minutes: 45, count: null },
  recovery: false,
  digest: { daily: '08:00', zone: 'Europe/Berlin' },
  quiet: { from: '22:00', to: '06:00', zone: 'America/New_York' },
}
const plainRule = { ...rule, flows: ['a'], connections: [], recovery: true, digest: null, quiet: null }
const mail = {
  kind: 'email' as const,
  name: 'The office',
  language: 'de' as const,
  host: 'mail.example.com',
  port: 587,
  secure: 'tls' as const,
  from: 'a@b.example',
  to: ['x@y.example', 'z@y.example'],
}
const hook = { kind: 'webhook' as const, name: 'On call', language: 'en' as const }
const saved = { name: 'shop.SalesOrder', over: 3, why: reason }
const steps = Array.from({ length: 101 }, (_, at) => ({ id: String(at), proof: 'abc' }))

type Program = ReturnType<typeof commandLine>
type Name = keyof typeof commands
/** Every action with a command, as often as it has ways to be said; one without an example does not compile. */
const all: Readonly<Record<Name, readonly commands.Command[]>> = {
  retry: [commands.retry(parked)],
  skip: [commands.skip(parked, reason)],
  answer: [commands.answer({ flow: 'f', id: '24' }, null), commands.answer({ flow: 'f', id: '24' }, 'S0 1')],
  retryMended: [
    commands.retryMended('shop.SalesOrder', [
      { flow: parked.flow, ids: ['24'] },
      { flow: 'f', ids: ['24', '25'] },
    ]),
  ],
  sync: [commands.sync('product-erp-to-shop')],
  plan: [commands.plan('product-erp-to-shop')],
  apply: [commands.apply('product-erp-to-shop', steps)],
  testConnection: [commands.testConnection('erp')],
  pause: [
    commands.pause('flow', 'f', { reason }),
    commands.pause('connection', 'erp', { reason, until: '2026-12-24T18:00:00.000Z' }),
  ],
  resume: [commands.resume('flow', 'f'), commands.resume('connection', 'erp')],
  setCredential: [
    commands.setCredential('erp', 'apiKey', null),
    commands.setCredential('erp', 'apiKey', '2026-12-24T23:59:59.000Z'),
  ],
  reveal: [commands.reveal(order, reason)],
  comment: [commands.comment(order, '--reveal is not meant')],
  correct: [commands.correct(order, [{ path: ['lines', 0, 'sku'], now: 'MUG 2' }], reason)],
  endCorrection: [commands.endCorrection(order, reason)],
  compare: [commands.compare('product-erp-to-shop')],
  heal: [commands.heal('product-erp-to-shop')],
  readSides: [commands.readSides('product-erp-to-shop', 'guest:~a/b')],
  push: [commands.push({ flow: 'product-erp-to-shop', id: '2 4', to: 'shop' }, 'abc')],
  ignoreField: [
    commands.ignoreField({ flow: 'product-erp-to-shop', field: 'name' }, reason),
    commands.ignoreField({ flow: 'product-erp-to-shop', field: 'extra.of it', id: '24' }, reason),
  ],
  saveMapping: [commands.saveMapping(saved, { fields: {}, tables: {} })],
  liveMapping: [commands.liveMapping(saved, 2)],
  addPerson: [commands.addPerson({ email: grace.email, name: 'Grace Hopper', role: 'support' })],
  changeRole: [commands.changeRole(grace, 'admin')],
  letIn: [commands.letIn(grace, true), commands.letIn(grace, false)],
  invitePerson: [commands.invitePerson(grace)],
  endSessionsOf: [commands.endSessionsOf(grace)],
  endSession: [commands.endSession('s1')],
  addApiKey: [
    commands.addApiKey({ name: 'Nagios', rights: ['look', 'operate'], days: 90 }),
    commands.addApiKey({ name: 'Nagios', rights: ['look'] }),
  ],
  revokeApiKey: [commands.revokeApiKey('k1')],
  alertRule: [
    commands.alertRule(null, rule),
    commands.alertRule('r1', rule),
    commands.alertRule(null, plainRule),
    commands.alertRule('r1', plainRule),
    commands.alertRule('r1', { ...plainRule, connections: ['erp'], behind: { minutes: 30, count: 7 } }),
    commands.alertRule('r1', { ...plainRule, flows: [], digest: { minutes: 15 }, active: false }),
  ],
  alertChannel: [
    commands.alertChannel(null, { ...mail, user: 'linchpin', password: 'SECRET' }),
    commands.alertChannel(null, mail),
    commands.alertChannel('c1', mail),
    commands.alertChannel('c1', { ...mail, user: 'other', password: 'SECRET' }),
    commands.alertChannel(null, { ...hook, secretUrl: 'SECRET' }),
    commands.alertChannel(null, { ...hook, secretUrl: 'SECRET', secret: 'SECRET' }),
    commands.alertChannel('c2', hook),
    commands.alertChannel('c2', { ...hook, secret: 'SECRET' }),
    commands.alertChannel('c2', { ...hook, secretUrl: 'SECRET', secret: 'SECRET' }),
    commands.alertChannel('c2', { ...hook, secretUrl: 'SECRET' }),
  ],
  removeAlertRule: [commands.removeAlertRule('r1')],
  removeAlertChannel: [commands.removeAlertChannel('c1')],
  testAlertChannel: [commands.testAlertChannel('c1')],
}
const every = Object.entries(all).flatMap(([name, each]) =>
  each.map(one => [name as Name, one.cli, one] as const),
)

const HERE = { origin: 'https://linchpin.example', hostname: 'linchpin.example' }
const { paths } = openApi('0') as {
  paths: Record<string, Record<string, { operationId: RouteName }> | undefined>
}

test.each(every)('%s by curl is in the document of the API: %s', (_name, _cli, command) => {
  for (const part of curlOf(command, HERE).split(' && ')) {
    const [program, ...rest] = shellWords(part)
    const url = rest.find(each => each.startsWith('https:')) ?? ''
    expect([program, rest.slice(0, 2), rest.at(-2)]).toEqual(['curl', ['-X', 'POST'], '-d'])
    const route = postTo(url.replace('https://linchpin.example/api/v1', ''))
    expect(route.body.safeParse(entered(JSON.parse(rest.at(-1) ?? ''))).error?.issues ?? []).toEqual([])
  }
})

test('on this machine a program needs no key, and elsewhere it has one', () => {
  expect(curlOf(commands.endSession('s1'), { origin: 'http://127.0.0.1:8484', hostname: '127.0.0.1' })).toBe(
    "curl -X POST http://127.0.0.1:8484/api/v1/sessions/s1/end -H 'content-type: application/json' -d '{}'",
  )
  expect(curlOf(commands.endSession('s1'), HERE)).toContain('-H "authorization: Bearer $LINCHPIN_TOKEN"')
})

test('what is done page by page is known, and its curl holds no words that a shell would read', () => {
  for (const each of [commands.sync('f'), commands.plan('f')]) {
    expect(each.byPages).toBe(true)
    expect(curlOf(each, HERE)).toMatch(/'\{"flow":"f"\}'$/)
  }
  expect(commands.compare('f').byPages).toBeUndefined()
})

test.each(every)('%s is understood by the command line: %s', async (_name, cli) => {
  expect(cli).not.toContain('SECRET')
  for (const part of cli.split(' && ')) {
    const program = commandLine()
    let ran = 0
    for (const each of withAll(program))
      each.action(() => void (ran += 1)).configureOutput({ writeErr: () => {} })
    await program.parseAsync(['node', ...shellWords(part)])
    expect(ran).toBe(1)
  }
})

/** These work on the machine's own store or files, or ask for more first. */
const ELSEWHERE = new Set<Name>([
  'setCredential',
  'plan',
  'apply',
  'push',
  'pause',
  'resume',
  'saveMapping',
  'liveMapping',
  // By what holds them, instead of by their cause.
  'retry',
  'skip',
])

afterEach(() => vi.unstubAllGlobals())

test.each(every.filter(([name]) => !ELSEWHERE.has(name)))(
  '%s asks the API for the same as the console: %s',
  async (_name, cli, { path, body }) => {
    const secrets = Object.values(body).filter(value => value === '…').length
    expect(await askedBy(cli, '…\n'.repeat(secrets))).toEqual({ path, body: { ...impliedAt(path), ...body } })
  },
)

/** What the command line says even where it goes without saying: a correction is meant, a comparison mends nothing. */
function impliedAt(path: string): object {
  if (path.endsWith('/correct')) return { dryRun: false }
  return path === '/reconcile' ? { full: false, heal: false } : {}
}

const before = { ...rule, id: 'r1', name: 'Before', flows: ['z'], connections: ['y'], channels: ['c9'] }
const person = { ...grace, name: 'Grace', role: 'viewer', active: true, signsIn: 'password' }
const channel = {
  name: 'Before',
  language: 'fr',
  recipient: 'x',
  mail: null,
  sentAt: null,
  problem: null,
  failedAt: null,
}
/** What the command line asks for first. */
const KNOWN: Readonly<Record<string, unknown>> = {
  '/people': { people: [{ ...person, seenAt: null, createdAt: '2026-11-01T00:00:00.000Z' }] },
  '/alerts/rules/r1': { rule: { ...before, behind: { minutes: 5, count: 3 }, active: true } },
  '/alerts/channels/c1': {
    channel: { ...channel, id: 'c1', kind: 'email', mail: { ...mail, user: 'someone' } },
  },
  '/alerts/channels/c2': { channel: { ...channel, id: 'c2', kind: 'webhook' } },
  '/mappings/shop.SalesOrder/mended': { mended: [{ flow: parked.flow, ids: ['24'] }] },
}

const ENOUGH = { type: 'about:blank', title: 'Enough', status: 400, code: 'enough', detail: 'Enough' }

/** The first thing that a command asks to be done; whatever is secret is entered as '…'. */
async function askedBy(cli: string, secrets: string): Promise<{ path: string; body: object } | null> {
  let asked: { path: string; body: object } | null = null
  vi.stubGlobal('fetch', async (url: string, { method, body }: RequestInit) => {
    const path = url.replace('http://linchpin.test/api/v1', '').replace(/\?$/, '')
    if (method === 'GET') return Response.json(KNOWN[path] ?? {}, { status: path in KNOWN ? 200 : 404 })
    const { who: _who, ...rest } = JSON.parse(body as string) as Record<string, unknown>
    asked ??= { path, body: rest }
    return Response.json(ENOUGH, { status: 400 })
  })
  const restore = enter(secrets)
  const program = commandLine()
  for (const each of withAll(program)) each.configureOutput({ writeErr: () => {} })
  const [, ...words] = shellWords(cli)
  await program.parseAsync(['node', 'linchpin', '--url', 'http://linchpin.test', ...words]).then(
    () => expect.unreachable('Nothing was asked.'),
    (error: Error) => expect(error.message).toBe('Enough'),
  )
  restore()
  return asked
}

function enter(text: string): () => void {
  const real = Object.getOwnPropertyDescriptor(process, 'stdin')
  const stdin = new PassThrough()
  stdin.end(text)
  Object.defineProperty(process, 'stdin', { value: stdin, configurable: true })
  return () => void (real && Object.defineProperty(process, 'stdin', real))
}

function postTo(path: string): Route {
  const found = Object.entries(paths).find(
    ([template, { post } = {}]) =>
      post && new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
  )
  const name = found?.[1]?.['post']?.operationId
  if (name === undefined) throw new Error(`Nothing is posted to ${path}.`)
  return routes[name] as Route
}

/** What stands for a secret, as somebody would write it there. */
const SECRETS: Readonly<Record<string, string>> = {
  secretUrl: 'https://hooks.example/1',
  secret: `whsec_${'A'.repeat(32)}`,
}
const entered = (body: object) =>
  Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, value === '…' ? (SECRETS[name] ?? value) : value]),
  )

const withAll = (program: Program): readonly Program[] => [program, ...program.commands.flatMap(withAll)]

/** As a shell takes a line apart. */
function shellWords(line: string): readonly string[] {
  const text = execFileSync('sh', ['-c', `set -- ${line}\nprintf '%s\\0' "$@"`], { encoding: 'utf8' })
  return text.split('\0').slice(0, -1)
}
