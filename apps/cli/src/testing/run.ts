import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'
import { main } from '../main.ts'

export interface Ran {
  readonly exit: number
  readonly out: string
  readonly err: string
  /** What stands on standard output, as JSON. */
  readonly data: () => unknown
}

type Environment = Readonly<Record<string, string | undefined>>

/** The command line in this process: its output caught, in a folder and with an environment of its own. */
export async function run(
  args: readonly string[],
  { folder, environment = {} }: { folder: string; environment?: Environment },
): Promise<Ran> {
  let [out, err] = ['', '']
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(text => ((out += String(text)), true)),
    vi.spyOn(process.stderr, 'write').mockImplementation(text => ((err += String(text)), true)),
    vi.spyOn(process, 'cwd').mockReturnValue(folder),
  ]
  const before = { ...process.env }
  for (const [name, value] of Object.entries(environment)) process.env[name] = value
  try {
    process.exitCode = undefined
    await main(['node', 'linchpin', ...args])
    return { ...ran(Number(process.exitCode ?? 0), out, err) }
  } finally {
    process.exitCode = undefined
    process.env = before
    for (const spy of spies) spy.mockRestore()
  }
}

const PROGRAM = fileURLToPath(new URL('../../bin/linchpin.js', import.meta.url))

/** The command line as people start it: a process of its own. */
export function spawned(
  args: readonly string[],
  { folder, environment = {}, input = '' }: { folder: string; environment?: Environment; input?: string },
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: folder,
      env: { ...process.env, ...environment },
    })
    let [out, err] = ['', '']
    child.stdout.on('data', chunk => (out += String(chunk)))
    child.stderr.on('data', chunk => (err += String(chunk)))
    child.on('error', reject)
    child.on('close', code => resolve(ran(code ?? -1, out, err)))
    child.stdin.end(input)
  })
}

function ran(exit: number, out: string, err: string): Ran {
  return { exit, out, err, data: () => JSON.parse(out) as unknown }
}
