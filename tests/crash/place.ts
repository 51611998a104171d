import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, open, rm, statfs, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Where everything of a run lies, and the disk that can be filled. */
export interface Place {
  readonly folder: string
  readonly data: string
  readonly logs: string
  /** Why the disk cannot be filled here; null: it can. */
  readonly noDisk: string | null
  /** Until not one byte is left on the disk of the database. */
  readonly fill: () => Promise<void>
  readonly free: () => Promise<void>
  /** Bytes that the database takes. */
  readonly used: () => Promise<number>
  readonly remove: (what: 'all' | 'all but the logs') => Promise<void>
}

/** The database gets a small disk of its own in memory where we may mount one: as root, on Linux. */
export async function makePlace(diskBytes: number): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'linchpin-crash-'))
  const [data, logs] = [join(folder, 'data'), join(folder, 'logs')]
  const disk = join(data, 'postgres')
  await mkdir(disk, { recursive: true, mode: 0o700 })
  await mkdir(logs)
  const noDisk = await mount(disk, diskBytes)
  const ballast = join(disk, 'ballast')
  return {
    folder,
    data,
    logs,
    noDisk,
    fill: () => fill(ballast),
    free: () => unlink(ballast).catch(() => {}),
    async used() {
      const { blocks, bfree, bsize } = await statfs(disk)
      return noDisk === null ? (blocks - bfree) * bsize : 0
    },
    async remove(what) {
      if (noDisk === null) await unmount(disk)
      await rm(what === 'all' ? folder : data, { recursive: true, force: true })
    },
  }
}

async function mount(disk: string, bytes: number): Promise<string | null> {
  if (process.platform !== 'linux') return 'only Linux has a tmpfs'
  if (process.getuid?.() !== 0) return 'only root may mount a tmpfs'
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700`, 'linchpin-crash', disk])
    return null
  } catch (error) {
    return `a tmpfs could not be mounted (${(error as Error).message.trim().split('\n').at(-1)})`
  }
}

/** Those who were killed a moment ago may still be on it: what cannot be unmounted now goes when they are gone. */
async function unmount(disk: string): Promise<void> {
  await run('umount', [disk]).catch(() => run('umount', ['--lazy', disk]))
}

async function fill(path: string): Promise<void> {
  const file = await open(path, 'a')
  try {
    for (let size = 1024 * 1024; size >= 4096;) {
      try {
        if ((await file.write(Buffer.alloc(size))).bytesWritten < size) size /= 2
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
        size /= 2
      }
    }
  } finally {
    await file.close()
  }
}
