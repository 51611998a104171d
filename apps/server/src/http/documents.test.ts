import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDocuments } from '../documents.ts'
import { raw } from '../testing/raw.ts'
import { openRig, type Rig } from '../testing/rig.ts'
import { listen, type Listening } from './server.ts'

const DAY_MS = 86_400_000
const PDF = Buffer.from('%PDF-1.4 an invoice')
const key = Buffer.alloc(32, 7)
const long = `${'a-very-long-id-'.repeat(8)}1`
let rig: Rig
let door: Listening
let now = Date.now()
const documentsBy = (secret: Uint8Array) =>
  createDocuments({ store: rig.linchpin.store, key: secret, publicUrl: door.url, linkDays: 90 })

beforeAll(async () => {
  rig = await openRig({ config: { flows: [] } })
  const { store } = rig.linchpin
  for (const id of ['1', '2', long]) {
    const file = { name: `Rechnung "ä" ${id}.pdf`, mediaType: 'application/pdf', sha256: '', bytes: PDF }
    await store.saveFile({ connection: 'erp', entity: 'Invoice', id }, file, now)
  }
  const linchpin = () => ({ ...rig.linchpin, now: () => now, documents: documentsBy(key) })
  door = await listen(linchpin, { host: '127.0.0.1', port: 0, token: 'x', log: pino({ level: 'silent' }) })
})
afterAll(async () => {
  await door.close()
  await rig.close()
})
const linkTo = async (id: string) => (await documentsBy(key).urlOf('erp', 'Invoice', id)) ?? ''

test('a customer opens the document by its link, without signing in, however long its id is', async () => {
  for (const id of ['1', long]) {
    const { status, headers, text } = await raw(await linkTo(id))
    expect([status, text]).toEqual([200, PDF.toString()])
    expect(headers).toMatchObject({
      'content-type': 'application/pdf',
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    })
    expect(headers['content-disposition']).toMatch(/^inline; filename\*=UTF-8''Rechnung%20%22%C3%A4%22/)
  }
})

test('a link is the same whenever it is asked for, and another for each document', async () => {
  expect(await linkTo('1')).toBe(await linkTo('1'))
  expect(await linkTo('1')).not.toBe(await linkTo('2'))
  expect(await documentsBy(key).urlOf('erp', 'Invoice', 'none')).toBeNull()
})

test('forged, for another document, by another key, expired and gone: all are answered alike', async () => {
  const [own, other] = [await linkTo('1'), await linkTo('2')]
  const [claim = '', signature = ''] = own.split('/').at(-1)?.split('.') ?? []
  const [otherClaim = ''] = other.split('/').at(-1)?.split('.') ?? []
  const flip = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1)
  const foreign = (await documentsBy(Buffer.alloc(32, 8)).urlOf('erp', 'Invoice', '1')) ?? ''
  const tokens = [
    `${otherClaim}.${signature}`,
    `${claim}.${flip(signature)}`,
    `${flip(claim)}.${signature}`,
    `${claim}.${signature}.x`,
    claim,
    `.${signature}`,
    `${claim}.`,
    'x',
    foreign.split('/').at(-1) ?? '',
  ]
  const answers = []
  for (const token of tokens) answers.push(await raw(`${door.url}/documents/${token}`))
  now += 92 * DAY_MS
  answers.push(await raw(own))
  now -= 92 * DAY_MS
  const alike = answers.map(({ status, text, headers }) => [status, text, headers['content-type']])
  expect(new Set(alike.map(each => JSON.stringify(each))).size).toBe(1)
  expect(alike[0]?.[0]).toBe(404)
  expect((await raw(own)).status).toBe(200)
})

test('a link holds for its days, and not much longer', async () => {
  const link = await linkTo('1')
  const began = now
  now = began + 90 * DAY_MS
  expect((await raw(link)).status).toBe(200)
  now = began + 91 * DAY_MS
  expect((await raw(link)).status).toBe(404)
  now = began
})
