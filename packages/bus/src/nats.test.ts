import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { Bus } from './bus.ts'
import { openNats } from './nats.ts'

let bus: Bus | null = null
let server: Server | null = null
afterEach(async () => {
  await bus?.close()
  server?.close()
  bus = server = null
})

const openAt = (port: number) =>
  openNats({ servers: [`nats://127.0.0.1:${port}`], replicas: 1, name: 'a test' })

/** A server that lets everybody in, and then answers nothing. */
async function listen(port = 0): Promise<{ readonly port: number; readonly reached: Promise<unknown> }> {
  const opened = createServer(socket => {
    socket.on('error', () => {})
    socket.write('INFO {"server_id":"a","version":"2.10.0","max_payload":1048576,"headers":true}\r\n')
    socket.on('data', data => {
      if (data.includes('PING')) socket.write('PONG\r\n')
    })
  })
  server = opened
  opened.listen(port, '127.0.0.1')
  await once(opened, 'listening')
  return { port: (opened.address() as AddressInfo).port, reached: once(opened, 'connection') }
}

test('a bus that is away at the start says so, and whoever asks next tries again', async () => {
  const { port } = await listen()
  server?.close()
  bus = openAt(port)
  await expect(bus.lastNote('a')).rejects.toThrow(/refused/i)
  const { reached } = await listen(port)
  const asked = expect(bus.lastNote('a')).rejects.toThrow('closed')
  await reached
  await bus.close()
  await asked
})

test('when it is closed, nobody waits for it any more, nor does the close', async () => {
  const { port, reached } = await listen()
  bus = openAt(port)
  const asked = [
    bus.lastNote('a'),
    bus.subscribe({ name: 'a', filter: 'a' }, async () => {}),
    bus.ring('a', 'b'),
  ]
  const all = Promise.all(asked.map(each => expect(each).rejects.toThrow('closed')))
  await reached
  await bus.close()
  await all
  await expect(bus.publish([])).rejects.toThrow('closed')
})
