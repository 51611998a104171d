import { spawn } from 'node:child_process'
import { open, rename, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Place, dataDirectory } from './cluster.ts'
import { holderOf, mayHold } from './process.ts'
import { environment } from './run.ts'
import { DatabaseTrouble } from './trouble.ts'

/** A postmaster that we started. */
export interface Postmaster {
  pid: number | undefined
  /** What it has written since it started, once it has ended; null while it runs. */
  ended: () => Promise<string | null>
}

/**
 * Starts a postmaster. `dead` is a process number in postmaster.pid that is proven not to be one: PostgreSQL is told to
 * ignore it, by the variable that pg_ctl uses. So we never delete postmaster.pid, and PostgreSQL still makes sure by the
 * shared memory that no orphan of the old server works on.
 */
export async function startPostmaster(place: Place, dead: number | null): Promise<Postmaster> {
  const { log, from } = await openLog(place.logFile)
  const child = spawn(
    place.binaries.postgres,
    ['-D', dataDirectory(place, place.cluster), ...settings.flatMap(setting => ['-c', setting])],
    {
      ...place.account,
      cwd: place.cluster,
      env: environment(dead === null ? {} : { PG_GRANDPARENT_PID: String(dead) }),
      // A process group of its own: Ctrl-C reaches us, and we stop it when we have finished.
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    },
  )
  let failure: string | null = null
  child.on('error', error => (failure = error.message))
  child.unref()
  await log.close()
  const over = () => failure !== null || child.exitCode !== null || child.signalCode !== null
  return {
    pid: child.pid,
    ended: async () => (over() ? (failure ?? '') + (await readFrom(place.logFile, from)) : null),
  }
}

/**
 * On the command line, so that postgresql.conf cannot take them away. The socket lies in the data directory by a
 * relative path, which is never too long for the kernel (108 bytes).
 */
const settings = [
  'listen_addresses=',
  'unix_socket_directories=.',
  'unix_socket_permissions=0700',
  'port=5432',
  'fsync=on',
  'full_page_writes=on',
  'synchronous_commit=on',
  'cluster_name=linchpin',
  'log_destination=stderr',
  'logging_collector=off',
  'lc_messages=C',
]

/**
 * Ends the postmaster: open transactions are rolled back and everything is written (fast). If that takes more than
 * 30 s, it is made to drop everything (immediate), which loses no committed row.
 */
export async function stopPostmaster(place: Place, log: (line: string) => void): Promise<void> {
  const pid = await holderOf(place.cluster)
  if (pid === null) return
  if (await endedBy(pid, 'SIGINT', 30_000, place.cluster)) return
  log(`PostgreSQL (process ${pid}) did not stop within 30 s; making it stop at once.`)
  if (await endedBy(pid, 'SIGQUIT', 10_000, place.cluster)) return
  throw new DatabaseTrouble(
    `PostgreSQL (process ${pid}) does not stop. Its log is ${place.logFile}. Look whether the disk hangs.`,
  )
}

async function endedBy(
  pid: number,
  signal: NodeJS.Signals,
  within: number,
  cluster: string,
): Promise<boolean> {
  if (!(await mayHold(pid, cluster))) return true
  process.kill(pid, signal)
  for (let waited = 0; waited < within; waited += 20) {
    if ((await holderOf(cluster)) !== pid && !(await mayHold(pid, cluster))) return true
    await sleep(20)
  }
  return false
}

const logLimit = 10 * 1024 * 1024

async function openLog(path: string) {
  const size = await stat(path).then(
    entry => entry.size,
    () => 0,
  )
  if (size > logLimit) await rename(path, `${path}.1`)
  return { log: await open(path, 'a', 0o600), from: size > logLimit ? 0 : size }
}

async function readFrom(path: string, from: number): Promise<string> {
  const file = await open(path, 'r')
  try {
    const size = (await file.stat()).size
    const start = Math.max(from, size - 64 * 1024)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
