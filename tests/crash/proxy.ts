import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type NetConnectOpts, type Socket } from 'node:net'

/** A wire that can be cut: every byte between a node and a system goes through one. */
export interface Wire {
  readonly name: string
  readonly port: number
  /** Drops every connection that is open, at once. Answers how many. */
  readonly cut: () => number
  /** After so many bytes of answers from now on, once: drops the connection that brings the next ones, with them. */
  readonly cutAfter: (bytes: number) => void
  /** How often that was done. */
  readonly cuts: () => number
  /** From now on requests arrive, and the first byte of an answer ends the connection instead of being handed on. */
  readonly mute: () => void
  /** Answers come through again. Answers how many were swallowed. */
  readonly unmute: () => number
  readonly close: () => Promise<void>
}

/** `targets` says where to, best first; who does not answer is passed over, as a load balancer would. */
export async function openWire(
  name: string,
  targets: () => readonly NetConnectOpts[],
  host = '127.0.0.1',
): Promise<Wire> {
  const open = new Set<Socket>()
  let isMute = false
  let swallowed = 0
  let cuts = 0
  let left = Infinity
  const server = createServer({ noDelay: true }, client => {
    open.add(client)
    client.on('error', () => {})
    client.once('close', () => open.delete(client))
    reach(targets(), client, far => {
      client.on('data', chunk => pass(client, far, chunk))
      far.on('data', chunk => {
        left -= chunk.length
        if (left < 0) {
          left = Infinity
          cuts += 1
          return void client.destroy()
        }
        if (!isMute) return pass(far, client, chunk)
        swallowed += 1
        client.destroy()
      })
      far.once('close', () => client.destroy())
      client.once('close', () => far.destroy())
      client.resume()
    })
  })
  server.listen(0, host)
  await once(server, 'listening')
  const cut = () => {
    const count = open.size
    for (const socket of open) socket.destroy()
    return count
  }
  return {
    name,
    port: (server.address() as AddressInfo).port,
    cut,
    cutAfter: bytes => void (left = bytes),
    cuts: () => cuts,
    mute: () => void (isMute = true),
    unmute() {
      const count = swallowed
      isMute = false
      swallowed = 0
      return count
    },
    async close() {
      server.close()
      cut()
      if (server.listening) await once(server, 'close')
    },
  }
}

function reach(targets: readonly NetConnectOpts[], client: Socket, reached: (far: Socket) => void): void {
  const [target, ...others] = targets
  client.pause()
  if (!target || client.destroyed) return void client.destroy()
  const far = connect(target)
  const failed = () => reach(others, client, reached)
  far.once('error', failed)
  far.once('connect', () => {
    far.off('error', failed)
    far.on('error', () => {})
    far.setNoDelay(true)
    if (client.destroyed) far.destroy()
    else reached(far)
  })
}

function pass(from: Socket, to: Socket, chunk: Buffer): void {
  if (to.write(chunk)) return
  from.pause()
  to.once('drain', () => from.resume())
}
