import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ended } from '../support/process.ts'

const packages = { '@vendure/asset-server-plugin': '3.7.3', '@vendure/core': '3.7.3', pg: '8.23.1' }

/** Installs Vendure once (half a minute, 250 MB) and uses it again as long as the versions stay. */
export async function install(dir: string, log: (line: string) => void): Promise<string> {
  const folder = join(dir, 'install')
  const stamp = join(folder, '.installed')
  const wanted = JSON.stringify(packages)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return folder
  log('Installing Vendure from npm; this takes a while.')
  mkdirSync(folder, { recursive: true })
  const manifest = { name: 'live-vendure', private: true, dependencies: packages }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2))
  const npm = spawn('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await ended(npm)
  if (npm.exitCode !== 0) throw new Error(`npm install of Vendure ended with ${npm.exitCode}.`)
  writeFileSync(stamp, wanted)
  return folder
}
