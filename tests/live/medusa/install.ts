import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ended } from '../support/process.ts'

const packages = { '@medusajs/cli': '2.21.2', '@medusajs/framework': '2.21.2', '@medusajs/medusa': '2.21.2' }

/** Installs Medusa once (two minutes, 800 MB) and uses it again as long as the versions stay. */
export async function install(dir: string, log: (line: string) => void): Promise<string> {
  const folder = join(dir, 'install')
  const stamp = join(folder, '.installed')
  const wanted = JSON.stringify(packages)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return folder
  log('Installing Medusa from npm; this takes a while.')
  mkdirSync(folder, { recursive: true })
  const manifest = { name: 'live-medusa', private: true, dependencies: packages }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2))
  const npm = spawn('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await ended(npm)
  if (npm.exitCode !== 0) throw new Error(`npm install of Medusa ended with ${npm.exitCode}.`)
  writeFileSync(stamp, wanted)
  return folder
}
