import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openKeyring } from '@linchpin/store'
import { afterAll, expect, test } from 'vitest'
import { resolveSettings, resolveValue } from './resolve.ts'

const folder = mkdtempSync(join(tmpdir(), 'linchpin-resolve-'))
afterAll(() => rmSync(folder, { recursive: true }))
const none = { environment: {}, sealed: null }

test('a value comes from the environment, or from the file that NAME_FILE names', async () => {
  const file = join(folder, 'secret')
  writeFileSync(file, 'from-a-file\n')
  const environment = { URL: 'https://a.example', KEY_FILE: file, EMPTY: '' }
  const settings = { url: { env: 'URL' }, key: { secret: 'KEY' }, plain: 3, deep: { key: { env: 'URL' } } }
  expect(await resolveSettings('erp', settings, { environment, sealed: null })).toEqual({
    url: 'https://a.example',
    key: 'from-a-file',
    plain: 3,
    deep: { key: 'https://a.example' },
  })
})

test('a secret that the environment does not have is looked for among the sealed ones', async () => {
  const keyring = await openKeyring({ keyFile: join(folder, 'key') })
  const whose = { connection: 'erp', name: 'apiKey' }
  const store = {
    secret: async (connection: string, name: string) =>
      connection === 'erp' && name === 'apiKey' ? keyring.seal(whose, 'hunter2') : null,
  }
  const sealed = { store, keyring }
  const settings = { apiKey: { secret: 'KEY' } }
  expect(await resolveSettings('erp', settings, { environment: {}, sealed })).toEqual({ apiKey: 'hunter2' })
  const environment = { KEY: 'newer' }
  expect(await resolveSettings('erp', settings, { environment, sealed })).toEqual({ apiKey: 'newer' })
  // What is not called a secret is not looked for among them.
  const asked = { apiKey: { env: 'KEY' } }
  await expect(resolveSettings('erp', asked, { environment: {}, sealed })).rejects.toThrow(
    'KEY, which is not set',
  )
})

test('everything that is missing is named at once, with how to give it', async () => {
  const settings = { url: { env: 'URL' }, apiKey: { secret: 'KEY' } }
  const missing = resolveSettings('erp', settings, none)
  await expect(missing).rejects.toThrow(
    'connections.erp.settings.url comes from the environment variable URL',
  )
  await expect(missing).rejects.toThrow('Set KEY or KEY_FILE, or enter it: linchpin secret set erp apiKey')
})

test('a file that is named and not there is told, and no database is taken for another', () => {
  const reference = { env: 'DB' }
  expect(() => resolveValue('database', reference, {})).toThrow(
    'database comes from the environment variable DB',
  )
  expect(() => resolveValue('database', reference, { DB_FILE: '/nowhere' })).toThrow(
    'DB_FILE names /nowhere, which is not there',
  )
  expect(resolveValue('database', reference, { DB: 'postgres://db' })).toBe('postgres://db')
})
