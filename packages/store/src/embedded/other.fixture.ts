import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

export interface Other {
  url: string
  adopted: boolean
  process: ChildProcess
}

/** A Linchpin in a process and a process group of its own. */
export async function startLinchpin(dataDir: string): Promise<Other> {
  const fixture = fileURLToPath(new URL('./linchpin.fixture.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', fixture, dataDir], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { ...(JSON.parse(await firstLine(child)) as { url: string; adopted: boolean }), process: child }
}

export async function firstLine(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  for await (const line of lines) return line
  throw new Error('The process ended without a word.')
}

export async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  await new Promise(resolve => child.once('exit', resolve))
}

export async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end().catch(() => {})
  }
}
