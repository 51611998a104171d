import { setMaxListeners } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Problem } from '@linchpin/connector'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from './config/read.ts'
import { hostsNamed } from './config/resolve.ts'
import { realWorld } from './world.ts'

/** One that is named, and one beside it that counts who comes in and must never count any. */
let named: Server
let trap: Server
let came = 0
const portOf = (server: Server) => (server.address() as AddressInfo).port
beforeAll(async () => {
  trap = createServer((_request, response) => void response.end('not for you')).on(
    'connection',
    () => (came += 1),
  )
  named = createServer((request, response) => {
    if (request.url === '/never') return
    if (request.url === '/moved')
      response.writeHead(302, { location: `http://127.0.0.1:${portOf(trap)}/` }).end()
    else response.end('hello')
  })
  for (const server of [named, trap])
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() =>
  [named, trap].forEach(server => {
    server.closeAllConnections()
    server.close()
  }),
)

const names: Record<string, string> = { 'inside.example': '127.0.0.1', 'metadata.example': '169.254.169.254' }
const lookup = async (host: string) => (names[host] === undefined ? [] : [{ address: names[host] }])
const world = () => {
  const hosts = new Set([`127.0.0.1:${portOf(named)}`])
  return realWorld(pino({ level: 'silent' }), () => 0, hosts, lookup)
}
const get = (url: string) => world().fetch(url, {}, 5_000)

test('what the configuration names is spoken to wherever it is, at this very port', async () => {
  expect(await (await get(`http://127.0.0.1:${portOf(named)}/`)).text()).toBe('hello')
})

test('no other private address is spoken to, as a number or as a name, and it is said why', async () => {
  const port = portOf(trap)
  for (const host of [
    '127.0.0.1',
    '2130706433',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '10.0.0.1',
    'inside.example',
    'metadata.example',
  ]) {
    const refused = await get(`http://${host}:${port}/`).catch((error: unknown) => error)
    expect(refused, host).toBeInstanceOf(Problem)
    expect(refused, host).toMatchObject({
      kind: 'settings',
      message: expect.stringContaining('is no public address'),
    })
  }
  await expect(get(`http://nowhere.example:${port}/`)).rejects.toThrow('fetch failed')
  expect(came).toBe(0)
})

test('nobody who is named sends us on to one who is not', async () => {
  expect((await get(`http://127.0.0.1:${portOf(named)}/moved`)).status).toBe(302)
  expect(came).toBe(0)
})

test('who is told to stop waits no longer, not even for a connection', async () => {
  const many = world()
  const url = `http://127.0.0.1:${portOf(named)}`
  const stop = new AbortController()
  setMaxListeners(0, stop.signal)
  // All that may be open at once, and one that waits for its turn.
  const asked = Array.from({ length: 65 }, () =>
    many.fetch(`${url}/never`, { signal: stop.signal }, 60_000).catch((error: unknown) => error),
  )
  stop.abort()
  for (const error of await Promise.all(asked)) expect(error).toMatchObject({ message: 'fetch failed' })
  await expect(many.fetch(url, { signal: stop.signal }, 60_000)).rejects.toThrow('fetch failed')
})

test('named is what stands in the file or its environment, and nothing that somebody entered since', () => {
  const settings = {
    url: { secret: 'SHOP_URL' },
    backup: { url: 'http://192.168.1.7/admin' },
    old: { env: 'OLD_URL' },
    apiKey: 'not an address',
  }
  const config = readConfig('a test', { connections: { shop: { connector: 'any', settings } }, flows: [] })
  expect([...hostsNamed(config, {})]).toEqual(['192.168.1.7'])
  const environment = { SHOP_URL: 'https://Shop.Example:8443/', OLD_URL: 'http://10.0.0.5:80' }
  expect([...hostsNamed(config, environment)]).toEqual(['shop.example:8443', '192.168.1.7', '10.0.0.5'])
})
