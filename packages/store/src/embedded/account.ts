import { chown, lchown, lstat, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseTrouble } from './trouble.ts'

/** Who runs PostgreSQL: nothing to say for a plain user, an unprivileged uid and gid when we are root. */
export type Account = { uid: number; gid: number } | Record<string, never>

/**
 * PostgreSQL refuses root. An account named `linchpin` is used where there is one. Otherwise this number, which needs no
 * account: it is in the range that systemd (systemd.io/UIDS-GIDS) and Debian both leave unused, and below 65536, so it
 * exists in a container's user map too. `nobody` would share our data with every other program that runs as nobody.
 */
const unusedId = 61_077

/** Who runs the server: whoever owns the cluster already, or else the account chosen for it. */
export async function accountFor(cluster: string): Promise<Account> {
  const owner = await lstat(cluster).catch(() => null)
  if (process.getuid?.() !== 0) {
    if (owner !== null && owner.uid !== process.getuid?.())
      throw new DatabaseTrouble(
        `The database in ${cluster} belongs to user number ${owner.uid}, and Linchpin runs as number ${process.getuid?.()}. Run it as that user or as root, or choose another data folder.`,
      )
    return {}
  }
  if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  return (await named('linchpin')) ?? { uid: unusedId, gid: unusedId }
}

/** initdb insists on an account with a name, so a nameless one lets `nobody` make the files and then takes them over. */
export async function founderFor(account: Account): Promise<Account> {
  if (account.uid === undefined || (await passwd()).some(([, , uid]) => Number(uid) === account.uid))
    return account
  const nobody = await named('nobody')
  if (nobody !== null) return nobody
  throw new DatabaseTrouble(
    'Linchpin runs as root, and PostgreSQL refuses root, but there is no account `nobody` to make its files. Run Linchpin as a plain user, or add an account named linchpin.',
  )
}

/** Gives a folder and all in it to the account. Links are never followed. */
export async function giveTo(account: Account, path: string): Promise<void> {
  if (account.uid === undefined) return
  const { uid, gid } = account as { uid: number; gid: number }
  const entry = await lstat(path)
  if (entry.isDirectory()) {
    for (const name of await readdir(path)) await giveTo(account, join(path, name))
    await chown(path, uid, gid)
  } else await lchown(path, uid, gid)
}

async function named(name: string): Promise<Account | null> {
  const entry = (await passwd()).find(([account]) => account === name)
  return entry === undefined ? null : { uid: Number(entry[2]), gid: Number(entry[3]) }
}

async function passwd(): Promise<string[][]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '')
  return text.split('\n').map(line => line.split(':'))
}
