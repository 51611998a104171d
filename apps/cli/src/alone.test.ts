import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSystems, type Systems } from '@linchpin/server/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { run, spawned } from './testing/run.ts'

/** The commands that need no running Linchpin; the systems are look-alikes. */
const CANARY = 'canary-4711-hunter2'
let systems: Systems
let folder: string
beforeAll(async () => void (systems = await openSystems()))
afterAll(() => systems.close())
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'linchpin-alone-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const NOBODY = { LINCHPIN_URL: 'http://127.0.0.1:9' }
const linchpin = (args: readonly string[], environment: Record<string, string> = {}) =>
  run(args, { folder, environment: { ...NOBODY, ...environment } })
const write = (config: object) => writeFileSync(join(folder, 'linchpin.config.json'), JSON.stringify(config))
const withErp = (settings: object) => {
  const { shop, erp } = systems.config.connections
  write({
    ...systems.config,
    connections: { shop, erp: { ...erp, settings: { ...erp.settings, ...settings } } },
  })
}

describe('init', () => {
  test.each(
    ['woocommerce', 'vendure', 'medusa', 'shopify'].flatMap(shop =>
      ['odoo', 'tryton', 'dolibarr', 'metasfresh'].map(erp => [shop, erp] as const),
    ),
  )('writes for %s and %s what is right once the environment is set', async (shop, erp) => {
    const flags = ['--yes', '--shop', shop, '--erp', erp, '--json']
    const done = await linchpin(['init', ...flags])
    expect(done.exit).toBe(0)
    const { environment } = done.data() as { environment: string[] }
    const unset = await linchpin(['config', 'check'])
    expect(unset.exit).toBe(5)
    for (const name of environment) expect(unset.err).toContain(name)
    const values = environment.map(name => [
      name,
      name.endsWith('URL') ? 'https://a.example' : 'x'.repeat(20),
    ])
    const right = await linchpin(['config', 'check'], Object.fromEntries(values) as Record<string, string>)
    expect([right.exit, right.err]).toEqual([0, ''])
    expect(right.out).toContain(`sales-order-shop-to-erp`)
  })

  test('takes settings, numbers as numbers, but no secrets; and overwrites nothing unless told to', async () => {
    const flags = ['init', '--yes', '--shop', 'woocommerce', '--erp', 'odoo']
    const secret = await linchpin([...flags, '--erp-setting', `apiKey=${CANARY}`])
    expect([secret.exit, secret.err]).toEqual([
      2,
      expect.stringContaining('does not belong on a command line'),
    ])
    expect(secret.err).not.toContain(CANARY)
    expect((await linchpin([...flags, '--erp-setting', 'compani=3'])).exit).toBe(2)
    const settings = [
      '--erp-setting',
      'company=3',
      '--erp-setting',
      'database=books',
      '--erp-setting',
      'password',
    ]
    expect((await linchpin([...flags, ...settings])).exit).toBe(0)
    const file = readFileSync(join(folder, 'linchpin.config.ts'), 'utf8')
    for (const line of ['company: 3,', 'database: "books",', "password: secret('ERP_PASSWORD'),"])
      expect(file).toContain(line)
    expect(await linchpin(flags)).toMatchObject({ exit: 2, err: expect.stringContaining('--force') })
    expect((await linchpin([...flags, '--force'])).exit).toBe(0)
    expect((await linchpin(['init', '--yes', '--shop', 'shopware'])).exit).toBe(2)
  })
})

describe('config', () => {
  test('print hides what is secret, check names what is wrong, schema is JSON', async () => {
    withErp({ apiKey: CANARY })
    const printed = await linchpin(['config', 'print'])
    expect(printed.exit).toBe(0)
    expect(printed.out).not.toContain(CANARY)
    withErp({ databas: 'x' })
    const wrong = await linchpin(['config', 'check'])
    expect([wrong.exit, wrong.err]).toEqual([5, expect.stringContaining('Did you mean "database"?')])
    write({ connections: {}, flows: [], http: { host: '0.0.0.0' } })
    const open = await linchpin(['config', 'check'])
    expect([open.exit, open.err]).toEqual([5, expect.stringContaining('Set http.token to a secret')])
    expect((await linchpin(['config', 'schema'])).data()).toHaveProperty('properties.connections')
  })

  test('without one, the words say how to get one', async () => {
    expect(await linchpin(['config', 'check'])).toMatchObject({
      exit: 5,
      err: expect.stringContaining('linchpin init'),
    })
    expect((await linchpin(['start'])).exit).toBe(5)
  })
})

describe('connection test without a running Linchpin', () => {
  test('works from the configuration alone', async () => {
    withErp({})
    expect(await linchpin(['connection', 'test', 'erp'])).toMatchObject({
      exit: 0,
      out: expect.stringContaining('✓ up'),
    })
  })

  test('with wrong credentials is 4, says so, and shows no secret', async () => {
    withErp({ apiKey: CANARY })
    const test = await linchpin(['connection', 'test', 'erp', '--verbose'])
    expect([test.exit, test.out]).toEqual([4, expect.stringMatching(/✗ down[^]*credentials|key|login/i)])
    expect(test.out + test.err).not.toContain(CANARY)
  })

  test('of a name that is not there names the nearest', async () => {
    withErp({})
    expect(await linchpin(['connection', 'test', 'erpp'])).toMatchObject({
      exit: 5,
      err: expect.stringContaining('Did you mean "erp"?'),
    })
  })
})

test('secrets are entered, used, encrypted anew, and never shown; a backup holds everything; doctor sees it all', async () => {
  const { apiKey } = systems.erp.access
  withErp({ apiKey: { secret: 'ERP_API_KEY' } })
  // Nothing was entered yet.
  const missing = await linchpin(['connection', 'test', 'erp'])
  expect([missing.exit, missing.err]).toEqual([5, expect.stringContaining('linchpin secret set erp apiKey')])
  const early = await linchpin(['doctor'])
  expect([early.exit, early.out]).toEqual([5, expect.stringContaining('ERP_API_KEY')])

  const wrong = await spawned(['secret', 'set', 'erp', 'apikey'], { folder, input: apiKey })
  expect([wrong.exit, wrong.err]).toEqual([5, expect.stringContaining('Did you mean "apiKey"?')])
  const empty = await spawned(['secret', 'set', 'erp', 'apiKey'], { folder, input: '\n' })
  expect(empty.exit).toBe(2)
  const set = await spawned(['secret', 'set', 'erp', 'apiKey', '--json'], { folder, input: `${apiKey}\n` })
  expect([set.exit, set.data()]).toEqual([0, { done: true }])
  expect(set.out + set.err).not.toContain(apiKey)
  expect((await linchpin(['connection', 'test', 'erp'])).exit).toBe(0)
  expect((await linchpin(['config', 'check'])).exit).toBe(0)

  // Rotation: sealed by a new key, and still open when the older one is gone.
  const key = () =>
    readFileSync(join(folder, '.linchpin/key'), 'utf8')
      .split('\n')
      .filter(line => /^[^#]/.test(line))
  const [first] = key()
  expect((await linchpin(['key', 'rotate', '--json'])).data()).toEqual({ sealed: 1, key: 'file' })
  expect(key()).toHaveLength(2)
  expect(key()[1]).toBe(first)
  expect((await linchpin(['key', 'rotate', '--drop-older'])).exit).toBe(0)
  expect(key()).toHaveLength(1)
  expect((await linchpin(['connection', 'test', 'erp'])).exit).toBe(0)

  // Backup, an empty database, and back.
  const file = join(folder, 'linchpin.backup')
  const saved = (await linchpin(['backup', file, '--json'])).data() as { rows: number }
  expect(saved.rows).toBeGreaterThan(0)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file).includes(apiKey)).toBe(false)
  expect(await linchpin(['restore', file])).toMatchObject({
    exit: 1,
    err: expect.stringContaining('--force'),
  })
  const restored = await linchpin(['restore', file, '--force', '--json'])
  expect([restored.exit, restored.data()]).toMatchObject([0, { rows: saved.rows }])
  // What was written since the backup is doubted from then on, and the journal says so; likewise when somebody says it.
  const forgotten = () => linchpin(['forgot']).then(({ exit }) => exit)
  expect(await forgotten()).toBe(0)
  expect((await linchpin(['connection', 'test', 'erp'])).exit).toBe(0)
  expect((await linchpin(['restore', join(folder, 'none')])).exit).toBe(2)
  writeFileSync(file, readFileSync(file).subarray(0, -40))
  expect((await linchpin(['restore', file, '--force'])).exit).toBe(1)
  expect((await linchpin(['connection', 'test', 'erp'])).exit).toBe(0)

  const doctor = await linchpin(['doctor'])
  expect([doctor.exit, doctor.out]).toEqual([
    0,
    expect.stringMatching(/✓ database[^]*✓ connection erp: Odoo/),
  ])
}, 300_000)

test('the program runs from any folder, and ends with the status that it means', async () => {
  const bare = await spawned(['--version'], { folder })
  expect([bare.exit, bare.out]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)])
  expect(await spawned(['demo', 'order', '--shop-port', '9'], { folder })).toMatchObject({
    exit: 4,
    err: expect.stringContaining('linchpin demo'),
  })
})
