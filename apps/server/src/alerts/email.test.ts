import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { sendMail } from './email.ts'
import { letterOf } from './letter.ts'

test('a mail server that takes for ever is left when time is up, whatever step it is at', async () => {
  const ending = new AbortController()
  let leave = () => {}
  const left = new Promise<void>(resolve => (leave = resolve))
  // It greets, and then says the first half of an answer for as long as anybody listens: no step is ever idle.
  const server = createServer(socket => {
    const more = setInterval(() => socket.write('250-slow\r\n'), 100)
    socket
      .on('error', () => {})
      .on('close', () => {
        clearInterval(more)
        leave()
      })
    socket.write('220 slow.example\r\n')
    socket.on('data', () => ending.abort())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const settings = {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    secure: 'none',
    user: null,
    from: 'linchpin@example.com',
    to: ['ops@example.com'],
  }
  const letter = letterOf({ items: [], ruleName: null }, { language: 'en', publicUrl: '' })
  const mail = { message: { id: 'msg_1' }, letter, settings, password: null }
  const egress = { addressesOf: async (host: string) => [host] }
  await expect(sendMail(mail, egress, ending.signal)).rejects.toThrow(
    '127.0.0.1 did not take the mail in time.',
  )
  await left
  server.close()
})
