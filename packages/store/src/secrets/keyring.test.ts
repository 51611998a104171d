import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openKeyring } from './keyring.ts'
import { addKey, dropOlderKeys } from './keys.ts'

const whose = { connection: 'shop', name: 'consumerSecret' }
const [keyA, keyB] = ['a'.repeat(64), Buffer.alloc(32, 7).toString('base64')]

let folder: string
let keyFile: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyring-'))
  keyFile = join(folder, 'keys/linchpin.key')
})
afterEach(() => rm(folder, { recursive: true }))

test('what was sealed opens again, whatever it is, and no two seals are alike', async () => {
  const ring = await openKeyring({ keyFile })
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), secret => {
      const sealed = ring.seal(whose, secret)
      expect(sealed).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]+$/)
      expect(ring.open(whose, sealed)).toBe(secret)
      expect(ring.seal(whose, secret)).not.toBe(sealed)
    }),
  )
})

test('a seal does not open for another connection or another name', async () => {
  const ring = await openKeyring({ keyFile })
  const sealed = ring.seal(whose, 'hunter2')
  const others = [
    { ...whose, connection: 'erp' },
    { ...whose, name: 'consumerKey' },
    { connection: 'sho', name: 'pconsumerSecret' },
  ]
  for (const other of others) {
    const opening = () => ring.open(other, sealed)
    expect(opening).toThrow(`The secret ${other.name} of connection ${other.connection} was changed`)
    expect(opening).not.toThrow('hunter2')
  }
})

test('a seal with any sign changed does not open', async () => {
  const ring = await openKeyring({ keyFile })
  const sealed = ring.seal(whose, 'hunter2')
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = sealed.slice(0, index) + (sealed[index] === 'A' ? 'B' : 'A') + sealed.slice(index + 1)
    // The last sign of base64 carries bits that mean nothing.
    if (Buffer.from(changed.split('.')[3] ?? '', 'base64url').equals(bytesOf(sealed)) && index > 40) continue
    expect(() => ring.open(whose, changed)).toThrow('Enter it again')
  }
})

test('the newest key seals, all keys open, and what is to be sealed again is known', async () => {
  const old = await openKeyring({ key: keyA, keyFile })
  const sealed = old.seal(whose, 'hunter2')
  const both = await openKeyring({ key: `${keyB}, ${keyA}`, keyFile })
  expect(old.needsRotation(sealed)).toBe(false)
  expect(both.needsRotation(sealed)).toBe(true)
  expect(both.open(whose, sealed)).toBe('hunter2')
  const again = both.seal(whose, both.open(whose, sealed))
  expect(both.needsRotation(again)).toBe(false)
  expect((await openKeyring({ key: keyB, keyFile })).open(whose, again)).toBe('hunter2')
})

test('a key added to the file seals, and the older one opens until it is dropped', async () => {
  const sealed = (await openKeyring({ keyFile })).seal(whose, 'hunter2')
  await addKey(keyFile)
  const rotated = await openKeyring({ keyFile })
  expect(rotated.open(whose, sealed)).toBe('hunter2')
  expect(rotated.needsRotation(sealed)).toBe(true)
  const again = rotated.seal(whose, 'hunter2')
  await dropOlderKeys(keyFile)
  const last = await openKeyring({ keyFile })
  expect(last.open(whose, again)).toBe('hunter2')
  expect(() => last.open(whose, sealed)).toThrow('Put that key back')
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600)
})

test('what a missing key sealed says which key is missing, and not what it sealed', async () => {
  const sealed = (await openKeyring({ key: keyA, keyFile })).seal(whose, 'hunter2')
  const other = await openKeyring({ key: keyB, keyFile })
  const keyId = sealed.split('.')[1] ?? ''
  expect(() => other.open(whose, sealed)).toThrow(
    `The secret consumerSecret of connection shop was sealed by key ${keyId}, and here are only`,
  )
  expect(() => other.open(whose, sealed)).not.toThrow('hunter2')
})

test('a key file is made once, for its owner only, even by many at once', async () => {
  const rings = await Promise.all(Array.from({ length: 8 }, () => openKeyring({ keyFile })))
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600)
  expect(await readdir(join(folder, 'keys'))).toEqual(['linchpin.key'])
  const read = await openKeyring({ keyFile })
  for (const ring of rings) expect(read.open(whose, ring.seal(whose, 'hunter2'))).toBe('hunter2')
})

test('with a key in the environment no file is made, and a file that is there still opens', async () => {
  const withFile = (await openKeyring({ keyFile })).seal(whose, 'hunter2')
  expect((await openKeyring({ key: keyA, keyFile })).open(whose, withFile)).toBe('hunter2')
  await openKeyring({ key: keyA, keyFile: join(folder, 'none.key') })
  expect(await readdir(folder)).toEqual(['keys'])
})

test('a key file that others can read is refused with the command that mends it', async () => {
  await openKeyring({ keyFile })
  await chmod(keyFile, 0o640)
  await expect(openKeyring({ keyFile })).rejects.toThrow(`(mode 640). Run: chmod 600 ${keyFile}`)
})

test('a malformed key is refused and not shown', async () => {
  await expect(openKeyring({ key: 'tooshort', keyFile })).rejects.toThrow('LINCHPIN_KEY holds a key')
  await expect(openKeyring({ key: 'tooshort', keyFile })).rejects.not.toThrow('tooshort')
  await openKeyring({ keyFile })
  await writeFile(keyFile, `${await readFile(keyFile, 'utf8')}nonsense\n`)
  await expect(openKeyring({ keyFile })).rejects.toThrow('openssl rand -base64 32')
  await writeFile(keyFile, '')
  await expect(openKeyring({ keyFile })).rejects.toThrow('is empty')
})

function bytesOf(sealed: string): Buffer {
  return Buffer.from(sealed.split('.')[3] ?? '', 'base64url')
}
