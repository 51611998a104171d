import { chmod, lstat, mkdir, readFile, readdir, realpath, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Account, accountFor, founderFor, giveTo } from './account.ts'
import type { Binaries } from './binaries.ts'
import { findBinaries } from './binaries.ts'
import { alive } from './process.ts'
import { run } from './run.ts'
import { DatabaseTrouble, explain } from './trouble.ts'

/** Where a database lives and who runs it. */
export interface Place {
  dataDir: string
  /** PostgreSQL's own data directory; its socket is in it too, so whoever reaches the socket reaches this cluster. */
  cluster: string
  logFile: string
  account: Account
  binaries: Binaries
}

/** Superuser and database have the same name. */
export const databaseName = 'linchpin'

const major = '18'

/** Finds the cluster of a data folder, and makes it if there is none. */
export async function prepareCluster(wanted: string, caches?: string[]): Promise<Place> {
  const dataDir = await makeFolder(wanted)
  const cluster = join(dataDir, 'pg')
  const account = await accountFor(cluster)
  const binaries = await findBinaries(dataDir, account, caches)
  const place = { dataDir, cluster, logFile: join(dataDir, 'postgres.log'), account, binaries }
  if (!(await exists(cluster))) await create(place)
  await checkVersion(cluster)
  // A folder copied or chown'ed by root: hand it back.
  if (account.uid !== undefined && (await lstat(cluster)).uid === 0) await giveTo(account, cluster)
  return place
}

/**
 * How PostgreSQL is told its data directory. As root on Linux it starts inside the directory and calls it
 * /proc/self/cwd, because its account may not be able to pass the folders above (root's home has mode 700).
 */
export function dataDirectory(place: Pick<Place, 'account'>, folder: string): string {
  return place.account.uid !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : folder
}

async function makeFolder(wanted: string): Promise<string> {
  if (process.platform === 'win32')
    throw new DatabaseTrouble(
      'The embedded PostgreSQL runs on Linux and macOS only. On Windows set DATABASE_URL to a PostgreSQL of your own.',
    )
  try {
    await mkdir(wanted, { recursive: true, mode: 0o700 })
    return await realpath(wanted)
  } catch (cause) {
    throw new DatabaseTrouble(
      `The data folder ${wanted} cannot be made (${(cause as NodeJS.ErrnoException).code}). Choose another, or give this user the right to write in ${dirname(wanted)}.`,
      { cause },
    )
  }
}

/** Made aside and renamed when whole, so that a crash midway leaves no half cluster that looks like a real one. */
async function create(place: Place): Promise<void> {
  await sweepLeftovers(place.dataDir)
  const staging = join(place.dataDir, `pg.new-${process.pid}`)
  const founder = await founderFor(place.account)
  try {
    await mkdir(staging, { mode: 0o700 })
    await chmod(staging, 0o700)
    await giveTo(founder, staging)
    const directory = dataDirectory(place, staging)
    const { code, output } = await run(place.binaries.initdb, ['-D', directory, ...initdbOptions], {
      account: founder,
      cwd: staging,
    })
    if (code !== 0) throw explain('PostgreSQL could not make its data folder', output)
    await giveTo(place.account, staging)
    await rename(staging, place.cluster)
  } catch (error) {
    await rm(staging, { recursive: true, force: true })
    // Another process was faster, and its cluster is as good.
    if (!(await exists(place.cluster))) throw error
  }
}

const initdbOptions = [
  `--username=${databaseName}`,
  // Trust is for the socket only: it lies in a folder of mode 700, and nothing listens on the network.
  '--auth-local=trust',
  '--auth-host=reject',
  '--data-checksums',
  '--encoding=UTF8',
  // PostgreSQL's own collation: an upgrade of the system's locales can then not break our indexes.
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
]

async function sweepLeftovers(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const pid = Number(/^pg\.new-(\d+)$/.exec(name)?.[1] ?? NaN)
    if (Number.isNaN(pid) || (pid !== process.pid && alive(pid))) continue
    await rm(join(dataDir, name), { recursive: true, force: true })
  }
}

async function checkVersion(cluster: string): Promise<void> {
  const version = (await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim()
  if (version === major) return
  throw new DatabaseTrouble(
    version === ''
      ? `${cluster} is not a PostgreSQL data folder. Choose another data folder, or move this one away.`
      : `The data in ${cluster} was written by PostgreSQL ${version}, and this Linchpin brings ${major}. Back up with the Linchpin that wrote it, and restore here.`,
  )
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null
}
