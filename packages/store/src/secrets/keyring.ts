import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { readKeys } from './keys.ts'
import { SecretTrouble } from './trouble.ts'

/** Whose secret, and which: `{ connection: 'shop', name: 'consumerSecret' }`. Part of the seal: a swap does not open. */
export interface SecretName {
  connection: string
  name: string
}

export interface Keyring {
  /** `v1.<key id>.<nonce>.<ciphertext and tag>`, in base64url: AES-256-GCM by the newest key. */
  seal: (whose: SecretName, secret: string) => string
  /** Throws SecretTrouble, which names the secret and what to do, never its content. */
  open: (whose: SecretName, sealed: string) => string
  /** Whether it was sealed by an older key than the newest: open it, seal it again, save it. */
  needsRotation: (sealed: string) => boolean
}

export interface KeyringOptions {
  /** What LINCHPIN_KEY holds: 32 bytes in base64 or hex. Several, newest first, are parted by commas. */
  key?: string | undefined
  /** Its keys open too. It is made, with a new key, when it is not there and no `key` is given. */
  keyFile: string
}

/** Throws SecretTrouble when a key is malformed, or other users can read the file. */
export async function openKeyring(options: KeyringOptions): Promise<Keyring> {
  const keys = (await readKeys(options)).map(key => ({ id: keyId(key), key }))
  const newest = keys[0] as Key
  return {
    seal: (whose, secret) => seal(newest, whose, secret),
    open: (whose, sealed) => open(keys, whose, sealed),
    needsRotation: sealed => parse(sealed)?.id !== newest.id,
  }
}

interface Key {
  id: string
  key: Buffer
}

/** Tells keys apart without telling anything about them. */
function keyId(key: Buffer): string {
  return createHash('sha256').update('linchpin key id').update(key).digest('hex').slice(0, 8)
}

const [nonceBytes, tagBytes] = [12, 16]

function seal({ id, key }: Key, whose: SecretName, secret: string): string {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(context(id, whose))
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return ['v1', id, nonce.toString('base64url'), sealed.toString('base64url')].join('.')
}

function open(keys: Key[], whose: SecretName, sealed: string): string {
  const title = `The secret ${whose.name} of connection ${whose.connection}`
  const parts = parse(sealed)
  if (parts === null)
    throw new SecretTrouble(`${title} is not in a form that this Linchpin knows. Enter it again.`)
  const key = keys.find(({ id }) => id === parts.id)
  if (key === undefined)
    throw new SecretTrouble(
      `${title} was sealed by key ${parts.id}, and here are only ${keys.map(({ id }) => id).join(', ')}. Put that key back (LINCHPIN_KEY or the key file, older keys after the newest), or enter the secret again.`,
    )
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.key, parts.nonce, { authTagLength: tagBytes })
    decipher.setAAD(context(key.id, whose)).setAuthTag(parts.tag)
    return Buffer.concat([decipher.update(parts.text), decipher.final()]).toString('utf8')
  } catch {
    // Node's own words add nothing, and the less is said about why the better.
    throw new SecretTrouble(
      `${title} was changed in the database, or belongs to another secret. Enter it again.`,
    )
  }
}

function context(id: string, { connection, name }: SecretName): Buffer {
  return Buffer.from(JSON.stringify(['v1', id, connection, name]))
}

function parse(sealed: string): { id: string; nonce: Buffer; text: Buffer; tag: Buffer } | null {
  const [, id, nonce, rest] = /^v1\.([0-9a-f]{8})\.([\w-]+)\.([\w-]+)$/.exec(sealed) ?? []
  if (id === undefined || nonce === undefined || rest === undefined) return null
  const bytes = Buffer.from(rest, 'base64url')
  const parts = {
    id,
    nonce: Buffer.from(nonce, 'base64url'),
    text: bytes.subarray(0, -tagBytes),
    tag: bytes.subarray(-tagBytes),
  }
  return parts.nonce.length === nonceBytes && bytes.length >= tagBytes ? parts : null
}
