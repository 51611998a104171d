import { setTimeout as sleep } from 'node:timers/promises'
import { type Place, databaseName, prepareCluster } from './cluster.ts'
import { type Membership, enter, leave, makeDatabase } from './membership.ts'
import { type Postmaster, startPostmaster, stopPostmaster } from './postmaster.ts'
import { holderOf, mayHold } from './process.ts'
import { type Socket, shortSocket } from './socket.ts'
import { DatabaseTrouble, explain, heldByAnother } from './trouble.ts'

export interface EmbeddedOptions {
  /** Where the database lives; made if it is not there. */
  dataDir: string
  /** Told what the supervisor does, one line each. */
  log: (line: string) => void
  /** How long to wait for the server to answer, in ms. Recovery after a power cut can take a while. */
  readyWithin?: number
  /** Folders to keep the copy of PostgreSQL's programs in, best first. */
  caches?: string[]
}

export interface Embedded {
  /** Understood by pg and psql. It holds no password: the socket can be reached by this user and root only. */
  url: string
  /** True if the server ran already: after a crash of ours, or for another Linchpin on the same folder. */
  adopted: boolean
  /** Like `18.4`. */
  version: string
  /** Stops the server, unless another Linchpin still uses it: the last one to leave stops it. May be called twice. */
  stop: () => Promise<void>
}

/**
 * Opens Linchpin's own PostgreSQL, and starts it if it does not run. While it is open, a server that dies is started
 * again on the same URL.
 * Throws DatabaseTrouble, which says why and what to do.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const place = await prepareCluster(options.dataDir, options.caches)
  const socket = await shortSocket(place.cluster)
  const supervised = { place, socket, log: options.log, readyWithin: options.readyWithin ?? 60_000 }
  try {
    const { member, adopted } = await ensureRunning(supervised)
    const version = await prepare(supervised, member)
    const url = `postgres://${databaseName}@/${databaseName}?host=${encodeURIComponent(socket.folder)}`
    return { url, adopted, version, stop: keepUp(supervised, member) }
  } catch (error) {
    await socket.remove()
    throw error
  }
}

async function prepare(supervised: Supervised, member: Membership): Promise<string> {
  try {
    await makeDatabase(member)
    const { rows } = await member.query<{ server_version: string }>('SHOW server_version')
    return rows[0]?.server_version.split(' ')[0] ?? ''
  } catch (error) {
    await shutDown(supervised, () => member)
    throw error
  }
}

interface Supervised {
  place: Place
  socket: Socket
  log: (line: string) => void
  readyWithin: number
}

/** Adopts the server or starts it. Several processes may do this at once; PostgreSQL's own lock decides whose lives. */
async function ensureRunning(supervised: Supervised): Promise<{ member: Membership; adopted: boolean }> {
  const { place, socket, log, readyWithin } = supervised
  const deadline = performance.now() + readyWithin
  let ours: Postmaster | null = null
  let reason = ''
  while (performance.now() < deadline) {
    const member = await enter(socket.folder, readyWithin)
    if (!('absent' in member)) {
      const adopted = (await holderOf(place.cluster)) !== ours?.pid
      log(adopted ? 'PostgreSQL was running already.' : 'PostgreSQL started.')
      return { member, adopted }
    }
    reason = member.reason
    const output = (await ours?.ended()) ?? null
    if (output !== null) {
      if (!heldByAnother(output)) throw explain('PostgreSQL did not start', output, place.logFile)
      ours = null
      await sleep(200)
    }
    if (member.absent && ours === null) ours = await startUnlessHeld(place)
    await sleep(30)
  }
  throw await tooLate(place, readyWithin, reason)
}

async function startUnlessHeld(place: Place): Promise<Postmaster | null> {
  const holder = await holderOf(place.cluster)
  if (holder !== null && (await mayHold(holder, place.cluster))) return null
  return await startPostmaster(place, holder)
}

async function tooLate(place: Place, waited: number, reason: string): Promise<DatabaseTrouble> {
  const holder = await holderOf(place.cluster)
  return new DatabaseTrouble(
    `PostgreSQL (process ${holder ?? 'unknown'}) did not answer within ${waited / 1000} s (${reason}). It may be recovering after a crash: look at ${place.logFile}, wait and start again. If nothing moves there, end that process with kill -INT and start again.`,
  )
}

/** Watches the connection; answers with the function that stops everything. */
function keepUp(supervised: Supervised, first: Membership): () => Promise<void> {
  let member = first
  let stopped: Promise<void> | null = null
  const watch = () => {
    // Someone who forgot to stop us shall be able to end; the next start adopts the server.
    member.unref()
    member.once('end', () => void (stopped ?? revive()))
  }
  const revive = async () => {
    supervised.log('The connection to PostgreSQL was lost; looking after it.')
    while (stopped === null) {
      try {
        member = (await ensureRunning(supervised)).member
        if (stopped === null) return watch()
        await member.end()
      } catch (error) {
        supervised.log(error instanceof Error ? error.message : String(error))
        await sleep(5_000, undefined, { ref: false })
      }
    }
  }
  watch()
  return () => (stopped ??= shutDown(supervised, () => member))
}

async function shutDown({ place, socket, log }: Supervised, current: () => Membership): Promise<void> {
  const member = current()
  member.ref()
  const last = await leave(member).catch(() => false)
  if (last) await stopPostmaster(place, log)
  else log('PostgreSQL is left running: another Linchpin uses it.')
  await member.end().catch(() => {})
  await socket.remove()
}
