import { spawnSync } from 'node:child_process'

/** Installs Debian's nats-server where it is missing. Answers why this machine or user cannot, or null when it is there. */
export function installNats(log: (line: string) => void): string | null {
  if (isThere()) return null
  if (process.getuid?.() !== 0) return 'nats-server is missing, and only root can install it (apt-get)'
  if (spawnSync('apt-get', ['--version']).error) return 'nats-server is missing, and there is no apt-get here'
  log('installing nats-server')
  for (const args of [
    ['update', '-q', '-o', 'Acquire::Retries=3'],
    ['install', '-q', '-y', '-o', 'Acquire::Retries=3', '--no-install-recommends', 'nats-server'],
  ]) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const { status, stderr } = spawnSync('apt-get', args, { env, encoding: 'utf8' })
    if (status !== 0) throw new Error(`apt-get ${args[0]} failed: ${stderr.trim().split('\n').at(-1)}`)
  }
  return null
}

const isThere = () => spawnSync('nats-server', ['--version']).status === 0
