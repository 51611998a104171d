import { spawn } from 'node:child_process'
import type { Account } from './account.ts'

export interface Ended {
  code: number
  output: string
}

/** Runs a program to its end. Never rejects: a program that cannot be started ended with code -1 and the reason. */
export function run(
  program: string,
  args: string[],
  { account, cwd }: { account: Account; cwd: string },
): Promise<Ended> {
  return new Promise(resolve => {
    let output = ''
    const child = spawn(program, args, {
      ...account,
      cwd,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.on('data', chunk => (output += String(chunk)))
    child.stderr.on('data', chunk => (output += String(chunk)))
    child.on('error', error => resolve({ code: -1, output: `${output}${error.message}` }))
    child.on('close', code => resolve({ code: code ?? -1, output }))
  })
}

/** English words in the log whatever the machine speaks, because we read them; times in UTC. Nothing of ours leaks in. */
export function environment(more: Record<string, string> = {}): Record<string, string> {
  return { PATH: '/usr/bin:/bin', TZ: 'UTC', LC_ALL: 'C', ...more }
}
