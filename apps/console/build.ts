import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { setPriority } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const HOME = dirname(fileURLToPath(import.meta.url))

/**
 * The folder that holds the built console; builds it when none was built from what stands here now. It takes seconds,
 * in a process of its own that yields to everybody else. Throws with the builder's own words.
 */
export async function builtConsole(cache: string): Promise<string> {
  const folder = join(cache, await fingerprint())
  if (existsSync(folder)) return folder
  await mkdir(cache, { recursive: true })
  const fresh = join(cache, `.${process.pid}-${Date.now()}`)
  try {
    await build(fresh)
    // Several nodes may build at once: whoever is first, is served by all.
    await rename(fresh, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  await forgetOthers(cache, folder)
  return folder
}

/** What the console is made of: its own files, those of ours that it imports, and the versions of all others. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256')
  for (const root of ['.', '../../packages/api', '../../packages/model'])
    for (const path of await sourcesOf(join(HOME, root)))
      hash.update(path.slice(HOME.length)).update(await readFile(path))
  return hash.digest('hex').slice(0, 16)
}

async function sourcesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter(
      entry =>
        entry.isFile() && !entry.parentPath.includes('node_modules') && !/\.test\.\w+$/.test(entry.name),
    )
    .map(entry => join(entry.parentPath, entry.name))
    .toSorted()
}

function build(folder: string): Promise<void> {
  // Whatever this process runs as: a console for developers would be half as large again.
  const env = { ...process.env, NODE_ENV: 'production' }
  const child = fork(join(HOME, 'builder.js'), [folder], {
    cwd: HOME,
    env,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  if (child.pid !== undefined) setPriority(child.pid, LOWEST)
  let words = ''
  child.stderr?.on('data', chunk => (words += String(chunk)))
  return new Promise((done, failed) => {
    child.once('error', failed)
    child.once('exit', code =>
      code === 0 ? done() : failed(new Error(`The console could not be built: ${words.trim()}`)),
    )
  })
}

/** It must not keep orders waiting. */
const LOWEST = 19

/** Older consoles, and what was left of one whose process was killed while it built; nobody builds for an hour. */
async function forgetOthers(cache: string, kept: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const begun = /^\.\d+-(\d+)$/.exec(name)?.[1]
    const isOld = begun === undefined ? /^[0-9a-f]{16}$/.test(name) : Number(begun) < Date.now() - HOUR_MS
    if (isOld && join(cache, name) !== kept) await rm(join(cache, name), { recursive: true, force: true })
  }
}

const HOUR_MS = 3_600_000
