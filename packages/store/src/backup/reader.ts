import { createHash } from 'node:crypto'
import { type Readable, pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { BackupTrouble, type Frame, type Header, type Kind } from './format.ts'

/** Reads a backup piece by piece. Whatever is wrong with it is a BackupTrouble. */
export interface BackupReader {
  header: () => Promise<Header>
  next: () => Promise<Frame>
  /** The sha256 of all before the last frame, once that is read. */
  sumBefore: () => string
}

export function readBackup(input: Readable): BackupReader {
  const source = take(input)
  const hash = createHash('sha256')
  let before = ''
  let last: Buffer = Buffer.alloc(0)
  return {
    async header() {
      last = await source.line()
      return headerFrom(last)
    },
    async next() {
      hash.update(last)
      const head = await source.exactly(5)
      const kind = head.toString('latin1', 0, 1)
      if (kind === 'Z') before = hash.copy().digest('hex')
      const length = head.readUInt32BE(1)
      // COPY comes in pieces of a socket's read, 64 KB: more is not ours.
      if (length > 16 * 1024 * 1024) throw damaged
      const body = await source.exactly(length)
      last = Buffer.concat([head, body])
      return frameFrom(kind, body)
    },
    sumBefore: () => before,
  }
}

const damaged = new BackupTrouble('The backup is damaged or cut short. Use another one; nothing was changed.')
const foreign = new BackupTrouble('This is not a backup that linchpin backup wrote.')

function headerFrom(line: Buffer): Header {
  const header = json<Partial<Header>>(line, foreign)
  if (header?.format !== 'linchpin-backup') throw foreign
  if (header.version !== 1)
    throw new BackupTrouble(
      `The backup has format ${String(header.version)}, and this Linchpin reads 1. Use a newer Linchpin.`,
    )
  return header as Header
}

function frameFrom(kind: string, body: Buffer): Frame {
  if (kind === 'D') return { kind, body }
  if (!['T', 'E', 'Z'].includes(kind)) throw damaged
  return { kind: kind as Exclude<Kind, 'D'>, body: json(body, damaged) } as Frame
}

function json<T>(bytes: Buffer, otherwise: Error): T {
  try {
    return JSON.parse(bytes.toString('utf8')) as T
  } catch {
    throw otherwise
  }
}

function take(input: Readable) {
  const gunzip = createGunzip()
  // Errors wait in gunzip for whoever reads it next; without a listener they would end the process before that.
  gunzip.on('error', () => {})
  pipeline(input, gunzip, () => {})
  const pieces = gunzip[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  const more = async () => {
    const { value, done } = await pieces.next().catch((cause: NodeJS.ErrnoException) => {
      throw readable(cause)
    })
    if (done === true) throw damaged
    held = Buffer.concat([held, value as Buffer])
  }
  const cut = (length: number) => {
    const piece = held.subarray(0, length)
    held = held.subarray(length)
    return piece
  }
  return {
    async line() {
      while (!held.includes(10)) {
        if (held.length > 4 * 1024 * 1024) throw foreign
        await more()
      }
      return cut(held.indexOf(10) + 1)
    },
    async exactly(length: number) {
      while (held.length < length) await more()
      return cut(length)
    },
  }
}

/** zlib's own codes begin with Z_; the rest comes from the disk or the network. */
function readable(cause: NodeJS.ErrnoException): Error {
  if (cause.message === 'incorrect header check') return foreign
  if (cause.code?.startsWith('Z_') === true) return damaged
  return new BackupTrouble(`The backup cannot be read (${cause.code ?? cause.message}).`, { cause })
}
