import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The peers, at pinned versions, in a folder of their own that git does not see. */
const PEERS = fileURLToPath(new URL('peers', import.meta.url))

/** The newest that run on Node 20. n8n names a tarball of another host; the version that npm has serves as well. */
export const versions = {
  libraries: { dependencies: { bullmq: '5.61.0', 'graphile-worker': '0.17.3', 'pg-boss': '10.4.2' } },
  'node-red': { dependencies: { 'node-red': '4.1.8' } },
  n8n: { dependencies: { n8n: '2.8.4' }, overrides: { xlsx: '0.18.5' } },
} as const

/** Installs once, and uses it again as long as the versions stay. Throws with npm's words when it cannot. */
export async function installPeers(name: keyof typeof versions, log: (line: string) => void): Promise<void> {
  const folder = join(PEERS, name)
  const stamp = join(folder, '.installed')
  const manifest = JSON.stringify({ name: 'bench-peers', private: true, ...versions[name] }, null, 2)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === manifest) return
  log(`installing ${Object.keys(versions[name].dependencies).join(', ')} from npm`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), manifest)
  await npmInstall(folder)
  writeFileSync(stamp, manifest)
}

function npmInstall(folder: string): Promise<void> {
  const npm = spawn(
    'npm',
    ['install', '--no-audit', '--no-fund', '--ignore-scripts=false', '--loglevel=error'],
    {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  let said = ''
  npm.stderr.on('data', (piece: Buffer) => (said = `${said}${piece.toString()}`.slice(-500)))
  return new Promise((resolve, reject) => {
    npm.once('exit', code =>
      code === 0 ? resolve() : reject(new Error(`npm install failed: ${said.trim()}`)),
    )
  })
}

const REDIS = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1']

/** Debian's redis-server, unpacked beside the other peers unless the machine has one: no root, no service. */
export function installRedis(log: (line: string) => void): Readonly<Record<string, string>> {
  if (spawnSync('redis-server', ['--version']).status === 0) return {}
  const folder = join(PEERS, 'redis')
  const program = join(folder, 'usr/bin/redis-check-rdb')
  if (!existsSync(program)) unpack(folder, log)
  const libraries = join(folder, 'usr/lib', `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`)
  return { BENCH_REDIS: join(folder, 'usr/bin/redis-server'), LD_LIBRARY_PATH: libraries }
}

function unpack(folder: string, log: (line: string) => void): void {
  log('unpacking redis-server from Debian')
  mkdirSync(folder, { recursive: true })
  const fetched = spawnSync('apt-get', ['download', '-q', ...REDIS], { cwd: folder, encoding: 'utf8' })
  if (fetched.status !== 0)
    throw new Error('redis-server could not be had: no Debian packages on this machine')
  for (const file of readdirSync(folder).filter(name => name.endsWith('.deb')))
    spawnSync('dpkg', ['-x', file, '.'], { cwd: folder })
}
