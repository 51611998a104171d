import { fork } from 'node:child_process'
import { existsSync, readFileSync, rmSync, mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { builtConsole } from '../build.ts'

interface Chunk {
  readonly file: string
  readonly imports?: readonly string[]
  readonly isEntry?: boolean
}

const cache = mkdtempSync(join(tmpdir(), 'linchpin-console-'))
let folder: string
let manifest: Readonly<Record<string, Chunk>>
beforeAll(async () => {
  folder = await builtConsole(cache)
  manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as typeof manifest
})
afterAll(() => rmSync(cache, { recursive: true }))

/** A chunk and everything that must be there before it runs. */
function withImports(name: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(name)) return seen
  seen.add(name)
  for (const each of manifest[name]?.imports ?? []) withImports(each, seen)
  return seen
}

test('the first screen needs at most 250 kB of compressed script', () => {
  const [entry = ''] = Object.entries(manifest).find(([, chunk]) => chunk.isEntry) ?? []
  const files = [...withImports(entry)].map(name => manifest[name]?.file ?? '')
  const bytes = files.reduce((sum, file) => sum + statSync(join(folder, `${file}.gz`)).size, 0)
  expect(bytes).toBeGreaterThan(50_000)
  expect(bytes).toBeLessThan(250_000)
})

test('what was built is not built again', async () => {
  const before = statSync(folder).mtimeMs
  expect(await builtConsole(cache)).toBe(folder)
  expect(statSync(folder).mtimeMs).toBe(before)
})

test('who builds for somebody who is gone stops', async () => {
  const child = fork(fileURLToPath(new URL('../builder.js', import.meta.url)), [join(cache, 'nobody')], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const ended = new Promise(resolve => child.once('exit', resolve))
  await new Promise(resolve => child.once('spawn', resolve))
  // As when the other process was killed: its end of the line is closed.
  child.disconnect()
  expect(await ended).toBe(1)
  expect(existsSync(join(cache, 'nobody/index.html'))).toBe(false)
})

test('its page holds no script of its own, so that a strict policy can forbid such', () => {
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  expect([...page.matchAll(/<script[^>]*>/g)].every(([tag]) => tag.includes('src='))).toBe(true)
})
