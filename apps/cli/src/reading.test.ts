import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@linchpin/api'
import { openRig, type Rig } from '@linchpin/server/testing'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { run } from './testing/run.ts'

/** More than two pages of a source. */
const MANY = 210
const FLOW = 'product-erp-to-shop'
const SINCE = '2020-01-01T00:00:00Z'
let rig: Rig
let folder: string
let all = 0
const linchpin = (...args: string[]) => run([...args, '--url', rig.url], { folder })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'linchpin-reading-'))
  rig = await openRig()
  const client = createClient({ url: rig.url, fetch })
  for (const { name, entity } of (await client.status({})).flows)
    if (entity !== 'SalesOrder') await client.pauseFlow({ name, reason: 'Nothing is to be delivered here.' })
  const { orm } = rig.erp
  orm.transaction(() => {
    for (let number = 1; number <= MANY; number++)
      orm.create('product.product', { name: `Cup ${number}`, default_code: `CUP-${number}`, lst_price: 1 })
  })
  all = orm.all('product.product').length
})
afterAll(async () => {
  await rig.close()
  rmSync(folder, { recursive: true })
})
afterEach(() => vi.unstubAllGlobals())

/** What a command posts there, and what is done when the first answer has come; the line is cut after some of them. */
function watched(
  path: string,
  { then = () => {}, most = Infinity }: { then?: () => void; most?: number } = {},
) {
  const [bodies, real] = [[] as object[], fetch]
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (!url.endsWith(path)) return real(url, init)
    if (bodies.length === most) throw new Error('The line went dead.')
    const response = await real(url, init)
    bodies.push(JSON.parse(init.body as string) as object)
    if (bodies.length === 1) then()
    return response
  })
  return { bodies }
}

test.each([
  ['sync', '/sync', [FLOW], 'read'],
  ['replay', `/flows/${FLOW}/replay`, [FLOW, '--since', SINCE], 'records'],
] as const)(
  '%s reads a source page by page, and is one thing in the audit log',
  async (name, path, words, count) => {
    const { bodies } = watched(path)
    const { exit, data } = await linchpin(name, ...words, '--no-wait', '--json')
    expect([exit, data()]).toEqual([0, expect.objectContaining({ [count]: all, next: null })])
    expect(bodies.length).toBeGreaterThan(2)
    const { entries } = await createClient({ url: rig.url, fetch }).audit({ what: name })
    expect(entries).toMatchObject([{ input: { cursor: null }, outcome: 'done' }])
  },
)

test('Ctrl-C ends it after a page, with what was owed so far, and tells how to go on with the rest', async () => {
  const whole = watched('/sync')
  await linchpin('sync', FLOW, '--no-wait')
  vi.unstubAllGlobals()
  const first = watched('/sync', { then: () => process.emit('SIGINT') })
  const stopped = await linchpin('sync', FLOW, '--no-wait', '--json')
  const { read, owed, next } = stopped.data() as { read: number; owed: number; next: string }
  expect([stopped.exit, first.bodies.length]).toEqual([3, 1])
  expect([read, owed]).toEqual([100, expect.any(Number)])
  const words = `Stopped: 100 records read, ${owed} deliveries owed so far. To go on: linchpin sync ${FLOW} --from ${next}`
  expect(stopped.err).toContain(words)
  const rest = await linchpin('sync', FLOW, '--no-wait', '--json', '--from', next)
  expect([rest.exit, rest.data()]).toEqual([0, expect.objectContaining({ next: null })])
  expect(first.bodies).toHaveLength(whole.bodies.length)
  // What is said then is heard by whom it always was.
  expect(process.listenerCount('SIGINT')).toBe(0)
})

test('whoever is cut off in the middle is told how to go on; a place that was made up is refused', async () => {
  watched('/sync', { most: 1 })
  const { exit, err } = await linchpin('sync', FLOW, '--no-wait')
  expect(exit).toBe(4)
  expect(err).toMatch(/Stopped: 100 records read, \d+ deliveries owed so far\. To go on: .* --from \S+\n/)
  vi.unstubAllGlobals()
  const refused = await linchpin('sync', FLOW, '--from', 'x')
  expect(refused).toMatchObject({ exit: 2, err: expect.stringMatching(/^The cursor is none/) })
})
