import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRig, type Rig } from '@linchpin/server/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run, type Ran } from './testing/run.ts'

let rig: Rig
let folder: string
const linchpin = (...args: string[]): Promise<Ran> => run([...args, '--url', rig.url], { folder })
const json = async <Data>(...args: string[]) => (await linchpin(...args, '--json')).data() as Data

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'linchpin-cli-people-'))
  rig = await openRig()
})
afterAll(async () => {
  await rig.close()
  rmSync(folder, { recursive: true })
})

test('on the machine itself the first link is made anew, and people are let in, changed and shut out', async () => {
  expect((await linchpin('people', 'list')).out).toContain('Nobody can sign in yet')
  const first = await linchpin('people', 'set-up')
  expect(first.out).toContain(`${rig.url}/set-up#`)
  const added = await linchpin('people', 'add', 'ada@example.com', '--name', 'Ada', '--role', 'admin')
  expect(added.out).toContain(`${rig.url}/invitation#`)
  expect((await linchpin('people', 'set-up')).err).toContain('Somebody can sign in already')
  expect((await linchpin('people', 'link', 'ADA@example.com')).out).toContain('Hand this to Ada')
  await linchpin('people', 'add', 'bob@example.com', '--name', 'Bob', '--role', 'viewer')
  expect((await linchpin('people', 'change', 'bob@example.com', '--role', 'support')).out).toContain(
    'support',
  )
  expect((await linchpin('people', 'change', 'bob@example.com', '--shut-out')).out).toContain('shut out')
  expect((await linchpin('people', 'list')).out).toMatch(/ada@example\.com +Ada +admin +not yet/)
  expect((await linchpin('people', 'sessions')).out).toContain('Nobody is signed in.')
})

test('who is not there, and what makes no sense, is told so', async () => {
  const nobody = await linchpin('people', 'link', 'nobody@example.com')
  expect([nobody.exit, nobody.err]).toEqual([1, expect.stringContaining('Nobody here has the address')])
  expect((await linchpin('people', 'change', 'ada@example.com')).exit).toBe(2)
  const king = await linchpin('people', 'add', 'x@example.com', '--name', 'X', '--role', 'king')
  expect([king.exit, king.err]).toEqual([2, expect.stringContaining('admin')])
  const last = await linchpin('people', 'change', 'ada@example.com', '--role', 'viewer')
  expect(last.err).toContain('last admin')
})

test('a key is made, is used as the command line’s token, and opens nothing once it is revoked', async () => {
  const { id, key } = await json<{ id: string; key: string }>('keys', 'make', 'nightly', '--right', 'look')
  const withKey = (...args: string[]) =>
    run([...args, '--url', rig.url], { folder, environment: { LINCHPIN_TOKEN: key } })
  expect((await withKey('status')).exit).toBe(0)
  const refused = await withKey('pause', 'price-erp-to-shop')
  expect([refused.exit, refused.err]).toEqual([1, expect.stringContaining('it takes the right "operate"')])
  expect((await linchpin('keys', 'list')).out).toMatch(/nightly +lp_\S+… +look +\d+ s ago +it is revoked/)
  expect((await linchpin('keys', 'revoke', id)).out).toContain('It opens nothing any more.')
  expect((await withKey('status')).exit).toBe(4)
  expect((await linchpin('keys', 'revoke', id)).exit).toBe(1)
})

test('what was done is told, and the log is whole', async () => {
  await linchpin('pause', 'price-erp-to-shop', '--reason', 'stocktaking')
  const paused = await linchpin('audit', '--what', 'pauseFlow', '--limit', '1')
  expect(paused.out).toMatch(/this machine +pauseFlow +done +\{.*stockta/)
  expect((await linchpin('audit', '--who', 'nightly')).out).toMatch(/nightly +pauseFlow +may-not/)
  expect((await linchpin('audit', 'verify')).out).toMatch(/The log is whole: \d+ rows/)
})
