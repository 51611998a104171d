import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SecretTrouble } from './trouble.ts'

/** All keys, newest first: those of the environment, then those of the file. There is at least one. */
export async function readKeys({
  key,
  keyFile,
}: {
  key?: string | undefined
  keyFile: string
}): Promise<Buffer[]> {
  const given = (key ?? '').split(',').filter(text => text.trim() !== '')
  const ours = given.map(text => decode(text, 'LINCHPIN_KEY'))
  if (ours.length === 0 && !(await exists(keyFile))) await createKeyFile(keyFile)
  if (!(await exists(keyFile))) return ours
  return [...ours, ...(await readKeyFile(keyFile))]
}

/** Puts a new key first in the file: it seals from the next start on, and the older ones still open. */
export async function addKey(keyFile: string): Promise<void> {
  const older = await readKeyFile(keyFile)
  const staging = aside(keyFile)
  await write(staging, [randomBytes(32), ...older])
  await rename(staging, keyFile)
}

/** Leaves only the newest key in the file. Do it when nothing is sealed by an older one. */
export async function dropOlderKeys(keyFile: string): Promise<void> {
  const staging = aside(keyFile)
  await write(staging, (await readKeyFile(keyFile)).slice(0, 1))
  await rename(staging, keyFile)
}

/** Linked into place when whole: of two processes that start at once, both then read the one that was first. */
async function createKeyFile(keyFile: string): Promise<void> {
  await mkdir(dirname(keyFile), { recursive: true, mode: 0o700 })
  const staging = aside(keyFile)
  await write(staging, [randomBytes(32)])
  try {
    await link(staging, keyFile)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(staging)
  }
}

async function write(path: string, keys: Buffer[]): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(`${heading}${keys.map(key => `${key.toString('base64')}\n`).join('')}`)
    await file.sync()
  } finally {
    await file.close()
  }
}

function aside(keyFile: string): string {
  return `${keyFile}.new-${randomBytes(6).toString('hex')}`
}

const heading =
  '# Keys that seal the secrets in the database of Linchpin, newest first. Keep a copy, apart from your backups.\n'

async function readKeyFile(keyFile: string): Promise<Buffer[]> {
  const { mode } = await stat(keyFile)
  if ((mode & 0o077) !== 0)
    throw new SecretTrouble(
      `The key file ${keyFile} can be read or written by other users (mode ${(mode & 0o777).toString(8)}). Run: chmod 600 ${keyFile}`,
    )
  const lines = (await readFile(keyFile, 'utf8')).split('\n').map(line => line.trim())
  const keys = lines.filter(line => line !== '' && !line.startsWith('#'))
  if (keys.length === 0)
    throw new SecretTrouble(
      `The key file ${keyFile} is empty. Put your copy back; or delete it, and enter all secrets again.`,
    )
  return keys.map(line => decode(line, `The key file ${keyFile}`))
}

function decode(text: string, where: string): Buffer {
  const trimmed = text.trim()
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex')
  // 43 signs and an end mark are 32 bytes; base64url is read too.
  if (/^[\w+/-]{43}=?$/.test(trimmed)) return Buffer.from(trimmed, 'base64')
  throw new SecretTrouble(
    `${where} holds a key that is not 32 bytes in base64 or hex. Make one with: openssl rand -base64 32`,
  )
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
