import { expect, test } from 'vitest'
import type { Client } from './client.ts'
import { replayFlow, syncFlow } from './pages.ts'

/** Some lists tell a record more than once. */
const PAGES: Readonly<Record<string, { ids: string[]; next: string | null }>> = {
  '': { ids: ['1', '2'], next: 'second' },
  second: { ids: ['2', '3'], next: 'third' },
  third: { ids: ['4'], next: null },
}
const asked: object[] = []
const answer = (input: { cursor?: string | null }) => {
  asked.push(input)
  const page = PAGES[input.cursor ?? '']
  if (page === undefined) throw new Error('The cursor is none that this request was answered with.')
  return page
}
const client = {
  sync: async (input: object) => ({ ...answer(input), owed: 2 }),
  replay: async (input: object) => ({ ...answer(input), rows: 100, owed: 2, held: true }),
} as unknown as Client
const ignore = () => {}

test('all pages are read, each once, and a record that stands in two of them is counted once', async () => {
  asked.length = 0
  const told: object[] = []
  const came = await syncFlow(client, { flow: 'f' }, { at: so => told.push(so) })
  expect(came).toEqual({ read: 4, owed: 6, next: null })
  expect(asked).toEqual([{ flow: 'f' }, { flow: 'f', cursor: 'second' }, { flow: 'f', cursor: 'third' }])
  expect(told).toEqual([
    { read: 2, owed: 2, next: 'second' },
    { read: 3, owed: 4, next: 'third' },
    { read: 4, owed: 6, next: null },
  ])
})

test('whoever stops is told where, and goes on there', async () => {
  const stopping = new AbortController()
  const first = await syncFlow(client, { flow: 'f' }, { stop: stopping.signal, at: () => stopping.abort() })
  expect(first).toEqual({ read: 2, owed: 2, next: 'second' })
  const rest = await syncFlow(client, { flow: 'f' }, { from: 'second', at: ignore })
  expect(rest).toEqual({ read: 3, owed: 4, next: null })
})

test('a replay counts what came since then, and tells how much was looked at for it', async () => {
  const looked: number[] = []
  const request = { name: 'f', since: '2026-11-01T00:00:00Z', dryRun: true }
  const came = await replayFlow(client, request, { at: ({ read }) => looked.push(read) })
  expect(came).toEqual({ records: 4, owed: 6, held: true, next: null })
  expect(looked).toEqual([100, 200, 300])
})
