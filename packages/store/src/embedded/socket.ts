import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Socket {
  /** A path to the folder of the socket that is short enough for the kernel. */
  folder: string
  remove: () => Promise<void>
}

/** sun_path holds 108 bytes on Linux and 104 on macOS, with the end mark; the file's own name takes some. */
const longest = 103 - '/.s.PGSQL.5432'.length

/** The folder itself, or if its path is too long a link to it in a private folder, for this process and its children. */
export async function shortSocket(folder: string): Promise<Socket> {
  if (Buffer.byteLength(folder) <= longest) return { folder, remove: async () => {} }
  const home = await mkdtemp(join(tmpdir(), 'linchpin-'))
  const link = join(home, 'pg')
  await symlink(folder, link)
  return { folder: link, remove: () => rm(home, { recursive: true, force: true }) }
}
