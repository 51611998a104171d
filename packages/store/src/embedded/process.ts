import { readFile, readlink, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** What PostgreSQL wrote into postmaster.pid: whose process holds the cluster. */
export async function holderOf(cluster: string): Promise<number | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(text.split('\n')[0])
  return Number.isInteger(pid) && pid > 0 ? pid : null
}

/**
 * Whether the process may be the postmaster of this cluster. False only when that is proven: gone, killed but not yet
 * reaped (in a container nobody may ever reap it), another program, or a postmaster that works in another folder.
 */
export async function mayHold(pid: number, cluster: string): Promise<boolean> {
  if (!alive(pid)) return false
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (line === null) return alive(pid)
  const [, command, state] = /^\d+ \((.*)\) (\S)/s.exec(line) ?? []
  if (state === 'Z' || state === 'X' || command !== 'postgres') return false
  const runner = await stat(`/proc/${pid}`).catch(() => null)
  if (runner === null || runner.uid !== (await stat(cluster)).uid) return false
  return (await readlink(`/proc/${pid}/cwd`).catch(() => cluster)) === cluster
}

/** Whether there is such a process, be it ours or not, even one that is dead and not yet reaped. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
