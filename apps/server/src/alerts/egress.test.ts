import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEgress, type Egress } from './egress.ts'

/** It counts who comes in, and answers as it is told. */
let server: Server
let port = 0
let came = 0
let answer = { status: 200, headers: {} as Record<string, string> }
beforeAll(async () => {
  server = createServer((_request, response) => {
    came += 1
    response.writeHead(answer.status, answer.headers).end('whatever')
  })
  server.on('connection', () => (came += 1))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => void server.close())

const names: Record<string, readonly string[]> = {
  'localhost.': ['127.0.0.1'],
  'inside.example': ['10.1.2.3'],
  'mixed.example': ['93.184.216.34', '10.1.2.3'],
  'metadata.example': ['169.254.169.254'],
  'v6.example': ['::1'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'nat64.example': ['64:ff9b::7f00:1'],
  '6to4.example': ['2002:7f00:1::'],
  'ula.example': ['fd00::1'],
  'cgnat.example': ['100.64.0.1'],
  'public.example': ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'],
}
const lookup = async (host: string) => (names[host] ?? []).map(address => ({ address }))
const warned: unknown[] = []
const log = { warn: (facts: object) => void warned.push(facts) }
const strict = createEgress({ allowPrivate: [], log }, lookup)
const post = (egress: Egress, host: string) => egress.post(`http://${host}:${port}/`, {}, '{}')

test('no address of this machine or of its network is spoken to, however it is written', async () => {
  const written = ['127.0.0.1', '127.1', '2130706433', '0x7f.1', '0177.0.0.1', '0.0.0.0', '[::1]', '[::]']
  const odd = ['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]', '10.0.0.1', '192.168.1.1']
  const more = ['172.16.0.1', '169.254.169.254', '100.64.0.1', '224.0.0.1', '255.255.255.255', '[fe80::1]']
  came = 0
  for (const host of [...written, ...odd, ...more])
    await expect(post(strict, host), host).rejects.toThrow('no public address')
  expect(came).toBe(0)
})

test('no name that stands for such an address is spoken to, also when another of its addresses is public', async () => {
  came = 0
  for (const host of Object.keys(names).filter(name => name !== 'public.example'))
    await expect(post(strict, host), host).rejects.toThrow('no public address')
  expect(came).toBe(0)
  await expect(post(strict, 'nowhere.example')).rejects.toThrow('No address is known for nowhere.example.')
  expect(await strict.addressesOf('public.example')).toEqual(names['public.example'])
})

test('what a name stands for in this network is written to the log, and told to nobody who makes channels', async () => {
  warned.length = 0
  const told = await strict.addressesOf('inside.example').catch((error: unknown) => String(error))
  expect(told).toContain('inside.example is no public address')
  expect(told).not.toContain('10.1.2.3')
  expect(warned).toEqual([{ host: 'inside.example', address: '10.1.2.3' }])
})

test('what is allowed is spoken to, at the address that was looked at, and nothing beside it', async () => {
  const own = createEgress({ allowPrivate: ['127.0.0.0/8', '10.1.2.3', 'fd00::/8'], log }, async host =>
    host === 'mail.example' ? [{ address: '127.0.0.1' }] : lookup(host),
  )
  answer = { status: 204, headers: {} }
  await post(own, 'mail.example')
  expect(await own.addressesOf('inside.example')).toEqual(['10.1.2.3'])
  expect(await own.addressesOf('ula.example')).toEqual(['fd00::1'])
  await expect(own.addressesOf('10.1.2.4')).rejects.toThrow('no public address')
})

test('a name that stands for another address a moment later is still spoken to at the first', async () => {
  let asked = 0
  const turning = createEgress({ allowPrivate: ['127.0.0.1'], log }, async () => {
    asked += 1
    return [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.2' }]
  })
  await post(turning, 'turning.example')
  expect(asked).toBe(1)
  await expect(post(turning, 'turning.example')).rejects.toThrow('turning.example is no public address')
})

test('nobody is followed elsewhere, and what failed is told without the address of the hook', async () => {
  const local = createEgress({ allowPrivate: ['127.0.0.1'], log })
  const failing = async (status: number, headers = {}) => {
    answer = { status, headers }
    const url = `http://127.0.0.1:${port}/services/T000/SECRET`
    return local.post(url, {}, '{}').then(
      () => null,
      (error: unknown) => error,
    )
  }
  came = 0
  const moved = await failing(302, { location: `http://127.0.0.1:${port}/other` })
  expect(moved).toMatchObject({ message: expect.stringContaining('we do not follow'), isFinal: false })
  expect(came).toBe(2)
  expect(await failing(503)).toMatchObject({ message: `127.0.0.1:${port} answered 503.`, isFinal: false })
  expect(await failing(429, { 'retry-after': '7' })).toMatchObject({ retryAfterMs: 7000 })
  expect(await failing(410)).toMatchObject({ isFinal: true })
  const dead = createEgress({ allowPrivate: ['127.0.0.1'], log })
  await expect(dead.post('http://127.0.0.1:1/SECRET', {}, '{}')).rejects.toThrow(
    /^127\.0\.0\.1:1 did not answer( \([A-Z_]+\))?\.$/,
  )
})
