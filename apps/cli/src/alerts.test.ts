import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRig, type Rig } from '@linchpin/server/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run, spawned, type Ran } from './testing/run.ts'

let rig: Rig
let hooks: Server
let hook = ''
let folder: string
const came: string[] = []
const linchpin = (...args: string[]): Promise<Ran> => run([...args, '--url', rig.url], { folder })
const entering = (input: string, ...args: string[]) =>
  spawned([...args, '--url', rig.url, '--json'], { folder, input })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'linchpin-cli-alerts-'))
  rig = await openRig({ config: { alerts: { allowPrivate: ['127.0.0.1'] } } })
  hooks = createServer((request, response) => {
    came.push(request.url ?? '')
    request.resume()
    response.end()
  })
  await new Promise<void>(resolve => hooks.listen(0, '127.0.0.1', resolve))
  hook = `http://127.0.0.1:${(hooks.address() as AddressInfo).port}/hook`
})
afterAll(async () => {
  hooks.close()
  await rig.close()
  rmSync(folder, { recursive: true })
})

test('channels and rules are made, tried, changed and deleted; addresses are entered and never shown', async () => {
  expect((await linchpin('alerts', 'list')).out).toContain('Make a channel first')
  const made = await entering(`${hook}\n`, 'alerts', 'channel', 'add', 'webhook', 'On call')
  const { channel, secret } = made.data() as { channel: { id: string }; secret: string }
  expect(secret).toMatch(/^whsec_/)
  expect(made.out).not.toContain('/hook')
  expect((await linchpin('alerts', 'test', channel.id)).out).toBe('It was sent.\n')
  expect(came).toEqual(['/hook'])
  await entering(`${hook}/other`, 'alerts', 'channel', 'change', channel.id, '--enter', '--name', 'At night')
  await linchpin('alerts', 'test', channel.id)
  expect(came).toEqual(['/hook', '/hook/other'])
  const asked = ['--event', 'parked', 'login', '--channel', channel.id, '--quiet', '22:00-07:00']
  const rule = await linchpin(
    'alerts',
    'rule',
    'add',
    'Nights',
    ...asked,
    '--zone',
    'Europe/Berlin',
    '--digest',
    '60',
    '--json',
  )
  const { id } = (rule.data() as { rule: { id: string } }).rule
  const list = await linchpin('alerts', 'list')
  expect(list.out).toMatch(/At night +webhook +127\.0\.0\.1:\d+ +got through/)
  expect(list.out).toMatch(
    /Nights +parked login +everything +At night +every 60 min, quiet 22:00-07:00 \(Europe/,
  )
  const off = await linchpin('alerts', 'rule', 'change', id, '--off', '--quiet', 'none', '--no-recovery')
  expect([off.err, off.out]).toEqual(['', 'Nights is changed.\n'])
  expect((await linchpin('alerts', 'list', '--json')).data()).toMatchObject({
    rules: [
      { active: false, quiet: null, recovery: false, digest: { minutes: 60 }, events: ['parked', 'login'] },
    ],
  })
  const zoned = await linchpin('alerts', 'rule', 'change', id, '--quiet-zone', 'Europe/Berlin')
  expect(zoned).toMatchObject({ exit: 2, err: expect.stringContaining('no quiet hours') })
  await linchpin('alerts', 'rule', 'change', id, '--on', '--digest', '08:00')
  expect((await linchpin('alerts', 'list', '--json')).data()).toMatchObject({
    rules: [{ active: true, recovery: false, digest: { daily: '08:00' } }],
  })
  const inUse = await linchpin('alerts', 'channel', 'remove', channel.id)
  expect([inUse.exit, inUse.err]).toEqual([1, expect.stringContaining('tells by this channel')])
  expect((await linchpin('alerts', 'rule', 'remove', id)).out).toBe('It is deleted.\n')
  expect((await linchpin('alerts', 'channel', 'remove', channel.id)).out).toBe('It is deleted.\n')
  expect((await linchpin('alerts', 'sent')).out).toMatch(/\(a test\) +At night +127\.0\.0\.1:\d+ +sent/)
})

test('what is missing or makes no sense is told so', async () => {
  const mail = await linchpin('alerts', 'channel', 'add', 'email', 'Office', '--to', 'ops@example.com')
  expect([mail.exit, mail.err]).toEqual([2, expect.stringContaining('say --host, --from and --to')])
  const empty = await entering('', 'alerts', 'channel', 'add', 'slack', 'Ops')
  expect([empty.exit, empty.out]).toEqual([2, expect.stringContaining('Nothing was entered')])
  const event = await linchpin('alerts', 'rule', 'add', 'x', '--event', 'weather', '--channel', 'x')
  expect([event.exit, event.err]).toEqual([2, expect.stringContaining('expiring')])
  const quiet = await linchpin(
    'alerts',
    'rule',
    'add',
    'x',
    '--event',
    'run',
    '--channel',
    'x',
    '--quiet',
    'night',
  )
  expect([quiet.exit, quiet.err]).toEqual([2, expect.stringContaining('22:00-07:00')])
  const nobody = await linchpin('alerts', 'test', 'nobody')
  expect([nobody.exit, nobody.err]).toEqual([1, expect.stringContaining('no channel with the id nobody')])
})
