import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { openSync } from 'node:fs'

/** Neither PostgreSQL nor a web server should run as root: they run as `user`, or as ourselves when we are not root. */
export const user = process.getuid?.() === 0 ? 'postgres' : null

/** Runs a command to its end and answers what it printed. Throws with the last lines of its complaint. */
export function run(
  command: readonly string[],
  more: { env?: NodeJS.ProcessEnv; input?: string } = {},
): string {
  const [program = '', ...args] = asUser(command)
  const result = spawnSync(program, args, {
    env: { ...process.env, ...more.env },
    input: more.input,
    encoding: 'utf8',
    cwd: '/tmp',
    maxBuffer: 256 * 1024 * 1024,
  })
  if (result.error) throw result.error
  if (result.status !== 0)
    throw new Error(`${command.join(' ')} failed:\n${result.stderr.trim().split('\n').slice(-12).join('\n')}`)
  return result.stdout
}

/** Starts a server that the kernel ends with `signal` when we die, however we die. */
export function start(
  command: readonly string[],
  more: { env?: NodeJS.ProcessEnv; logFile: string; signal: 'INT' | 'TERM' },
): ChildProcess {
  const [program = '', ...args] = asUser(command, ['--pdeathsig', more.signal])
  const output = openSync(more.logFile, 'a')
  return spawn(program, args, {
    env: { ...process.env, ...more.env },
    stdio: ['ignore', output, output],
    cwd: '/tmp',
  })
}

export async function stopped(child: ChildProcess, signal: 'SIGINT' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  await new Promise<void>(resolve => {
    child.once('exit', () => resolve())
    child.kill(signal)
  })
}

function asUser(command: readonly string[], options: readonly string[] = []): string[] {
  const become = user === null ? [] : ['--reuid', user, '--regid', user, '--init-groups']
  return become.length + options.length === 0 ? [...command] : ['setpriv', ...become, ...options, ...command]
}
