import type { Socket } from 'node:net'

/** HTTP/1.1 as small as it can be: the stand-ins at both ends must cost the machine less than what stands between. */
export interface Message {
  readonly head: string
  readonly body: string
}

/** Calls `take` for each whole message that comes over this socket. */
export function messages(socket: Socket, take: (message: Message) => void): void {
  let text = ''
  socket.setNoDelay(true)
  // The messages are ASCII, and latin1 keeps a character a byte, so that lengths in the head count characters.
  socket.setEncoding('latin1')
  socket.on('error', () => {})
  socket.on('data', (piece: string) => {
    text += piece
    for (let end = endOf(text); end !== null; end = endOf(text)) {
      const split = text.indexOf('\r\n\r\n')
      take({ head: text.slice(0, split), body: text.slice(split + 4, end) })
      text = text.slice(end)
    }
  })
}

function endOf(text: string): number | null {
  const split = text.indexOf('\r\n\r\n')
  if (split < 0) return null
  const head = text.slice(0, split)
  const length = /content-length: *(\d+)/i.exec(head)
  if (length) return text.length < split + 4 + Number(length[1]) ? null : split + 4 + Number(length[1])
  if (!/transfer-encoding: *chunked/i.test(head)) return split + 4
  const last = text.indexOf('0\r\n\r\n', split + 4)
  return last < 0 ? null : last + 5
}

export const answer = (body: string) =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`

export const post = (url: URL, body: string, headers = '') =>
  `POST ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`

/** Milliseconds since 1970 with their fractions, alike in all processes of this machine. */
export const now = () => performance.timeOrigin + performance.now()

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
